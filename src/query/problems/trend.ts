import type { Series } from '../../http/contract/common.js';
import type { SignaturePart } from '../../model/problems.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, gridOf } from '../time-range.js';
import { occurrencesSql } from './occurrences.js';

export interface TrendQuestion {
  readonly parts: readonly SignaturePart[];
  readonly environment: string;
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

export interface Trend {
  from: string;
  stepMs: number;
  series: Series[];
}

/** How often each part was seen, in buckets. What people said has no series. */
export async function trendOf(reader: TelemetryReader, question: TrendQuestion): Promise<Trend> {
  const { parts, environment, from, to } = question;
  const grid = gridOf({ fromMs: from, toMs: to }, question.buckets, 1000);
  const params = new SqlParams();
  const spans = [{ from: grid.fromMs, to: grid.toMs }];
  const branches = parts.flatMap((part, i) => {
    const sql = occurrencesSql({ part, environment, spans }, params);
    return sql === undefined ? [] : [{ part, i, sql }];
  });
  const series = branches.map(({ part }) => ({
    labels: labelsOf(part),
    points: Array.from({ length: grid.buckets }, (): number | null => 0),
  }));
  if (branches.length > 0) {
    const rows = await reader.rows<{ part: number; bucket: number; n: number }>(
      `SELECT toUInt32(part) AS part, ${bucketOf('toUnixTimestamp64Milli(at)', grid)} AS bucket, count() AS n FROM (${branches
        .map(({ sql }, i) => `SELECT ${i} AS part, at FROM (${sql})`)
        .join('\nUNION ALL\n')}) GROUP BY part, bucket`,
      params.values,
      { maxRows: branches.length * (grid.buckets + 1) },
    );
    for (const { part, bucket, n } of rows) {
      const points = series[part]?.points;
      if (points && bucket >= 0 && bucket < points.length) points[bucket] = n;
    }
  }
  return { from: formatMs(grid.fromMs), stepMs: grid.stepMs, series };
}

function labelsOf(part: SignaturePart): Record<string, string> {
  switch (part.kind) {
    case 'alert':
      return { kind: 'alert', service: part.service, title: `failed requests (${part.rule})` };
    case 'error_group':
    case 'pattern':
      return { kind: part.kind, service: part.service, title: part.title, fingerprint: part.fingerprint };
    case 'feedback':
    case 'feedback_group':
      return { kind: part.kind, title: part.title };
  }
}
