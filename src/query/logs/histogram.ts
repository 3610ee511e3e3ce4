import { severities, type LogHistogram } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { severityBands } from '../../model/severity.js';
import { whereOf, type Search } from '../search/search.js';
import { severityNumberSql } from '../search/tests.js';
import { logMinutes, logs } from '../search/target.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, type Grid, type Range } from '../time-range.js';

export interface HistogramRequest {
  readonly search: Search;
  readonly range: Range;
  readonly grid: Grid;
}

const minuteMs = 60_000;

/** 0 unset, 1 trace ... 6 fatal: the index of `severityBands`. */
function bandSql(number: string): string {
  return `least(intDiv(${number} + 3, 4), 6)`;
}

/** Records a severity band and bucket. A month costs milliseconds when the minutes' rollup can answer. */
export async function logHistogram(
  reader: TelemetryReader,
  request: HistogramRequest,
): Promise<LogHistogram> {
  const params = new SqlParams();
  const sql = fromRollup(request, params) ?? fromRecords(request, request.range, params);
  const rows = await reader.rows<{ bucket: number; band: number; records: number }>(
    `SELECT bucket, band, sum(n) AS records FROM (${sql}) GROUP BY bucket, band`,
    params.values,
  );
  const { grid } = request;
  const points = new Map<string, number[]>();
  let total = 0;
  for (const { bucket, band, records } of rows) {
    const severity = severityBands[band]?.name ?? 'unset';
    const series = points.get(severity) ?? Array.from({ length: grid.buckets }, () => 0);
    points.set(severity, series);
    if (bucket >= 0 && bucket < grid.buckets) series[bucket] = (series[bucket] ?? 0) + records;
    total += records;
  }
  return {
    from: formatMs(grid.fromMs),
    to: formatMs(grid.toMs),
    stepMs: grid.stepMs,
    total,
    series: severities.flatMap((severity) => {
      const found = points.get(severity);
      return found ? [{ labels: { severity }, points: found }] : [];
    }),
  };
}

function fromRecords({ search, grid }: HistogramRequest, range: Range, params: SqlParams): string {
  return `SELECT ${bucketOf('toUnixTimestamp64Milli(Timestamp)', grid)} AS bucket,
  ${bandSql(severityNumberSql('SeverityText'))} AS band, count() AS n
FROM otel_logs WHERE ${params.within(range)} AND (${whereOf(search, logs, params)}) GROUP BY bucket, band`;
}

/** The whole minutes from the rollup and the two pieces at the ends from the records, so that counts are exact. */
function fromRollup(request: HistogramRequest, params: SqlParams): string | undefined {
  const { search, range, grid } = request;
  const inner = {
    fromMs: Math.ceil(range.fromMs / minuteMs) * minuteMs,
    toMs: Math.floor(range.toMs / minuteMs) * minuteMs,
  };
  if (grid.stepMs < minuteMs || inner.fromMs >= inner.toMs) return undefined;
  const condition = search.condition(logMinutes, params);
  if (condition === undefined) return undefined;
  const parts = [
    `SELECT ${bucketOf('toInt64(toUnixTimestamp(Minute)) * 1000', grid)} AS bucket,
  ${bandSql('SeverityNumber')} AS band, sum(Count) AS n
FROM log_minutes WHERE ${params.minutesWithin('Minute', inner)} AND (${condition}) GROUP BY bucket, band`,
  ];
  const ends = [
    { fromMs: range.fromMs, toMs: inner.fromMs },
    { fromMs: inner.toMs, toMs: range.toMs },
  ];
  for (const end of ends) if (end.fromMs < end.toMs) parts.push(fromRecords(request, end, params));
  return parts.join('\nUNION ALL\n');
}
