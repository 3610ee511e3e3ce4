import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf } from '../../http/contract/common.js';
import { MetricName, MetricSeries } from '../../http/contract/telemetry.js';
import { BadInput } from '../../lib/errors.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { seeded } from '../testing/seeded.js';
import type { Range } from '../time-range.js';
import { parseMatchers } from './matchers.js';
import { metricNames } from './names.js';
import { bucketQuantile } from './quantile.js';
import { metricSeries, parseGroupBy, type Aggregation } from './series.js';

const start = Date.parse('2026-11-20T10:00:00Z');
const minutes = 60;
const range: Range = { fromMs: start, toMs: start + minutes * 60_000 };
const at = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

let engine: Engine;
let ids = 0;

interface Given {
  readonly name: string;
  readonly kind: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly temporality?: string;
  readonly unit?: string;
  /** A value every 30 s, from 15 s after the start. */
  readonly values: readonly (number | string)[];
}

async function give({ name, kind, labels = {}, temporality = '', unit = '', values }: Given): Promise<void> {
  const Id = `${++ids}`;
  const series = {
    Id,
    Name: name,
    Labels: labels,
    Kind: kind,
    Temporality: temporality,
    Unit: unit,
    Description: `What ${name} is`,
  };
  // Written when first seen and again every hour.
  await engine.insert('metric_series', [
    { ...series, SeenAt: at(start) },
    { ...series, SeenAt: at(start + 1) },
  ]);
  const samples = values.map((Value, i) => ({ SeriesId: Id, At: at(start + 15_000 + i * 30_000), Value }));
  await engine.insert('metric_samples', samples);
}

const every = (count: number, of: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => of(i));

beforeAll(async () => {
  engine = await openEngine();
  await give({
    name: 'memory_bytes',
    kind: 'gauge',
    unit: 'By',
    labels: { pod: 'a', zone: 'x' },
    values: every(120, () => 10),
  });
  await give({
    name: 'memory_bytes',
    kind: 'gauge',
    unit: 'By',
    labels: { pod: 'b', zone: 'x' },
    values: every(120, () => 30),
  });
  await give({
    name: 'memory_bytes',
    kind: 'gauge',
    unit: 'By',
    labels: { pod: 'c', zone: 'y' },
    values: every(60, (i) => i),
  });
  // Grows by 3 every 30 s and starts anew after 30 minutes.
  await give({
    name: 'requests_total',
    kind: 'counter',
    temporality: 'cumulative',
    labels: { code: '200' },
    values: every(120, (i) => 1000 + (i % 60) * 3),
  });
  await give({
    name: 'requests_total',
    kind: 'counter',
    temporality: 'cumulative',
    labels: { code: '500' },
    values: every(120, (i) => 5 + i * 6),
  });
  await give({ name: 'jobs_total', kind: 'counter', temporality: 'delta', values: every(120, () => 4) });
  for (const [le, share] of [
    ['0.1', 1],
    ['0.5', 3],
    ['1', 4],
    ['+Inf', 4],
  ] as const) {
    await give({
      name: 'duration_seconds_bucket',
      kind: 'histogram',
      unit: 's',
      labels: { le, route: '/pay' },
      values: every(120, (i) => i * share),
    });
  }
  await give({
    name: 'odd',
    kind: 'gauge',
    labels: { '': 'empty', a: "it's" },
    values: ['nan', 1, 'inf', 'nan', 2],
  });
  // A new day, and a name that stopped before it.
  await engine.insert('metric_series', [
    { Id: '999', Name: 'gone', Labels: {}, Kind: 'gauge', SeenAt: at(start - 86_400_000) },
  ]);
});
afterAll(() => engine.close());

async function ask(
  name: string,
  aggregation?: Aggregation,
  more: { match?: string; groupBy?: string; buckets?: number } = {},
): Promise<MetricSeries> {
  const answer = await metricSeries(engine.reader, {
    range,
    buckets: more.buckets ?? 60,
    name,
    matchers: parseMatchers(more.match),
    aggregation,
    groupBy: parseGroupBy(more.groupBy),
  });
  expect(MetricSeries.parse(answer)).toEqual(answer);
  return answer;
}

/** The one line's points, and that there is one line. */
async function line(...args: Parameters<typeof ask>): Promise<(number | null)[]> {
  const { series } = await ask(...args);
  expect(series).toHaveLength(1);
  return series[0]?.points ?? [];
}

const constant = (points: readonly (number | null)[], from = 1): (number | null)[] => [
  ...new Set(points.slice(from)),
];

