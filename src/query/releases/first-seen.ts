import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { minuteAsMs, minutesOf, placeIs, type QueryPlace } from './place.js';

export interface FirstSeenQuestion extends QueryPlace {
  /** Undefined: telemetry that carries no version is told apart by time alone. */
  readonly version: string | undefined;
  readonly after: Range;
  /** What was seen from here on until `after`, or of another version, is not new. Unix ms. */
  readonly knownFromMs: number;
  readonly limit: number;
}

export interface FirstSeenRow {
  readonly kind: 'pattern' | 'error_group';
  /** Decimal: a UInt64. */
  readonly fingerprint: string;
  readonly sample: string;
  readonly severityNumber: number;
  readonly count: number;
  /** Unix ms. */
  readonly firstAt: number;
}

/** Patterns and error groups that only the later side has: the severest first, then the most frequent. */
export async function firstSeen(
  reader: TelemetryReader,
  question: FirstSeenQuestion,
): Promise<FirstSeenRow[]> {
  const [groups, patterns] = await Promise.all([errorGroups(reader, question), patternsOf(reader, question)]);
  return [...groups, ...patterns]
    .toSorted((a, b) => b.severityNumber - a.severityNumber || b.count - a.count)
    .slice(0, question.limit);
}

async function patternsOf(reader: TelemetryReader, question: FirstSeenQuestion): Promise<FirstSeenRow[]> {
  const params = new SqlParams();
  const own = ownIs(question, 'Minute >= toDateTime', 1000, params);
  const range = { fromMs: question.knownFromMs, toMs: question.after.toMs };
  return reader.rows<FirstSeenRow>(
    `SELECT 'pattern' AS kind, toString(Fingerprint) AS fingerprint, anyIf(Sample, ${own}) AS sample,
  max(SeverityNumber) AS severityNumber, sumIf(Count, ${own}) AS count, minIf(${minuteAsMs}, ${own}) AS firstAt
FROM log_minutes WHERE ${minutesOf(question, range, params)} AND Fingerprint != 0
GROUP BY Fingerprint HAVING count > 0 AND countIf(NOT (${own})) = 0
ORDER BY severityNumber DESC, count DESC, fingerprint LIMIT ${Math.trunc(question.limit)}`,
    params.values,
  );
}

/** `error_events` is sorted by service and group: only this service's are read. */
async function errorGroups(reader: TelemetryReader, question: FirstSeenQuestion): Promise<FirstSeenRow[]> {
  const params = new SqlParams();
  const own = ownIs(question, 'Timestamp >= fromUnixTimestamp64Milli', 1, params);
  const time = (ms: number): string => `fromUnixTimestamp64Milli(${params.int(ms)})`;
  return reader.rows<FirstSeenRow>(
    `SELECT 'error_group' AS kind, toString(Fingerprint) AS fingerprint,
  substringUTF8(anyIf(if(Type = '', Message, concat(Type, ': ', Message)), ${own}), 1, 400) AS sample,
  17 AS severityNumber, countIf(${own}) AS count, toUnixTimestamp64Milli(minIf(Timestamp, ${own})) AS firstAt
FROM error_events WHERE ${placeIs(question, params)}
  AND Timestamp >= ${time(question.knownFromMs)} AND Timestamp < ${time(question.after.toMs)}
GROUP BY Fingerprint HAVING count > 0 AND countIf(NOT (${own})) = 0
ORDER BY count DESC, fingerprint LIMIT ${Math.trunc(question.limit)}`,
    params.values,
  );
}

function ownIs(question: FirstSeenQuestion, since: string, unitMs: number, params: SqlParams): string {
  const began = `${since}(${params.int(Math.floor(question.after.fromMs / unitMs))})`;
  return question.version === undefined
    ? began
    : `(${began} AND ServiceVersion = ${params.string(question.version)})`;
}
