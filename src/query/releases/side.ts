import type { QuantileFunction } from '../../lib/statistics/quantiles.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { bucketOf, SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { minuteAsMs, minutesOf, type QueryPlace } from './place.js';

/** A version of a service in a stretch of whole minutes. */
export interface SideQuestion extends QueryPlace, Range {
  /** Undefined: whatever version, for telemetry that carries none. */
  readonly version: string | undefined;
  /** Whole minutes. */
  readonly stepMs: number;
}

/** Counts of a stretch of time; durations in ms. */
export interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
  readonly durations: QuantileFunction;
}

export interface RequestPoint {
  readonly bucket: number;
  readonly requests: number;
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface OperationCounts extends RequestCounts {
  readonly operation: string;
  readonly points: readonly RequestPoint[];
}

/** What one side of a comparison did, from the rollups per minute. */
export interface SideCounts extends RequestCounts {
  readonly points: readonly RequestPoint[];
  /** The busiest first. */
  readonly operations: readonly OperationCounts[];
  readonly logs: number;
  readonly errorLogs: number;
  readonly logPoints: readonly LogPoint[];
  /** Feedbacks with a rating, and those of them with at most two of five. */
  readonly ratings: number;
  readonly badRatings: number;
}

export interface LogPoint {
  readonly bucket: number;
  readonly logs: number;
  readonly errorLogs: number;
}

/** More operations than people compare. */
const maxOperations = 60;
/** A year of a bake time would still be this many points. */
const maxPoints = 20_000;

/**
 * Where the durations' distribution is read off the digest: the bounds of a quantile lie at other levels, which
 * depend on how much was seen. A state of quantiles answers for any level, not only for those it is declared with.
 */
const levels: readonly number[] = [
  ...Array.from({ length: 91 }, (_, i) => (5 + i) / 100),
  ...Array.from({ length: 24 }, (_, i) => (952 + 2 * i) / 1000),
  0.999,
  0.9995,
];
const quantiles = `quantilesTDigestMerge(${levels.join(', ')})(Durations)`;
const pointQuantiles = 'quantilesTDigestMerge(0.5, 0.95, 0.99)(Durations)';

export async function sideCounts(reader: TelemetryReader, question: SideQuestion): Promise<SideCounts> {
  const [totals, points, logs, ratings] = await Promise.all([
    readTotals(reader, question),
    readPoints(reader, question),
    readLogs(reader, question),
    readRatings(reader, question),
  ]);
  const total = totals.find(({ isTotal }) => isTotal === 1);
  const operations = totals.filter(({ isTotal }) => isTotal === 0);
  const operationPoints = await readOperationPoints(
    reader,
    question,
    operations.map(({ operation }) => operation),
  );
  return {
    ...countsOf(total),
    points,
    operations: operations.map((row) => ({
      ...countsOf(row),
      operation: row.operation,
      points: operationPoints.get(row.operation) ?? [],
    })),
    logs: logs.reduce((sum, point) => sum + point.logs, 0),
    errorLogs: logs.reduce((sum, point) => sum + point.errorLogs, 0),
    logPoints: logs,
    ...ratings,
  };
}

function ofVersion({ version }: SideQuestion, params: SqlParams): string {
  return version === undefined ? '' : ` AND ServiceVersion = ${params.string(version)}`;
}

interface TotalRow {
  readonly operation: string;
  /** 1: of all operations. */
  readonly isTotal: number;
  readonly requests: number;
  readonly errors: number;
  /** Nanoseconds. */
  readonly durations: readonly number[];
}

async function readTotals(reader: TelemetryReader, question: SideQuestion): Promise<TotalRow[]> {
  const params = new SqlParams();
  return reader.rows<TotalRow>(
    `SELECT SpanName AS operation, toUInt8(grouping(SpanName) = 1) AS isTotal, sum(Requests) AS requests,
  sum(Errors) AS errors, ${quantiles} AS durations
FROM service_minutes WHERE ${minutesOf(question, question, params)}${ofVersion(question, params)}
GROUP BY GROUPING SETS ((SpanName), ())
ORDER BY isTotal DESC, requests DESC, operation LIMIT ${maxOperations + 1}`,
    params.values,
  );
}

function countsOf(row: TotalRow | undefined): RequestCounts {
  if (!row || row.requests === 0) return { requests: 0, errors: 0, durations: { levels: [], values: [] } };
  return {
    requests: row.requests,
    errors: row.errors,
    durations: { levels, values: row.durations.map((ns) => ns / 1e6) },
  };
}

interface PointRow {
  readonly operation: string;
  readonly bucket: number;
  readonly requests: number;
  readonly errors: number;
  readonly durations: readonly (number | null)[];
}

async function readPoints(reader: TelemetryReader, question: SideQuestion): Promise<RequestPoint[]> {
  const params = new SqlParams();
  const rows = await reader.rows<Omit<PointRow, 'operation'>>(
    `SELECT ${bucketOf(minuteAsMs, question)} AS bucket, sum(Requests) AS requests, sum(Errors) AS errors,
  ${pointQuantiles} AS durations
FROM service_minutes WHERE ${minutesOf(question, question, params)}${ofVersion(question, params)}
GROUP BY bucket ORDER BY bucket LIMIT ${maxPoints}`,
    params.values,
  );
  return rows.map(toPoint);
}

async function readOperationPoints(
  reader: TelemetryReader,
  question: SideQuestion,
  operations: readonly string[],
): Promise<Map<string, RequestPoint[]>> {
  const found = new Map<string, RequestPoint[]>();
  if (operations.length === 0) return found;
  const params = new SqlParams();
  const rows = await reader.rows<PointRow>(
    `SELECT SpanName AS operation, ${bucketOf(minuteAsMs, question)} AS bucket, sum(Requests) AS requests,
  sum(Errors) AS errors, ${pointQuantiles} AS durations
FROM service_minutes WHERE ${minutesOf(question, question, params)}${ofVersion(question, params)}
  AND SpanName IN ${params.strings(operations)}
GROUP BY operation, bucket ORDER BY operation, bucket LIMIT ${maxPoints}`,
    params.values,
  );
  for (const row of rows) {
    const points = found.get(row.operation);
    if (points) points.push(toPoint(row));
    else found.set(row.operation, [toPoint(row)]);
  }
  return found;
}

function toPoint({ bucket, requests, errors, durations }: Omit<PointRow, 'operation'>): RequestPoint {
  const ms = (index: number): number | null => {
    const ns = durations[index];
    return ns == null || !Number.isFinite(ns) ? null : ns / 1e6;
  };
  return { bucket, requests, errors, p50: ms(0), p95: ms(1), p99: ms(2) };
}

/** Severity 17 and above is ERROR and FATAL (OpenTelemetry's log data model). */
async function readLogs(reader: TelemetryReader, question: SideQuestion): Promise<LogPoint[]> {
  const params = new SqlParams();
  return reader.rows<LogPoint>(
    `SELECT ${bucketOf(minuteAsMs, question)} AS bucket, sum(Count) AS logs, sumIf(Count, SeverityNumber >= 17) AS errorLogs
FROM log_minutes WHERE ${minutesOf(question, question, params)}${ofVersion(question, params)}
GROUP BY bucket ORDER BY bucket LIMIT ${maxPoints}`,
    params.values,
  );
}

async function readRatings(
  reader: TelemetryReader,
  question: SideQuestion,
): Promise<{ ratings: number; badRatings: number }> {
  const params = new SqlParams();
  const { service, environment } = question;
  const time = (ms: number): string => `fromUnixTimestamp64Milli(${params.int(ms)})`;
  const place = `ServiceName = ${params.string(service)}${environment === '' ? '' : ` AND Environment = ${params.string(environment)}`}`;
  // A feedback may come in twice: distinct ids are counted, which is cheaper than FINAL.
  const [row] = await reader.rows<{ ratings: number; badRatings: number }>(
    `SELECT uniqExactIf(Id, Rating > 0) AS ratings, uniqExactIf(Id, Rating BETWEEN 1 AND 2) AS badRatings
FROM feedback WHERE ${place} AND At >= ${time(question.fromMs)} AND At < ${time(question.toMs)}${ofVersion(question, params)}`,
    params.values,
  );
  return { ratings: row?.ratings ?? 0, badRatings: row?.badRatings ?? 0 };
}
