import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';

/** As much of a feedback as a problem needs. */
export interface SaidFeedback {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly environment: string;
  readonly message: string;
  /** 0 when none was given. */
  readonly rating: number;
}

const columns = `Id AS id, toUnixTimestamp64Milli(At) AS at, ServiceName AS service, Environment AS environment,
  substringUTF8(Message, 1, 300) AS message, Rating AS rating`;

/** Those of them that are there, oldest first. */
export async function feedbackByIds(
  reader: TelemetryReader,
  ids: readonly string[],
): Promise<SaidFeedback[]> {
  if (ids.length === 0) return [];
  const params = new SqlParams();
  return reader.rows<SaidFeedback>(
    `SELECT ${columns} FROM feedback FINAL WHERE Id IN ${params.strings(ids)} ORDER BY feedback.At, feedback.Id LIMIT 1000`,
    params.values,
  );
}
