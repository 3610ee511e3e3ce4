import type { TelemetryReader } from '../store/telemetry/database.js';

export interface SessionError {
  /** Unix ms. */
  readonly at: number;
  readonly service: string;
  readonly version: string;
  readonly operation: string;
  readonly type: string;
  readonly message: string;
  /** Decimal UInt64. */
  readonly fingerprint: string;
  readonly traceId: string;
}

export interface SessionErrorsQuestion {
  /** One of the two may be empty. */
  readonly sessionId: string;
  readonly traceId: string;
  /** Unix ms, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** What failed in one session or one trace, newest first. The time bounds the days that are read. */
export async function sessionErrors(
  reader: TelemetryReader,
  question: SessionErrorsQuestion,
): Promise<SessionError[]> {
  if (question.sessionId === '' && question.traceId === '') return [];
  return reader.rows<SessionError>(
    `SELECT toUnixTimestamp64Milli(Timestamp) AS at, ServiceName AS service, ServiceVersion AS version,
  Operation AS operation, Type AS type, substringUTF8(Message, 1, 500) AS message,
  toString(Fingerprint) AS fingerprint, TraceId AS traceId
FROM error_events
WHERE Timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND Timestamp <= fromUnixTimestamp64Milli({to:Int64})
  AND ((SessionId = {sessionId:String} AND SessionId != '') OR (TraceId = {traceId:String} AND TraceId != ''))
ORDER BY Timestamp DESC LIMIT {limit:UInt32}`,
    { ...question },
  );
}
