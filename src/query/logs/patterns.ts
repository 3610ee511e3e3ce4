import type { LogPattern } from '../../http/contract/telemetry.js';
import type { List } from '../../http/contract/common.js';
import { bandOf } from '../../model/severity.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { whereOf, type Search } from '../search/search.js';
import { severityNumberSql } from '../search/tests.js';
import { logMinutes, logs } from '../search/target.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, type Grid, type Range } from '../time-range.js';

export interface PatternsRequest {
  readonly search: Search;
  readonly range: Range;
  readonly grid: Grid;
  readonly limit: number;
}

interface PatternRow {
  readonly pattern: string;
  readonly sample: string;
  readonly service: string;
  readonly severity: number;
  readonly total: number;
  readonly first: number;
  readonly last: number;
}

/** What the matching records say, each pattern once; the most frequent first. Records without a body have none. */
export async function logPatterns(
  reader: TelemetryReader,
  request: PatternsRequest,
): Promise<List<LogPattern>> {
  const params = new SqlParams();
  const rows = await reader.rows<PatternRow>(
    `SELECT toString(Fingerprint) AS pattern, argMax(sample, n) AS sample, argMax(ServiceName, n) AS service,
  argMax(number, n) AS severity, sum(n) AS total, min(first) AS first, max(last) AS last
FROM (${groups(request, params)}) GROUP BY Fingerprint ORDER BY total DESC, Fingerprint LIMIT ${request.limit + 1}`,
    params.values,
  );
  const shown = rows.slice(0, request.limit);
  const points = await readPoints(reader, request, shown);
  return {
    items: shown.map((row) => ({
      fingerprint: row.pattern,
      sample: row.sample,
      service: row.service,
      severity: bandOf(row.severity),
      count: row.total,
      firstSeen: formatMs(row.first),
      lastSeen: formatMs(row.last),
      points: points.get(row.pattern) ?? [],
    })),
    nextCursor: null,
    ...(rows.length > request.limit ? { partial: `The ${request.limit} most frequent patterns.` } : {}),
  };
}

/** Counts a pattern, service and severity: from the rollup per minute where it can answer. */
function groups(request: PatternsRequest, params: SqlParams): string {
  const rollup = rollupWhere(request, params);
  if (rollup !== undefined) {
    const minute = (fold: string): string => `toInt64(toUnixTimestamp(${fold}(Minute))) * 1000`;
    return `SELECT Fingerprint, ServiceName, SeverityNumber AS number, sum(Count) AS n, any(Sample) AS sample,
  ${minute('min')} AS first, ${minute('max')} AS last
FROM log_minutes WHERE ${rollup} GROUP BY Fingerprint, ServiceName, number`;
  }
  const at = (fold: string): string => `toUnixTimestamp64Milli(${fold}(Timestamp))`;
  return `SELECT Fingerprint, ServiceName, ${severityNumberSql('SeverityText')} AS number, count() AS n,
  any(substringUTF8(Body, 1, 400)) AS sample, ${at('min')} AS first, ${at('max')} AS last
FROM otel_logs WHERE ${recordsWhere(request, params)} GROUP BY Fingerprint, ServiceName, number`;
}

function rollupWhere({ search, range, grid }: PatternsRequest, params: SqlParams): string | undefined {
  if (grid.stepMs < 60_000) return undefined;
  const condition = search.condition(logMinutes, params);
  const minutes = { fromMs: Math.floor(range.fromMs / 60_000) * 60_000, toMs: range.toMs };
  return condition && `Fingerprint != 0 AND ${params.minutesWithin('Minute', minutes)} AND (${condition})`;
}

function recordsWhere({ search, range }: PatternsRequest, params: SqlParams): string {
  return `Fingerprint != 0 AND ${params.within(range)} AND (${whereOf(search, logs, params)})`;
}

async function readPoints(
  reader: TelemetryReader,
  request: PatternsRequest,
  shown: readonly PatternRow[],
): Promise<Map<string, number[]>> {
  const { grid } = request;
  const points = new Map(
    shown.map(({ pattern }) => [pattern, Array.from({ length: grid.buckets }, () => 0)]),
  );
  if (shown.length === 0) return points;
  const params = new SqlParams();
  const rollup = rollupWhere(request, params);
  const only = `Fingerprint IN (SELECT toUInt64(arrayJoin(${params.strings([...points.keys()])})))`;
  const [count, at, source] =
    rollup === undefined
      ? ['count()', 'toUnixTimestamp64Milli(Timestamp)', `otel_logs WHERE ${recordsWhere(request, params)}`]
      : ['sum(Count)', 'toInt64(toUnixTimestamp(Minute)) * 1000', `log_minutes WHERE ${rollup}`];
  const rows = await reader.rows<{ pattern: string; bucket: number; n: number }>(
    `SELECT toString(Fingerprint) AS pattern, ${bucketOf(at, grid)} AS bucket, ${count} AS n
FROM ${source} AND ${only} GROUP BY Fingerprint, bucket`,
    params.values,
  );
  for (const { pattern, bucket, n } of rows) {
    const series = points.get(pattern);
    if (series && bucket >= 0 && bucket < grid.buckets) series[bucket] = n;
  }
  return points;
}
