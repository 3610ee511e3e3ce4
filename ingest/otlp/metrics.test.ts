import { describe, expect, it } from 'vitest';
import { encodeRequest, str } from '../../test/support/otlp/messages.js';
import type { Row } from '../../test/support/rowbinary-reader.js';
import { createSeriesRegistry } from './metrics/series-registry.js';
import { arrivalMs, decode, type Decoded } from './testing/decode.js';

const timeMs = arrivalMs - 1234;
const time = `${timeMs}999999`;

function metrics(
  list: object[],
  resource: object[] = [str('service.name', 'checkout')],
  scope?: object,
): Buffer {
  return encodeRequest('metrics', {
    resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope, metrics: list }] }],
  });
}

const show = (row: Row): string => {
  const labels = Object.entries(row['Labels'] as Record<string, string>).map(([k, v]) => `${k}="${v}"`);
  return `${row['Name'] as string}{${labels.join(',')}}`;
};

/** Samples as Prometheus would print them, by series. */
function samples({ rows }: Decoded): Record<string, number> {
  const names = new Map(rows.metric_series!.map((row) => [row['Id'], show(row)]));
  return Object.fromEntries(
    (rows.metric_samples ?? []).map((row) => [names.get(row['SeriesId']) ?? '?', row['Value'] as number]),
  );
}

const job = 'job="checkout"';

