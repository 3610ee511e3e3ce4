import type { Series } from '../../http/contract/common.js';
import type { metricAggregations, MetricSeries } from '../../http/contract/telemetry.js';
import { BadInput } from '../../lib/errors.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, gridOf, type Grid, type Range } from '../time-range.js';
import { matcherSql, type Matcher } from './matchers.js';
import { seriesRefreshMs } from './names.js';
import { bucketQuantile, type Bucket } from './quantile.js';

export type Aggregation = (typeof metricAggregations)[number];

export interface MetricSeriesRequest {
  readonly range: Range;
  readonly buckets: number;
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** Undefined: what fits the kind of the metric. */
  readonly aggregation: Aggregation | undefined;
  readonly groupBy: readonly string[];
}

/** Series of the metric that one question may touch, and lines that one chart may have. */
const maxSeries = 10_000;
const maxLines = 50;
/** A counter's sample before the range is looked for this far back: rates need one. */
const lookbackMs = 300_000;
const quantiles: Partial<Record<Aggregation, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

const maxGroupLabels = 5;

/** Comma-separated labels. */
export function parseGroupBy(text: string | undefined): string[] {
  const labels = (text ?? '').split(',').map((label) => label.trim());
  const given = [...new Set(labels.filter((label) => label !== ''))];
  if (given.length > maxGroupLabels || given.some((label) => label.length > 200)) {
    throw new BadInput('bad_request', `"groupBy" takes up to ${maxGroupLabels} labels.`, { at: 'groupBy' });
  }
  return given;
}

interface MetricInfo {
  readonly kind: string;
  readonly temporality: string;
  readonly unit: string;
  readonly series: number;
}

/** One line a group of labels. A bucket without a sample is null. */
export async function metricSeries(
  reader: TelemetryReader,
  request: MetricSeriesRequest,
): Promise<MetricSeries> {
  const info = await readInfo(reader, request);
  const histogram = request.name.endsWith('_bucket');
  const aggregation = request.aggregation ?? defaultAggregation(info?.kind ?? '', histogram);
  const intervalMs = info && info.series > 0 ? await readInterval(reader, request) : 0;
  // At least one sample a bucket, or every second bucket would be a gap.
  const grid = gridOf(
    request.range,
    request.buckets,
    Math.min(intervalMs * 1.5, request.range.toMs - request.range.fromMs),
  );
  const asked = { ...request, grid, delta: info?.temporality === 'delta' };
  const quantile = quantiles[aggregation];
  const lines =
    histogram && quantile !== undefined
      ? await readHistogram(reader, asked, quantile)
      : await readLines(reader, asked, aggregation);
  const missing = [
    ...(info && info.series > maxSeries
      ? [`${info.series} series match: ${maxSeries} of them are shown`]
      : []),
    ...(lines.more ? [`the ${maxLines} largest lines are shown`] : []),
  ];
  return {
    from: formatMs(grid.fromMs),
    to: formatMs(grid.toMs),
    stepMs: grid.stepMs,
    unit: aggregation === 'count' ? '' : (info?.unit ?? ''),
    aggregation,
    series: lines.series,
    ...(missing.length === 0 ? {} : { partial: `${missing.join('; ')}.` }),
  };
}

function defaultAggregation(kind: string, histogram: boolean): Aggregation {
  if (histogram) return 'p95';
  return ['counter', 'histogram', 'summary'].includes(kind) ? 'rate' : 'avg';
}

function seriesWhere({ name, matchers, range }: MetricSeriesRequest, params: SqlParams): string {
  const from = params.int(Math.trunc(Math.max(0, range.fromMs - seriesRefreshMs)));
  const conditions = matchers.map((matcher) => matcherSql(matcher, params));
  return [`Name = ${params.string(name)}`, `SeenAt >= fromUnixTimestamp64Milli(${from})`, ...conditions].join(
    ' AND ',
  );
}

