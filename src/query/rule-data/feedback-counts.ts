import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';

export interface FeedbackCountQuestion {
  readonly windowMs: number;
  /** Unix milliseconds: the end of the window, exclusive. */
  readonly at: number;
  /** How long before the window is looked at for what is usual; 0: not at all. */
  readonly beforeMs: number;
}

export interface FeedbackCountRow {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly feedbacks: number;
  readonly rated: number;
  readonly bad: number;
  readonly feedbacksBefore: number;
  readonly badBefore: number;
}

/**
 * What people said in [at - window, at) and in the time before it. A feedback that was sent twice is one
 * (`uniqExact` of its id: the table merges the copies later).
 */
export function feedbackCounts(
  reader: TelemetryReader,
  { windowMs, at, beforeMs }: FeedbackCountQuestion,
): Promise<FeedbackCountRow[]> {
  const params = new SqlParams();
  const time = (ms: number): string => `fromUnixTimestamp64Milli(${params.int(Math.trunc(ms))})`;
  const [from, to, before] = [time(at - windowMs), time(at), time(at - windowMs - beforeMs)];
  const bad = 'Rating BETWEEN 1 AND 2';
  const sql = `SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS version,
  uniqExactIf(Id, At >= ${from}) AS feedbacks, uniqExactIf(Id, At >= ${from} AND Rating > 0) AS rated,
  uniqExactIf(Id, At >= ${from} AND ${bad}) AS bad,
  uniqExactIf(Id, At < ${from}) AS feedbacksBefore, uniqExactIf(Id, At < ${from} AND ${bad}) AS badBefore
FROM feedback
WHERE At >= ${before} AND At < ${to}
GROUP BY service, environment, version`;
  return reader.rows<FeedbackCountRow>(sql, params.values);
}