describe('metricNames', () => {
  it('lists what was there in the range', async () => {
    const names = await metricNames(engine.reader, { range, search: '', limit: 100 });
    expect(listOf(MetricName).parse(names)).toEqual(names);
    expect(names.items.map(({ name }) => name)).toEqual([
      'duration_seconds_bucket',
      'jobs_total',
      'memory_bytes',
      'odd',
      'requests_total',
    ]);
    expect(names.items[2]).toEqual({
      name: 'memory_bytes',
      kind: 'gauge',
      unit: 'By',
      description: 'What memory_bytes is',
      series: 3,
      labels: ['pod', 'zone'],
    });
  });

  it('searches in any case, and says when there are more', async () => {
    expect((await metricNames(engine.reader, { range, search: 'MEM', limit: 100 })).items).toHaveLength(1);
    expect((await metricNames(engine.reader, { range, search: "' OR 1=1", limit: 100 })).items).toEqual([]);
    expect((await metricNames(engine.reader, { range, search: '', limit: 2 })).partial).toMatch(
      /first 2 names/,
    );
  });
});

describe('metricSeries', () => {
  it.each<[Aggregation, (number | null)[]]>([
    ['avg', [(10 + 30 + 0.5) / 3, (10 + 30 + 2.5) / 3]],
    ['sum', [40.5, 42.5]],
    ['min', [0, 2]],
    ['max', [30, 30]],
    ['count', [3, 3]],
    ['p50', [10, 10]],
  ])('%s of gauges', async (aggregation, first) => {
    const points = await line('memory_bytes', aggregation);
    expect(points).toHaveLength(60);
    expect(points.slice(0, 2)).toEqual(first);
  });

  it('groups by labels, with the largest line first', async () => {
    const { series, unit } = await ask('memory_bytes', 'max', { groupBy: 'zone, nosuch' });
    expect(series.map(({ labels }) => labels)).toEqual([
      { zone: 'y', nosuch: '' },
      { zone: 'x', nosuch: '' },
    ]);
    expect(unit).toBe('By');
    // Half of its points are gaps: the series stopped.
    expect(series[0]?.points.slice(29, 31)).toEqual([59, null]);
  });

  it.each([
    ['{pod="a"}', 10],
    ['pod="b"', 30],
    ['{pod!="a", zone="x"}', 30],
    ['{pod=~"a|z"}', 10],
    ['{pod=~"a.*", zone!~"y"}', 10],
    ['{nosuch="", pod="a"}', 10],
    ['{pod=~"[ab]",}', 20],
  ])('matchers %s', async (match, value) => {
    expect(constant(await line('memory_bytes', 'avg', { match }))).toEqual([value]);
  });

  it('anchors regexes', async () => {
    expect((await ask('memory_bytes', 'avg', { match: '{zone=~""}' })).series).toEqual([]);
    expect((await ask('memory_bytes', 'avg', { match: '{pod=~"a|b|"}' })).series).toHaveLength(1);
    await expect(ask('memory_bytes', 'avg', { match: '{pod=~"("}' })).rejects.toMatchObject({
      code: 'bad_request',
    });
  });

  it('rate and increase of counters bear a reset', async () => {
    const { series } = await ask('requests_total', 'increase', { groupBy: 'code' });
    const byCode = new Map(series.map(({ labels, points }) => [labels['code'], points]));
    // The first bucket has one step of two: there is nothing before the first sample.
    expect(byCode.get('500')?.slice(0, 3)).toEqual([6, 12, 12]);
    expect(constant(byCode.get('500') ?? [])).toEqual([12]);
    // After its reset the counter stands at 1000 again: all of that it grew by.
    expect(byCode.get('200')?.slice(28, 32)).toEqual([6, 6, 1003, 6]);
    const rate = await line('requests_total', undefined, { match: '{code="500"}' });
    expect(constant(rate, 0)).toEqual([0.2]);
  });

  it('rate of a delta counter is what came in a bucket', async () => {
    expect(constant(await line('jobs_total', 'rate'), 0)).toEqual([8 / 60]);
    expect(constant(await line('jobs_total', 'increase'), 0)).toEqual([8]);
  });

  it('quantiles of a classic histogram', async () => {
    // Of four observations a step one is below 0.1, two more below 0.5 and the last below 1.
    expect((await line('duration_seconds_bucket', 'p50'))[5]).toBeCloseTo(0.3, 9);
    expect((await line('duration_seconds_bucket'))[5]).toBeCloseTo(0.9, 9);
    expect((await ask('duration_seconds_bucket', 'p99', { groupBy: 'le,route' })).series[0]?.labels).toEqual({
      route: '/pay',
    });
  });

  it('never cuts finer than the samples are apart', async () => {
    const { stepMs, series } = await ask('memory_bytes', 'avg', { match: '{pod="a"}', buckets: 1000 });
    expect(stepMs).toBe(60_000);
    expect(series[0]?.points.every((point) => point === 10)).toBe(true);
  });

  it('takes a sample that was sent twice once', async () => {
    await engine.command(
      "INSERT INTO metric_samples SELECT * FROM metric_samples WHERE SeriesId IN (SELECT Id FROM metric_series WHERE Name = 'jobs_total')",
    );
    expect(constant(await line('jobs_total', 'increase'), 0)).toEqual([8]);
  });

  it('bears NaN, infinity and labels without a name', async () => {
    const points = await line('odd', 'avg', { match: '{a="it\'s"}' });
    // The mean of 1 and infinity is no number that JSON has.
    expect(points.slice(0, 3)).toEqual([null, 2, null]);
    expect((await ask('odd', 'p95', { groupBy: 'a' })).series[0]?.labels).toEqual({ a: "it's" });
  });

  it('has nothing to say about what it does not know', async () => {
    expect(await ask('nosuch')).toMatchObject({ series: [], unit: '' });
    expect((await ask("x' OR 1=1")).series).toEqual([]);
  });

  it('bounds lines and labels', async () => {
    await engine.command(
      `INSERT INTO metric_series (Id, Name, Labels, Kind, SeenAt) SELECT 100000 + number, 'wide', map('n', toString(number)), 'gauge', fromUnixTimestamp64Milli(toInt64(${start})) FROM numbers(11000)`,
    );
    await engine.command(
      `INSERT INTO metric_samples SELECT 100000 + number % 11000, fromUnixTimestamp64Milli(toInt64(${start} + 1000 + 60000 * intDiv(number, 11000))), number % 11000 FROM numbers(33000)`,
    );
    const { series, partial } = await ask('wide', 'max', { groupBy: 'n' });
    expect(series).toHaveLength(50);
    expect(series[0]?.labels).toEqual({ n: '9999' });
    expect(partial).toBe('11000 series match: 10000 of them are shown; the 50 largest lines are shown.');
    expect(() => parseGroupBy('a,b,c,d,e,f')).toThrow(/up to 5 labels/);
  });
});

