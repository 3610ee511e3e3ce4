import type { TelemetryReader } from '../../store/telemetry/database.js';
import { minuteAsMs } from '../releases/place.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

export interface VersionMinutesQuestion extends Range {
  readonly services: readonly string[];
  /** Empty: any. */
  readonly environment: string;
  readonly signal: 'errors' | 'latency' | 'logs';
  /** Only this operation of the first service; empty: all of them. */
  readonly operation: string;
  /** For latency: until here it is told what is slow, Unix ms. */
  readonly usualToMs: number;
}

export interface VersionMinuteRow {
  readonly service: string;
  readonly version: string;
  /** Unix ms. */
  readonly minute: number;
  readonly total: number;
  readonly failed: number;
}

/** 50 services, 4 versions each, for two hours. */
const maxRows = 24_000;
/** Of the usual requests this share is faster; what is slower than that counts as slow. */
const slowLevel = 0.95;
const levels = [...Array.from({ length: 19 }, (_, i) => (i + 1) / 20), 0.98, 0.99];

/** Requests, or log records, and the failures among them, by minute and version, from the rollups. */
export async function versionMinutes(
  reader: TelemetryReader,
  question: VersionMinutesQuestion,
): Promise<readonly VersionMinuteRow[]> {
  if (question.services.length === 0) return [];
  if (question.signal === 'latency') return slowMinutes(reader, question);
  const params = new SqlParams();
  const isLogs = question.signal === 'logs';
  // Severity 17 and above is ERROR and FATAL (OpenTelemetry's log data model).
  const counts = isLogs
    ? 'sum(Count) AS total, sumIf(Count, SeverityNumber >= 17) AS failed FROM log_minutes'
    : 'sum(Requests) AS total, sum(Errors) AS failed FROM service_minutes';
  return reader.rows<VersionMinuteRow>(
    `SELECT ServiceName AS service, ServiceVersion AS version, ${minuteAsMs} AS minute, ${counts}
WHERE ${where(question, params)}${isLogs ? '' : ofOperation(question, params)}
GROUP BY service, version, minute ORDER BY minute DESC, service, version LIMIT ${maxRows}`,
    params.values,
  );
}

interface SlowRow {
  readonly service: string;
  readonly version: string;
  readonly minute: number;
  readonly total: number;
  readonly usual: number;
  /** Nanoseconds, one a level. */
  readonly durations: readonly number[];
}

async function slowMinutes(
  reader: TelemetryReader,
  question: VersionMinutesQuestion,
): Promise<readonly VersionMinuteRow[]> {
  const params = new SqlParams();
  const place = where(question, params) + ofOperation(question, params);
  const usualTo = `Minute < toDateTime(${params.int(Math.floor(question.usualToMs / 1000))})`;
  const rows = await reader.rows<SlowRow>(
    `SELECT ServiceName AS service, ServiceVersion AS version, ${minuteAsMs} AS minute, sum(Requests) AS total,
  quantilesTDigestMerge(${levels.join(', ')})(Durations) AS durations, any(limit) AS usual
FROM service_minutes LEFT JOIN (
  SELECT ServiceName AS name, quantilesTDigestMerge(${slowLevel})(Durations)[1] AS limit FROM service_minutes
  WHERE ${place} AND ${usualTo} GROUP BY name
) AS baseline ON ServiceName = name
WHERE ${place}
GROUP BY service, version, minute ORDER BY minute DESC, service, version LIMIT ${maxRows}`,
    params.values,
  );
  return rows.map(({ durations, usual, ...row }) => ({
    ...row,
    // Without a time before it nothing is known to be slow.
    failed: usual > 0 ? Math.round(row.total * (1 - shareBelow(durations, usual))) : 0,
  }));
}

/** The share of values below a bound, read off the quantiles. */
function shareBelow(values: readonly number[], bound: number): number {
  let [share, value] = [0, 0];
  for (const [index, level] of levels.entries()) {
    const next = values[index] ?? 0;
    if (next > bound)
      return next === value ? level : share + ((bound - value) / (next - value)) * (level - share);
    [share, value] = [level, next];
  }
  return 1;
}

function where({ services, environment, fromMs, toMs }: VersionMinutesQuestion, params: SqlParams): string {
  const place = `ServiceName IN ${params.strings(services)}`;
  const named = environment === '' ? '' : ` AND Environment IN (${params.string(environment)}, '')`;
  return `${place}${named} AND ${params.minutesWithin('Minute', { fromMs, toMs })}`;
}

function ofOperation({ services, operation }: VersionMinutesQuestion, params: SqlParams): string {
  if (operation === '') return '';
  return ` AND (ServiceName != ${params.string(services[0] ?? '')} OR SpanName = ${params.string(operation)})`;
}
