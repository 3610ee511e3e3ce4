import type { TraceHistogram } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, type Grid } from '../time-range.js';
import { dimensionConditions, spanConditions, type SpanFilter } from './filter.js';

export interface TraceHistogramRequest {
  readonly filter: SpanFilter;
  readonly grid: Grid;
}

interface PointRow {
  readonly bucket: number;
  readonly spans: number;
  readonly errors: number;
  readonly p95: number | null;
}

/**
 * How many spans matched, how many of them failed, and their 95th percentile. A search for nothing but service,
 * operation and environment counts requests (spans that enter a service) and is answered by the rollup.
 */
export async function traceHistogram(
  reader: TelemetryReader,
  request: TraceHistogramRequest,
): Promise<TraceHistogram> {
  const params = new SqlParams();
  const sql = fromRollup(request, params) ?? fromSpans(request, params);
  const rows = await reader.rows<PointRow>(sql, params.values);
  const { grid } = request;
  const empty = (): number[] => Array.from({ length: grid.buckets }, () => 0);
  const ok = empty();
  const error = empty();
  const p95 = Array.from({ length: grid.buckets }, (): number | null => null);
  for (const row of rows) {
    if (row.bucket < 0 || row.bucket >= grid.buckets) continue;
    ok[row.bucket] = row.spans - row.errors;
    error[row.bucket] = row.errors;
    p95[row.bucket] = row.p95;
  }
  return {
    from: formatMs(grid.fromMs),
    to: formatMs(grid.toMs),
    stepMs: grid.stepMs,
    series: [
      { labels: { status: 'ok' }, points: ok },
      { labels: { status: 'error' }, points: error },
      { labels: { quantile: '0.95' }, points: p95 },
    ],
  };
}

function fromSpans({ filter, grid }: TraceHistogramRequest, params: SqlParams): string {
  return `SELECT ${bucketOf('toUnixTimestamp64Milli(Timestamp)', grid)} AS bucket, count() AS spans,
  countIf(StatusCode = 'Error') AS errors, quantileTDigest(0.95)(toFloat32(Duration)) / 1e6 AS p95
FROM otel_traces WHERE ${spanConditions(filter, params)} GROUP BY bucket`;
}

function fromRollup({ filter, grid }: TraceHistogramRequest, params: SqlParams): string | undefined {
  const { search, status, minDurationNs, maxDurationNs } = filter;
  const plain = search.query.type === 'all' && (status ?? minDurationNs ?? maxDurationNs) === undefined;
  if (!plain || grid.stepMs < 60_000) return undefined;
  const conditions = [params.minutesWithin('Minute', grid), ...dimensionConditions(filter, params)];
  return `SELECT ${bucketOf('toInt64(toUnixTimestamp(Minute)) * 1000', grid)} AS bucket,
  sum(Requests) AS spans, sum(Errors) AS errors, quantilesTDigestMerge(0.5, 0.9, 0.95, 0.99)(Durations)[3] / 1e6 AS p95
FROM service_minutes WHERE ${conditions.join(' AND ')} GROUP BY bucket`;
}