/** The ids that may be read: the same ones in every query of a request. GLOBAL: a cluster refuses it otherwise. */
function idsSql(request: MetricSeriesRequest, params: SqlParams): string {
  return `SELECT Id FROM metric_series WHERE ${seriesWhere(request, params)} GROUP BY Id ORDER BY Id LIMIT ${maxSeries}`;
}

async function readInfo(
  reader: TelemetryReader,
  request: MetricSeriesRequest,
): Promise<MetricInfo | undefined> {
  const params = new SqlParams();
  const [row] = await reader.rows<MetricInfo>(
    `SELECT argMax(Kind, SeenAt) AS kind, argMax(Temporality, SeenAt) AS temporality, argMax(Unit, SeenAt) AS unit,
  uniqExact(Id) AS series FROM metric_series WHERE ${seriesWhere(request, params)}`,
    params.values,
  );
  return row;
}

function samplesWhere(range: Range, params: SqlParams): string {
  const at = (ms: number): string => `fromUnixTimestamp64Milli(${params.int(Math.trunc(Math.max(0, ms)))})`;
  return `At >= ${at(range.fromMs)} AND At < ${at(range.toMs)} AND NOT isNaN(Value)`;
}

/** How far apart samples of a series usually are, in milliseconds; 0 when there are too few to tell. */
async function readInterval(reader: TelemetryReader, request: MetricSeriesRequest): Promise<number> {
  const params = new SqlParams();
  const [row] = await reader.rows<{ interval: number | null }>(
    `SELECT quantile(0.5)(interval) AS interval FROM (
  SELECT dateDiff('millisecond', min(At), max(At)) / (uniqExact(At) - 1) AS interval FROM metric_samples
  WHERE SeriesId GLOBAL IN (${idsSql(request, params)} ) AND ${samplesWhere(request.range, params)}
  GROUP BY SeriesId HAVING uniqExact(At) > 1 LIMIT 100)`,
    params.values,
  );
  return row?.interval ?? 0;
}

interface GridRequest extends MetricSeriesRequest {
  readonly grid: Grid;
  readonly delta: boolean;
}

/** The group of a series: the values of the labels, in the order in which they were asked for. */
function groupSql(groupBy: readonly string[], params: SqlParams): string {
  const values = groupBy.map((label) => `Labels[${params.string(label)}]`);
  return values.length === 0 ? "CAST([], 'Array(String)')" : `[${values.join(', ')}]`;
}

/**
 * Per series and bucket: the mean, least, greatest and number of its samples, and what a counter grew by (a
 * value below the one before is a reset: it grew by all of it) over how many seconds.
 */
function perSeries(request: GridRequest, params: SqlParams): string {
  const { grid, delta } = request;
  const reach = { fromMs: grid.fromMs - lookbackMs, toMs: grid.toMs };
  const window = 'OVER (PARTITION BY SeriesId ORDER BY At ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)';
  const grown = delta ? 'Value' : 'if(first, 0, if(Value >= before, Value - before, Value))';
  return `SELECT SeriesId, ${bucketOf('toUnixTimestamp64Milli(At)', grid)} AS bucket, avg(Value) AS mean, min(Value) AS least,
  max(Value) AS most, sum(${grown}) AS grown, countIf(${delta ? '1' : 'NOT first'}) AS steps,
  sum(if(first, 0, dateDiff('millisecond', previous, At))) / 1000 AS seconds, groupArray(100)(Value) AS values
FROM (
  SELECT SeriesId, At, Value, first_value(Value) ${window} AS before, first_value(At) ${window} AS previous,
    count() ${window} = 1 AS first
  FROM metric_samples FINAL WHERE SeriesId GLOBAL IN (${idsSql(request, params)}) AND ${samplesWhere(reach, params)}
)
WHERE At >= fromUnixTimestamp64Milli(${params.int(grid.fromMs)}) GROUP BY SeriesId, bucket`;
}

