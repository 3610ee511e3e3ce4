import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams, type Sql } from '../sql.js';

export interface LatencyQuestion {
  readonly windowMs: number;
  /** Unix milliseconds: the end of the window, exclusive. */
  readonly at: number;
  readonly perOperation: boolean;
  /** From 0 to 1, each once. */
  readonly quantiles: readonly number[];
}

export interface LatencyRow {
  readonly service: string;
  readonly environment: string;
  readonly operation: string;
  readonly requests: number;
  /** In the order of the question's quantiles, ms. */
  readonly quantilesMs: readonly number[];
  readonly versions: readonly {
    readonly version: string;
    readonly requests: number;
    readonly quantilesMs: readonly number[];
  }[];
}

interface Row {
  readonly service: string;
  readonly environment: string;
  readonly operation: string;
  readonly requests: number;
  readonly quantiles: readonly (number | null)[];
  readonly versions: readonly [version: string, requests: number, quantiles: readonly (number | null)[]][];
}

const minuteMs = 60_000;
/** As for error ratios: below this the spans alone are cheaper than rollup and edges together. */
const spansOnlyMs = 10 * minuteMs;
/** Versions of a service in one window: more is a mistake of the sender (a version a build or process). */
const maxVersions = 50;

/**
 * How long requests took in exactly [at - window, at). Quantiles do not add up, so one question is for services
 * and another for operations; versions are merged from the same states (t-digest, as the rollup keeps them).
 */
export async function latencies(reader: TelemetryReader, question: LatencyQuestion): Promise<LatencyRow[]> {
  const { sql, params } = latencySql(question);
  const rows = await reader.rows<Row>(sql, params);
  return rows.map(({ quantiles, versions, ...row }) => ({
    ...row,
    quantilesMs: quantiles.map(toMs),
    versions: versions
      .map(([version, requests, some]) => ({ version, requests, quantilesMs: some.map(toMs) }))
      .sort((a, b) => b.requests - a.requests),
  }));
}

/** Nanoseconds; JSON writes NaN (of no value at all) as null. */
function toMs(nanoseconds: number | null): number {
  return nanoseconds === null ? Number.NaN : nanoseconds / 1e6;
}

export function latencySql({ windowMs, at, perOperation, quantiles }: LatencyQuestion): Sql {
  const params = new SqlParams();
  const from = at - windowMs;
  const operation = perOperation ? 'SpanName' : "''";
  const parts =
    windowMs <= spansOnlyMs
      ? [spans({ from, to: at, operation, params })]
      : minutesAndEdges({ from, to: at, operation, params });
  // Levels are literals in ClickHouse: numbers of ours, checked by the rule's schema.
  const levels = quantiles.map((quantile) => quantile.toFixed(6)).join(', ');
  const sql = `SELECT service, environment, operation, sum(n) AS requests, quantilesTDigestMerge(${levels})(durations) AS quantiles,
  arraySlice(arrayReverseSort(v -> v.2, groupArray((version, n, own))), 1, ${maxVersions}) AS versions
FROM (
SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS version, Operation AS operation,
  sum(Requests) AS n, quantilesTDigestMergeState(0.5, 0.9, 0.95, 0.99)(Durations) AS durations,
  quantilesTDigestMerge(${levels})(Durations) AS own
FROM (
${parts.join('\nUNION ALL\n')}
)
GROUP BY service, environment, version, operation
)
GROUP BY service, environment, operation`;
  return { sql, params: params.values };
}

interface Scan {
  readonly from: number;
  readonly to: number;
  readonly operation: string;
  readonly params: SqlParams;
}

function minutesAndEdges(scan: Scan): string[] {
  const { from, to, operation, params } = scan;
  const first = Math.ceil(from / minuteMs) * minuteMs;
  const last = Math.floor(to / minuteMs) * minuteMs;
  return [
    `SELECT ServiceName, Environment, ServiceVersion, ${operation} AS Operation, sum(service_minutes.Requests) AS Requests,
  quantilesTDigestMergeState(0.5, 0.9, 0.95, 0.99)(service_minutes.Durations) AS Durations
FROM service_minutes
WHERE ${params.minutesWithin('Minute', { fromMs: first, toMs: last })}
GROUP BY ServiceName, Environment, ServiceVersion, Operation`,
    ...(from < first ? [spans({ ...scan, to: first })] : []),
    ...(last < to ? [spans({ ...scan, from: last })] : []),
  ];
}

/** The same condition for a request as in the rollup's view. */
function spans({ from, to, operation, params }: Scan): string {
  return `SELECT ServiceName, Environment, ServiceVersion, ${operation} AS Operation, count() AS Requests,
  quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(toFloat32(Duration)) AS Durations
FROM otel_traces
WHERE ${params.within({ fromMs: from, toMs: to })}
  AND (SpanKind IN ('Server', 'Consumer') OR ParentSpanId = '')
GROUP BY ServiceName, Environment, ServiceVersion, Operation`;
}
