import type { TelemetryReader } from '../store/telemetry/database.js';

export interface SaidQuestion {
  readonly services: readonly string[];
  readonly environment: string;
  /** Unix milliseconds, inclusive. */
  readonly from: number;
  readonly to: number;
}

export interface SaidAnswer {
  readonly people: number;
  readonly badly: number;
  readonly feedbackId: string;
  readonly lastAt: number;
}

/**
 * How many people said something about services in a time. FINAL: the sink may bring a row twice, and a repeated
 * post replaces itself. Unrated feedback (0) is worse than a 3 for the link only: somebody took the trouble.
 */
export function createFeedbackDuring(
  reader: TelemetryReader,
): (question: SaidQuestion) => Promise<SaidAnswer | null> {
  return async ({ services, environment, from, to }) => {
    const [row] = await reader.rows<SaidAnswer>(
      `SELECT uniqExact(person) AS people, uniqExactIf(person, rating BETWEEN 1 AND 2) AS badly,
         argMax(id, (6 - if(rating = 0, 2.5, rating), at)) AS feedbackId, max(at) AS lastAt
       FROM (
         SELECT Id AS id, toUnixTimestamp64Milli(At) AS at, toFloat64(Rating) AS rating,
           multiIf(UserId != '', UserId, Email != '', Email, SessionId != '', SessionId, Id) AS person
         FROM feedback FINAL
         WHERE ServiceName IN {services:Array(String)} 
           AND ({environment:String} = '' OR Environment IN ({environment:String}, ''))
           AND At >= fromUnixTimestamp64Milli({from:Int64}) AND At <= fromUnixTimestamp64Milli({to:Int64})
       )
       HAVING people > 0`,
      { services: [...services], environment, from, to },
    );
    return row ?? null;
  };
}
