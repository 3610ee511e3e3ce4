import type { ErrorGroup } from '../../http/contract/problems.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { formatMs, type Range } from '../time-range.js';

export interface ErrorGroupsRequest {
  readonly range: Range;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  /** One group only, decimal. */
  readonly fingerprint?: string | undefined;
  readonly limit: number;
}

type Row = Omit<ErrorGroup, 'firstAt' | 'lastAt'> & { readonly first: number; readonly last: number };

/** Error groups of a time, the most frequent first. People are users, or sessions where nobody is logged in. */
export async function errorGroups(
  reader: TelemetryReader,
  request: ErrorGroupsRequest,
): Promise<{ items: ErrorGroup[]; isPartial: boolean }> {
  const params = new SqlParams();
  const { range, service, environment, fingerprint, limit } = request;
  const where = [
    timeWithin('Timestamp', range, params),
    ...(service === undefined ? [] : [`ServiceName = ${params.string(service)}`]),
    ...(environment === undefined ? [] : [`Environment = ${params.string(environment)}`]),
    ...(fingerprint === undefined ? [] : [`Fingerprint = ${params.uint(fingerprint)}`]),
  ];
  const ms = 'toUnixTimestamp64Milli(Timestamp)';
  const rows = await reader.rows<Row>(
    `SELECT toString(Fingerprint) AS fingerprint, ServiceName AS service, Environment AS environment,
  argMax(Type, Timestamp) AS type, substringUTF8(argMax(Message, Timestamp), 1, 500) AS message, count() AS count,
  uniqIf(if(UserId != '', UserId, SessionId), UserId != '' OR SessionId != '') AS people,
  min(${ms}) AS first, max(${ms}) AS last,
  arraySort(groupUniqArrayIf(20)(ServiceVersion, ServiceVersion != '')) AS versions,
  argMaxIf(TraceId, Timestamp, TraceId != '') AS traceId
FROM error_events WHERE ${where.join(' AND ')}
GROUP BY Fingerprint, ServiceName, Environment
ORDER BY count DESC, last DESC, fingerprint LIMIT ${limit + 1}`,
    params.values,
  );
  return {
    items: rows.slice(0, limit).map(({ first, last, ...row }) => ({
      ...row,
      firstAt: formatMs(first),
      lastAt: formatMs(last),
    })),
    isPartial: rows.length > limit,
  };
}

/** `from <= column < to` for a DateTime64. */
export function timeWithin(column: string, range: Range, params: SqlParams): string {
  const from = `fromUnixTimestamp64Milli(${params.int(Math.trunc(range.fromMs))})`;
  const to = `fromUnixTimestamp64Milli(${params.int(Math.trunc(range.toMs))})`;
  return `${column} >= ${from} AND ${column} < ${to}`;
}