describe('decodeMetrics', () => {
  it('makes a counter of a monotonic sum, with all its labels', () => {
    const decoded = decode(
      'metrics',
      metrics(
        [
          {
            name: 'http.requests',
            unit: '{request}',
            description: 'Requests.',
            sum: {
              isMonotonic: true,
              aggregationTemporality: 2,
              dataPoints: [{ asInt: '41', timeUnixNano: time, attributes: [str('http.route', '/pay')] }],
            },
          },
        ],
        [
          str('service.name', 'checkout'),
          str('service.namespace', 'shop'),
          str('service.instance.id', 'pod-1'),
          str('service.version', '1.2'),
          str('deployment.environment.name', 'prod'),
          str('host.name', 'h1'),
        ],
        { name: 'lib', version: '3', attributes: [str('team', 'x')] },
      ),
    );
    expect(samples(decoded)).toEqual({
      'http_requests_total{deployment_environment_name="prod",http_route="/pay",instance="pod-1",job="shop/checkout",otel_scope_name="lib",otel_scope_team="x",otel_scope_version="3",service_version="1.2"}': 41,
      'target_info{deployment_environment_name="prod",host_name="h1",instance="pod-1",job="shop/checkout",service_version="1.2"}': 1,
    });
    expect(decoded.rows.metric_series![0]).toMatchObject({
      Name: 'http_requests_total',
      Kind: 'counter',
      Temporality: 'cumulative',
      Unit: '{request}',
      Description: 'Requests.',
      OtelName: 'http.requests',
      ServiceName: 'checkout',
      ServiceVersion: '1.2',
      Environment: 'prod',
      SeenAt: BigInt(arrivalMs),
    });
    expect(decoded.rows.metric_samples![0]!['At']).toBe(BigInt(timeMs));
    expect(decoded.report.accepted).toBe(1);
  });

  it.each([
    ['gauge', { gauge: { dataPoints: [{ asDouble: -0.5 }] } }, 'x', 'gauge', '', -0.5],
    [
      'delta',
      { sum: { isMonotonic: true, aggregationTemporality: 1, dataPoints: [{ asDouble: 2 }] } },
      'x_total',
      'counter',
      'delta',
      2,
    ],
    [
      'up and down',
      { sum: { aggregationTemporality: 2, dataPoints: [{ asInt: '-7' }] } },
      'x',
      'updowncounter',
      'cumulative',
      -7,
    ],
  ])('%s', (_, data, name, kind, temporality, value) => {
    const { rows } = decode('metrics', metrics([{ name: 'x', ...data }]));
    expect(rows.metric_series).toMatchObject([{ Name: name, Kind: kind, Temporality: temporality }]);
    expect(rows.metric_samples).toMatchObject([{ Value: value, At: BigInt(arrivalMs) }]);
  });

  it('makes cumulative buckets, a sum and a count of a histogram', () => {
    const decoded = decode(
      'metrics',
      metrics([
        {
          name: 'latency',
          unit: 's',
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [{ count: 6, sum: 3.5, bucketCounts: [1, 2, 3], explicitBounds: [0.005, 10] }],
          },
        },
      ]),
    );
    expect(samples(decoded)).toEqual({
      [`latency_seconds_bucket{${job},le="0.005"}`]: 1,
      [`latency_seconds_bucket{${job},le="10"}`]: 3,
      [`latency_seconds_bucket{${job},le="+Inf"}`]: 6,
      [`latency_seconds_sum{${job}}`]: 3.5,
      [`latency_seconds_count{${job}}`]: 6,
    });
  });

  it('takes a histogram without buckets or sum', () => {
    const decoded = decode('metrics', metrics([{ name: 'h', histogram: { dataPoints: [{ count: 2 }] } }]));
    expect(samples(decoded)).toEqual({ [`h_bucket{${job},le="+Inf"}`]: 2, [`h_count{${job}}`]: 2 });
  });

  it('makes quantiles of a summary', () => {
    const quantileValues = [
      { quantile: 0.5, value: 10 },
      { quantile: 1, value: 90 },
    ];
    const decoded = decode(
      'metrics',
      metrics([{ name: 's', summary: { dataPoints: [{ count: 3, sum: 120, quantileValues }] } }]),
    );
    expect(samples(decoded)).toEqual({
      [`s{${job},quantile="0.5"}`]: 10,
      [`s{${job},quantile="1"}`]: 90,
      [`s_sum{${job}}`]: 120,
      [`s_count{${job}}`]: 3,
    });
  });

  it('keeps the buckets of an exponential histogram', () => {
    const decoded = decode(
      'metrics',
      metrics([
        {
          name: 'e',
          unit: 'ms',
          exponentialHistogram: {
            aggregationTemporality: 2,
            dataPoints: [
              {
                count: '9007199254740993',
                sum: 12.5,
                scale: -3,
                zeroCount: 2,
                zeroThreshold: 0.25,
                min: -1,
                max: 8,
                timeUnixNano: time,
                positive: { offset: -12, bucketCounts: [1, 300, '9007199254740993'] },
                negative: { offset: 4, bucketCounts: [7] },
              },
            ],
          },
        },
      ]),
    );
    const row = decoded.rows.metric_exponential_histograms![0]!;
    const named = decoded.rows.metric_series!.find((series) => series['Id'] === row['SeriesId']);
    expect(named).toMatchObject({ Name: 'e_milliseconds', Kind: 'exponential_histogram' });
    expect(row).toMatchObject({
      At: BigInt(timeMs),
      Count: 9007199254740993n,
      Sum: 12.5,
      Scale: -3,
      ZeroCount: 2n,
      ZeroThreshold: 0.25,
      PositiveOffset: -12,
      PositiveBuckets: [1n, 300n, 9007199254740993n],
      NegativeOffset: 4,
      NegativeBuckets: [7n],
      Min: -1,
      Max: 8,
    });
    expect(samples(decoded)).toEqual({
      [`e_milliseconds_sum{${job}}`]: 12.5,
      [`e_milliseconds_count{${job}}`]: 9007199254740992,
    });
  });

  it('marks the end of a series with the stale NaN, bit for bit', () => {
    const { rows } = decode('metrics', metrics([{ name: 'x', gauge: { dataPoints: [{ flags: 1 }] } }]));
    const bits = Buffer.alloc(8);
    bits.writeDoubleLE(rows.metric_samples![0]!['Value'] as number);
    expect(bits.readBigUInt64LE()).toBe(0x7ff0000000000002n);
  });

  it.each([
    ['no value', { gauge: { dataPoints: [{}] } }, 'malformed'],
    [
      'buckets that do not fit',
      { histogram: { dataPoints: [{ bucketCounts: [1], explicitBounds: [1, 2] }] } },
      'malformed',
    ],
    [
      'bounds that fall',
      { histogram: { dataPoints: [{ bucketCounts: [1, 1, 1], explicitBounds: [2, 1] }] } },
      'malformed',
    ],
    ['bounds without buckets', { histogram: { dataPoints: [{ explicitBounds: [2] }] } }, 'malformed'],
    [
      'too many buckets',
      {
        histogram: {
          dataPoints: [
            {
              bucketCounts: Array.from({ length: 3001 }, () => 1),
              explicitBounds: Array.from({ length: 3000 }, (_, i) => i),
            },
          ],
        },
      },
      'too_large',
    ],
    [
      'too many exponential buckets',
      {
        exponentialHistogram: {
          dataPoints: [{ positive: { bucketCounts: Array.from({ length: 5000 }, () => 1) } }],
        },
      },
      'too_large',
    ],
  ] as const)('refuses a point with %s and keeps its neighbours', (_, data, reason) => {
    const { rows, report } = decode(
      'metrics',
      metrics([
        { name: 'bad', ...data },
        { name: 'good', gauge: { dataPoints: [{ asInt: 1 }] } },
      ]),
    );
    expect([report.accepted, report.rejected, report.rejects[reason]]).toEqual([1, 1, 1]);
    expect(report.message()).toContain('metric "bad"');
    expect(rows.metric_samples).toHaveLength(1);
  });

  it('refuses points without a name', () => {
    const { report } = decode(
      'metrics',
      metrics([{ name: '', gauge: { dataPoints: [{ asInt: 1 }, { asInt: 2 }] } }]),
    );
    expect(report.rejected).toBe(2);
  });

  it('tells processes apart that have no service.instance.id', () => {
    const of = (...attributes: object[]): Row =>
      decode('metrics', metrics([{ name: 'x', gauge: { dataPoints: [{ asInt: 1 }] } }], attributes)).rows
        .metric_series![0]!;
    const host = str('host.name', 'h');
    expect(of(host, str('process.pid', '7'))['Labels']).toMatchObject({ instance: 'h:7' });
    expect(of(host, str('k8s.pod.name', 'p'))['Labels']).toMatchObject({ instance: 'p' });
    expect(of(host)['Id']).not.toBe(of(str('host.name', 'i'))['Id']);
  });

  it('accepts the old instrumentation_library_metrics', () => {
    const bytes = encodeRequest('metrics', {
      resourceMetrics: [
        {
          instrumentationLibraryMetrics: [
            { metrics: [{ name: 'old', gauge: { dataPoints: [{ asInt: 1 }] } }] },
          ],
        },
      ],
    });
    expect(decode('metrics', bytes).rows.metric_samples).toHaveLength(1);
  });
});

