import { describe, expect, it } from 'vitest';
import { buildLabels } from './labels.js';
import { labelName, prometheusName } from './names.js';

describe('prometheusName', () => {
  it.each([
    ['http.server.request.duration', 's', 'other', 'http_server_request_duration_seconds'],
    ['http.server.active_requests', '{request}', 'other', 'http_server_active_requests'],
    ['system.cpu.utilization', '1', 'gauge', 'system_cpu_utilization_ratio'],
    ['system.cpu.time', 's', 'counter', 'system_cpu_time_seconds_total'],
    ['requests', '1', 'counter', 'requests_total'],
    ['requests_total', '', 'counter', 'requests_total'],
    ['requests.total.count', '', 'counter', 'requests_count_total'],
    ['process.memory.usage', 'By', 'gauge', 'process_memory_usage_bytes'],
    ['memory_bytes', 'By', 'gauge', 'memory_bytes'],
    ['network.io', 'By/s', 'gauge', 'network_io_bytes_per_second'],
    ['speed', 'm/s', 'gauge', 'speed_meters_per_second'],
    ['storage.used', '%', 'gauge', 'storage_used_percent'],
    ['queue', 'widgets', 'gauge', 'queue_widgets'],
    ['2xx.count', '', 'counter', '_2xx_count_total'],
    ['a..b__c-d', '', 'gauge', 'a_b_c_d'],
    ['rule:already:there', '', 'gauge', 'rule:already:there'],
    ['größe', '', 'gauge', 'gr_e'],
    ['...', '', 'gauge', ''],
  ] as const)('%s in "%s" (%s) is %s', (name, unit, kind, expected) => {
    expect(prometheusName({ name, unit, kind })).toBe(expected);
  });
});

describe('labels', () => {
  it.each([
    ['http.route', 'http_route'],
    ['a..b', 'a_b'],
    ['1st', 'key_1st'],
    ['__name__', '_name_'],
  ])('%s is %s', (key, expected) => {
    expect(labelName(key)).toBe(expected);
  });

  it('joins keys that become one name, drops empty values, sorts, and lets later groups win', () => {
    expect(
      buildLabels(
        [
          ['b_c', '2'],
          ['b.c', '1'],
          ['job', 'mine'],
          ['empty', ''],
        ],
        [
          ['job', 'shop'],
          ['instance', ''],
        ],
      ),
    ).toEqual([
      ['b_c', '1;2'],
      ['job', 'shop'],
    ]);
  });
});
