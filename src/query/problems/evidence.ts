import type { TelemetryReader } from '../../store/telemetry/database.js';
import { timeWithin } from '../errors/groups.js';
import { SqlParams } from '../sql.js';

/** Where and when something went wrong. Unix milliseconds. */
export interface EvidenceQuestion {
  readonly services: readonly string[];
  /** Empty: any. */
  readonly environment: string;
  readonly from: number;
  readonly to: number;
  /** What was usual is looked up from here to `from`. */
  readonly usualFrom: number;
}

/** A group or pattern, with how often it was seen in the time and in the usual time before it. */
export interface Sign {
  readonly service: string;
  readonly fingerprint: string;
  readonly title: string;
  readonly count: number;
  readonly usual: number;
}

/** Rows of each kind that are weighed. */
const maxSigns = 50;

/** Error groups of the time, the most frequent first. */
export function errorSigns(reader: TelemetryReader, question: EvidenceQuestion): Promise<Sign[]> {
  const params = new SqlParams();
  return reader.rows<Sign>(
    `SELECT ServiceName AS service, toString(Fingerprint) AS fingerprint,
  concat(argMax(Type, Timestamp), if(argMax(Type, Timestamp) = '', '', ': '), substringUTF8(argMax(Message, Timestamp), 1, 300)) AS title,
  ${counts(question, params)}
FROM error_events WHERE ${places(question, params)}
GROUP BY Fingerprint, ServiceName HAVING count > 0 ORDER BY count DESC, fingerprint LIMIT ${maxSigns}`,
    params.values,
  );
}

/** Log patterns of severity error and above, the most frequent first. */
export function patternSigns(reader: TelemetryReader, question: EvidenceQuestion): Promise<Sign[]> {
  const params = new SqlParams();
  const days = { fromMs: question.usualFrom, toMs: question.to };
  return reader.rows<Sign>(
    `SELECT ServiceName AS service, toString(Fingerprint) AS fingerprint,
  substringUTF8(any(Body), 1, 300) AS title, ${counts(question, params)}
FROM otel_logs WHERE ${places(question, params)} AND ${params.within(days)}
  AND SeverityNumber >= 17 AND Fingerprint != 0
GROUP BY Fingerprint, ServiceName HAVING count > 0 ORDER BY count DESC, fingerprint LIMIT ${maxSigns}`,
    params.values,
  );
}

function counts({ from }: EvidenceQuestion, params: SqlParams): string {
  const start = `fromUnixTimestamp64Milli(${params.int(Math.trunc(from))})`;
  return `countIf(Timestamp >= ${start}) AS count, countIf(Timestamp < ${start}) AS usual`;
}

function places({ services, environment, usualFrom, to }: EvidenceQuestion, params: SqlParams): string {
  const where = [
    timeWithin('Timestamp', { fromMs: usualFrom, toMs: to }, params),
    `ServiceName IN ${params.strings(services)}`,
    ...(environment === '' ? [] : [`Environment = ${params.string(environment)}`]),
  ];
  return where.join(' AND ');
}

/** What a log pattern is, over a time; undefined when it was not seen. */
export async function patternFacts(
  reader: TelemetryReader,
  asked: {
    readonly service: string;
    readonly fingerprint: string;
    readonly from: number;
    readonly to: number;
  },
): Promise<{ title: string; first: number; environments: string[] } | undefined> {
  const params = new SqlParams();
  const [row] = await reader.rows<{ title: string; first: number; environments: string[]; n: number }>(
    `SELECT any(Sample) AS title, toInt64(toUnixTimestamp(min(Minute))) * 1000 AS first,
  groupUniqArray(5)(Environment) AS environments, sum(Count) AS n
FROM log_minutes WHERE ServiceName = ${params.string(asked.service)} AND Fingerprint = ${params.uint(asked.fingerprint)}
  AND ${params.minutesWithin('Minute', { fromMs: asked.from, toMs: asked.to })}`,
    params.values,
  );
  return row === undefined || row.n === 0 ? undefined : row;
}

/** Error groups in the traces and sessions in which people said something, the most frequent first. */
export function errorsAroundFeedback(
  reader: TelemetryReader,
  asked: { readonly ids: readonly string[]; readonly from: number; readonly to: number },
): Promise<Omit<Sign, 'usual'>[]> {
  const params = new SqlParams();
  const said = `FROM feedback WHERE Id IN ${params.strings(asked.ids)}`;
  return reader.rows(
    `SELECT ServiceName AS service, toString(Fingerprint) AS fingerprint,
  concat(argMax(Type, Timestamp), if(argMax(Type, Timestamp) = '', '', ': '), substringUTF8(argMax(Message, Timestamp), 1, 300)) AS title,
  count() AS count
FROM error_events WHERE ${timeWithin('Timestamp', { fromMs: asked.from, toMs: asked.to }, params)}
  AND (TraceId GLOBAL IN (SELECT TraceId ${said} AND TraceId != '')
    OR SessionId GLOBAL IN (SELECT SessionId ${said} AND SessionId != ''))
GROUP BY Fingerprint, ServiceName ORDER BY count DESC, fingerprint LIMIT 5`,
    params.values,
  );
}