describe('announcing series', () => {
  const bytes = metrics([
    {
      name: 'x',
      gauge: { dataPoints: [{ asInt: 1 }, { asInt: 2 }, { asInt: 1, attributes: [str('a', 'b')] }] },
    },
  ]);

  it('writes a series once, again when it was not stored, and again after an hour', () => {
    const registry = createSeriesRegistry({ announceEveryMs: 3_600_000 });
    const send = (stored: boolean, at = arrivalMs): number => {
      const decoded = decode('metrics', bytes, { registry, arrivalMs: at });
      if (stored) registry.confirm(decoded.announcements!);
      return decoded.rows.metric_series?.length ?? 0;
    };
    expect(send(false)).toBe(2);
    expect(send(true)).toBe(2);
    expect(send(true)).toBe(0);
    expect(send(true, arrivalMs + 3_599_999)).toBe(0);
    expect(send(true, arrivalMs + 3_600_000)).toBe(2);
  });

  it('forgets the oldest when there are too many, and keeps their ids', () => {
    const registry = createSeriesRegistry({ max: 1 });
    const ids = (): unknown[] => {
      const decoded = decode('metrics', bytes, { registry });
      registry.confirm(decoded.announcements!);
      return decoded.rows.metric_samples!.map((row) => row['SeriesId']);
    };
    expect(ids()).toEqual(ids());
  });
});