/** How the series of a group become one line. */
const folds: Record<Aggregation, string> = {
  avg: 'avg(mean)',
  sum: 'sum(mean)',
  min: 'min(least)',
  max: 'max(most)',
  count: 'count()',
  rate: 'sumOrNullIf(grown / seconds, seconds > 0)',
  increase: 'sumOrNullIf(grown, steps > 0)',
  p50: 'quantileExactInclusiveArray(0.5)(values)',
  p95: 'quantileExactInclusiveArray(0.95)(values)',
  p99: 'quantileExactInclusiveArray(0.99)(values)',
};

interface Lines {
  readonly series: Series[];
  readonly more: boolean;
}

async function readLines(
  reader: TelemetryReader,
  request: GridRequest,
  aggregation: Aggregation,
): Promise<Lines> {
  const { grid, groupBy, delta } = request;
  const params = new SqlParams();
  const labels = groupSql(groupBy, params);
  // A delta point covers the time since the one before; over a whole bucket that is the bucket.
  const fold = aggregation === 'rate' && delta ? `sum(grown) / ${grid.stepMs / 1000}` : folds[aggregation];
  const rows = await reader.rows<{ labels: string[]; points: [number, number | null][] }>(
    `SELECT labels, groupArray((bucket, value)) AS points FROM (
  SELECT labels, bucket, ${fold} AS value FROM (${perSeries(request, params)}) AS samples
  GLOBAL INNER JOIN (SELECT Id, any(${labels}) AS labels FROM metric_series WHERE ${seriesWhere(request, params)} GROUP BY Id) AS series
  ON samples.SeriesId = series.Id GROUP BY labels, bucket)
GROUP BY labels ORDER BY max(abs(value)) DESC NULLS LAST, labels LIMIT ${maxLines + 1}`,
    params.values,
  );
  const series = rows.slice(0, maxLines).map((row) => {
    const points = Array.from({ length: grid.buckets }, (): number | null => null);
    for (const [bucket, value] of row.points) {
      if (bucket >= 0 && bucket < points.length) points[bucket] = value;
    }
    return { labels: labelsOf(groupBy, row.labels), points };
  });
  return { series, more: rows.length > maxLines };
}

function labelsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
}

/** Quantiles of a classic histogram: what its buckets grew by, summed over the series of a group. */
async function readHistogram(
  reader: TelemetryReader,
  request: GridRequest,
  quantile: number,
): Promise<Lines> {
  const { grid } = request;
  const groupBy = request.groupBy.filter((label) => label !== 'le');
  const params = new SqlParams();
  const labels = groupSql(groupBy, params);
  const rows = await reader.rows<{ labels: string[]; points: [number, string, number][] }>(
    `SELECT labels, groupArray((bucket, le, n)) AS points FROM (
  SELECT labels, le, bucket, sum(grown) AS n FROM (${perSeries(request, params)}) AS samples
  GLOBAL INNER JOIN (SELECT Id, any(${labels}) AS labels, any(Labels['le']) AS le FROM metric_series WHERE ${seriesWhere(request, params)} GROUP BY Id) AS series
  ON samples.SeriesId = series.Id GROUP BY labels, le, bucket)
GROUP BY labels ORDER BY sum(n) DESC, labels LIMIT ${maxLines + 1}`,
    params.values,
  );
  const series = rows.slice(0, maxLines).map((row) => {
    const buckets = Array.from({ length: grid.buckets }, (): Bucket[] => []);
    for (const [bucket, le, n] of row.points) {
      const end = /^\+?inf$/i.test(le) ? Infinity : Number(le);
      if (le !== '' && !Number.isNaN(end)) buckets[bucket]?.push({ le: end, count: n });
    }
    return {
      labels: labelsOf(groupBy, row.labels),
      points: buckets.map((list) => bucketQuantile(quantile, list)),
    };
  });
  return { series, more: rows.length > maxLines };
}
