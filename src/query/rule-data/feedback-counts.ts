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
  readonly people: number;
  readonly rated: number;
  readonly bad: number;
  readonly peopleBefore: number;
  readonly badBefore: number;
}

/** Who said it: a user, a visit (session) of somebody who is not logged in, else each feedback for itself. */
const person = `multiIf(UserId != '', concat('u', UserId), SessionId != '', concat('s', SessionId), concat('f', Id))`;

/**
 * How many people said something in [at - window, at) and in the time before it. Nobody counts twice, however often
 * they said it and however often it was sent; who gave good and bad ratings is counted with the bad ones.
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
  uniqExactIf(${person}, At >= ${from}) AS people, uniqExactIf(${person}, At >= ${from} AND Rating > 0) AS rated,
  uniqExactIf(${person}, At >= ${from} AND ${bad}) AS bad,
  uniqExactIf(${person}, At < ${from}) AS peopleBefore, uniqExactIf(${person}, At < ${from} AND ${bad}) AS badBefore
FROM feedback
WHERE At >= ${before} AND At < ${to}
GROUP BY service, environment, version`;
  return reader.rows<FeedbackCountRow>(sql, params.values);
}
