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
  /** Buckets, and how many records each has. */
  readonly points: readonly [readonly number[], readonly number[]];
}

/** What the matching records say, each pattern once; the most frequent first. Records without a body have none. */
export async function logPatterns(
  reader: TelemetryReader,
  request: PatternsRequest,
): Promise<List<LogPattern>> {
  const { grid, limit } = request;
  const params = new SqlParams();
  // One read: per bucket, then per service and severity, then per pattern.
  const rows = await reader.rows<PatternRow>(
    `SELECT toString(Fingerprint) AS pattern, argMax(sample, n) AS sample, argMax(ServiceName, n) AS service,
  argMax(number, n) AS severity, sum(n) AS total, min(first) AS first, max(last) AS last,
  sumMap(points.1, points.2) AS points
FROM (
  SELECT Fingerprint, ServiceName, number, sum(records) AS n, any(sample) AS sample, min(first) AS first,
    max(last) AS last, sumMap([toInt64(bucket)], [toUInt64(records)]) AS points
  FROM (${groups(request, params)}) GROUP BY Fingerprint, ServiceName, number
) GROUP BY Fingerprint ORDER BY total DESC, Fingerprint LIMIT ${limit + 1}`,
    params.values,
  );
  return {
    items: rows.slice(0, limit).map((row) => ({
      fingerprint: row.pattern,
      sample: row.sample,
      service: row.service,
      severity: bandOf(row.severity),
      count: row.total,
      firstSeen: formatMs(row.first),
      lastSeen: formatMs(row.last),
      points: pointsOf(row, grid.buckets),
    })),
    nextCursor: null,
    ...(rows.length > limit ? { partial: `The ${limit} most frequent patterns.` } : {}),
  };
}

/** Counts a pattern, service, severity and bucket: from the rollup per minute where it can answer. */
function groups(request: PatternsRequest, params: SqlParams): string {
  const { search, range, grid } = request;
  const rollup = rollupWhere(request, params);
  if (rollup !== undefined) {
    const minuteMs = 'toInt64(toUnixTimestamp(Minute)) * 1000';
    return `SELECT Fingerprint, ServiceName, SeverityNumber AS number, ${bucketOf(minuteMs, grid)} AS bucket,
    sum(Count) AS records, any(Sample) AS sample, min(${minuteMs}) AS first, max(${minuteMs}) AS last
  FROM log_minutes WHERE ${rollup} GROUP BY Fingerprint, ServiceName, number, bucket`;
  }
  const ms = 'toUnixTimestamp64Milli(Timestamp)';
  return `SELECT Fingerprint, ServiceName, ${severityNumberSql('SeverityText')} AS number, ${bucketOf(ms, grid)} AS bucket,
    count() AS records, substringUTF8(any(Body), 1, 400) AS sample, min(${ms}) AS first, max(${ms}) AS last
  FROM otel_logs WHERE Fingerprint != 0 AND ${params.within(range)} AND (${whereOf(search, logs, params)})
  GROUP BY Fingerprint, ServiceName, number, bucket`;
}

function rollupWhere({ search, range, grid }: PatternsRequest, params: SqlParams): string | undefined {
  if (grid.stepMs < 60_000) return undefined;
  const condition = search.condition(logMinutes, params);
  // The minute in which the range begins counts as a whole.
  const minutes = { fromMs: Math.floor(range.fromMs / 60_000) * 60_000, toMs: range.toMs };
  return condition && `Fingerprint != 0 AND ${params.minutesWithin('Minute', minutes)} AND (${condition})`;
}

function pointsOf({ points: [buckets, counts] }: PatternRow, length: number): number[] {
  const points = Array.from({ length }, () => 0);
  for (const [i, bucket] of buckets.entries()) {
    if (bucket >= 0 && bucket < length) points[bucket] = counts[i] ?? 0;
  }
  return points;
}
