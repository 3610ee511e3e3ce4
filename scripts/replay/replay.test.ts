import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { timeOf } from './log-files.js';
import { serviceOfPod } from './nezha.js';
import { toRequests } from './otlp.js';
import { replay } from './replay.js';
import type { DataSet, ReplayLog } from './signals.js';
import { compare } from './verify.js';

function logAt(seconds: number, service = 'shop'): ReplayLog {
  return {
    kind: 'log',
    at: BigInt(seconds) * 1_000_000_000n,
    service,
    instance: `${service}-1`,
    severity: 'INFO',
    body: `line at ${seconds}`,
    traceId: '',
    spanId: '',
    attributes: {},
  };
}

function virtualTime() {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const sent: { at: number; body: string }[] = [];
  return {
    sent,
    now: () => now,
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
    fetch: (_url: unknown, init?: { body?: unknown }) => {
      sent.push({ at: now, body: gunzipSync(init?.body as Uint8Array).toString() });
      return Promise.resolve(new Response('{}', { status: 200 }));
    },
  };
}

const data: DataSet = {
  name: 'test',
  signals: [logAt(0), logAt(10), logAt(20), logAt(60, 'pay')],
  skipped: {},
};
const common = { url: 'http://x', key: undefined, environment: 'test', replayId: 'R' };

describe('replay', () => {
  it('keeps its own pace, and the last signal happens when it is sent', async () => {
    const time = virtualTime();
    const started = time.now();
    const report = await replay(data, { ...common, ...time, fetch: time.fetch, speed: 1 });
    expect(time.sent.map(({ at }) => (at - started) / 1000)).toEqual([0, 10, 20, 60]);
    expect(Date.parse(report.from)).toBe(started);
    expect(Date.parse(report.to)).toBe(started + 60_000);
    expect(report.services).toEqual({
      shop: { logs: 3, spans: 0, gauges: 0 },
      pay: { logs: 1, spans: 0, gauges: 0 },
    });
  });

  it('goes N times as fast and ends now', async () => {
    const time = virtualTime();
    const started = time.now();
    const report = await replay(data, { ...common, ...time, fetch: time.fetch, speed: 6 });
    expect(time.now() - started).toBe(10_000);
    expect(Date.parse(report.to)).toBe(started + 10_000);
    expect(Date.parse(report.to) - Date.parse(report.from)).toBe(60_000);
  });

  it('retries what is retryable, as Retry-After says, and gives up on what is not', async () => {
    const time = virtualTime();
    let attempts = 0;
    const busy = ((...args: Parameters<typeof time.fetch>) =>
      ++attempts < 3
        ? Promise.resolve(new Response('', { status: 503, headers: { 'retry-after': '2' } }))
        : time.fetch(...args)) as typeof fetch;
    const before = time.now();
    await replay({ ...data, signals: [logAt(1)] }, { ...common, ...time, fetch: busy, speed: Infinity });
    expect(attempts).toBe(3);
    expect(time.now() - before).toBe(4000);

    const refusing = (() => Promise.resolve(new Response('no key', { status: 401 }))) as typeof fetch;
    await expect(replay(data, { ...common, ...time, fetch: refusing, speed: Infinity })).rejects.toThrow(
      /refused.*401 no key/,
    );
  });
});

it('groups a request by pod, with shifted nanoseconds', () => {
  const [request] = toRequests([logAt(1), logAt(2, 'pay')], 5n, { environment: 'e', replayId: 'R' });
  const body = JSON.parse(gunzipSync(request?.body ?? Buffer.alloc(0)).toString());
  expect(body.resourceLogs).toHaveLength(2);
  expect(body.resourceLogs[0].scopeLogs[0].logRecords[0].timeUnixNano).toBe('1000000005');
});

it.each([
  ['ts-travel2-service-5c66d57d58-6mp2b', 'ts-travel2-service'],
  ['ts-order-service-5b67c48447-mv5hb', 'ts-order-service'],
  ['plain', 'plain'],
])('pod %s belongs to %s', (pod, service) => expect(serviceOfPod(pod)).toBe(service));

it.each([
  ['[2016-12-20 00:00:36,888] INFO x', '2016-12-20T00:00:36.888Z'],
  ['1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1', '2015-05-17T10:05:03.000Z'],
  ['Mar 27 13:06:56 host sshd[1]: x', '2015-03-27T13:06:56.000Z'],
  ['{"timestamp":1446249499322}', '2015-10-30T23:58:19.322Z'],
  ['  at java.lang.Thread', undefined],
])('time of %s', (line, expected) => {
  const at = timeOf(line);
  expect(at === undefined ? undefined : new Date(Number(at / 1_000_000n)).toISOString()).toBe(expected);
});

it('holds what was found against what was sent', () => {
  const report = { services: { a: { logs: 1, spans: 2, gauges: 0 }, b: { logs: 1, spans: 0, gauges: 0 } } };
  const found = [
    { service: 'a', logs: 1, spans: 2, joined: 1 },
    { service: 'c', logs: 1, spans: 0, joined: 0 },
  ];
  const verification = compare(report as never, found);
  expect(verification.equal).toBe(false);
  expect(verification.differences.map(({ service }) => service)).toEqual(['b', 'c']);
});