describe('parseMatchers', () => {
  it.each<[string | undefined, object[]]>([
    [undefined, []],
    ['', []],
    ['{}', []],
    [' { a = "b" } ', [{ label: 'a', op: '=', value: 'b' }]],
    ["{a='b',}", [{ label: 'a', op: '=', value: 'b' }]],
    [
      '{a="}",b!~"\\"\\\\n"}',
      [
        { label: 'a', op: '=', value: '}' },
        { label: 'b', op: '!~', value: '"\\n' },
      ],
    ],
    ['{http.route="/"}', [{ label: 'http.route', op: '=', value: '/' }]],
  ])('accepts %s', (text, matchers) => {
    expect(parseMatchers(text)).toEqual(matchers);
  });

  it.each<[string, number]>([
    ['{', 1],
    ['{a="b"', 6],
    ['{a=b}', 3],
    ['{a}', 1],
    ['{a="b" c="d"}', 6],
    ['{a="b}', 3],
    ['{,}', 1],
    ['{a="\\x"}', 4],
    ['{a=="b"}', 3],
    ['a="b"}', 5],
    [Array.from({ length: 21 }, (_, i) => `l${i}="x"`).join(','), 150],
  ])('refuses %s at %i', (text, column) => {
    expect(() => parseMatchers(text)).toThrow(expect.objectContaining({ at: String(column) }));
  });

  it('any text gives matchers or BadInput', () => {
    const pieces = fc.constantFrom('{', '}', 'a', '=', '!', '~', '"', "'", '\\', ',', ' ', 'é');
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseMatchers(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
        }
      }),
      seeded(3000),
    );
  });
});

describe('bucketQuantile', () => {
  it.each<[string, number, [number, number][], number | null]>([
    [
      'in the middle of a bucket',
      0.5,
      [
        [1, 0],
        [2, 10],
        [Infinity, 10],
      ],
      1.5,
    ],
    [
      'in the first bucket, from 0',
      0.5,
      [
        [1, 10],
        [Infinity, 10],
      ],
      0.5,
    ],
    [
      'in a first bucket below 0',
      0.5,
      [
        [-1, 10],
        [Infinity, 10],
      ],
      -1,
    ],
    [
      'in +Inf',
      0.99,
      [
        [1, 1],
        [Infinity, 10],
      ],
      1,
    ],
    [
      'of nothing',
      0.5,
      [
        [1, 0],
        [Infinity, 0],
      ],
      null,
    ],
    [
      'without +Inf',
      0.5,
      [
        [1, 5],
        [2, 10],
      ],
      null,
    ],
    ['of no buckets', 0.5, [], null],
    [
      'of buckets out of step',
      0.5,
      [
        [1, 6],
        [2, 5],
        [Infinity, 10],
      ],
      5 / 6,
    ],
    [
      'unsorted',
      0.5,
      [
        [Infinity, 10],
        [2, 10],
        [1, 0],
      ],
      1.5,
    ],
  ])('%s', (_name, quantile, buckets, expected) => {
    expect(
      bucketQuantile(
        quantile,
        buckets.map(([le, count]) => ({ le, count })),
      ),
    ).toBe(expected);
  });
});
