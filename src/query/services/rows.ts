import type { ServiceRow, Services } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import type { CurrentVersion, CurrentVersions, OpenIncident, OpenIncidents } from '../ports.js';
import { bucketOf, SqlParams } from '../sql.js';
import { formatMs, type Grid } from '../time-range.js';

export interface ServicesDeps {
  readonly reader: TelemetryReader;
  readonly versions: CurrentVersions;
  readonly incidents: OpenIncidents;
}

export interface ServicesRequest {
  readonly grid: Grid;
  readonly environment: string | undefined;
}

/** More services than people can compare; the busiest come first. */
const maxServices = 200;
/** How far back a version's first minute is looked for. */
const versionReachMs = 30 * 86_400_000;

/** What each service did in the range, from the rollups per minute; the busiest first. */
export async function serviceRows(deps: ServicesDeps, request: ServicesRequest): Promise<Services> {
  const [totals, points, logErrors, seen, told, open] = await Promise.all([
    readTotals(deps.reader, request),
    readPoints(deps.reader, request),
    readLogErrors(deps.reader, request),
    readVersions(deps.reader, request),
    deps.versions.current(request.environment),
    deps.incidents.open(),
  ]);
  const { grid } = request;
  const versions = new Map<string, VersionRow | CurrentVersion>();
  for (const version of [...seen, ...told]) versions.set(keyOf(version), version);
  const totalsOf = new Map(totals.map((row) => [keyOf(row), row]));
  const errorsOf = new Map(logErrors.map((row) => [keyOf(row), row.errors]));
  const rows = new Map<string, ServiceRow>();
  for (const { service, environment } of [...totals, ...logErrors].slice(0, 2 * maxServices)) {
    const key = keyOf({ service, environment });
    const total = totalsOf.get(key);
    const version = versions.get(key);
    if (rows.has(key) || rows.size >= maxServices) continue;
    rows.set(key, {
      service,
      environment,
      version: version?.version ?? '',
      versionSince: version?.since == null ? null : formatMs(version.since),
      requests: total?.requests ?? 0,
      errors: total?.errors ?? 0,
      p95: finite(total?.p95),
      logErrors: errorsOf.get(key) ?? 0,
      requestPoints: zeros(grid.buckets),
      errorPoints: zeros(grid.buckets),
      p95Points: Array.from({ length: grid.buckets }, () => null),
      openIncidents: openFor(open, service, environment),
    });
  }
  for (const point of points) {
    const row = rows.get(keyOf(point));
    if (!row || point.bucket < 0 || point.bucket >= grid.buckets) continue;
    row.requestPoints[point.bucket] = point.requests;
    row.errorPoints[point.bucket] = point.errors;
    row.p95Points[point.bucket] = finite(point.p95);
  }
  return {
    from: formatMs(grid.fromMs),
    to: formatMs(grid.toMs),
    stepMs: grid.stepMs,
    items: [...rows.values()],
  };
}

interface ServiceKey {
  readonly service: string;
  readonly environment: string;
}

interface TotalRow extends ServiceKey {
  readonly requests: number;
  readonly errors: number;
  /** ms */
  readonly p95: number | null;
}

function keyOf({ service, environment }: ServiceKey): string {
  return JSON.stringify([service, environment]);
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

/** JSON has no NaN: ClickHouse writes null for the quantile of nothing. */
function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function openFor(open: readonly OpenIncident[], service: string, environment: string): number {
  return open.filter(
    (incident) =>
      incident.service === service && (incident.environment === '' || incident.environment === environment),
  ).length;
}

const sums = `sum(Requests) AS requests, sum(Errors) AS errors,
  quantilesTDigestMerge(0.5, 0.9, 0.95, 0.99)(Durations)[3] / 1e6 AS p95`;

function within(column: string, { grid, environment }: ServicesRequest, params: SqlParams): string {
  const range = params.minutesWithin(column, grid);
  return environment === undefined ? range : `${range} AND Environment = ${params.string(environment)}`;
}

async function readTotals(reader: TelemetryReader, request: ServicesRequest): Promise<TotalRow[]> {
  const params = new SqlParams();
  return reader.rows<TotalRow>(
    `SELECT ServiceName AS service, Environment AS environment, ${sums} FROM service_minutes
WHERE ${within('Minute', request, params)} GROUP BY service, environment
ORDER BY requests DESC, service, environment LIMIT ${maxServices}`,
    params.values,
  );
}

async function readPoints(
  reader: TelemetryReader,
  request: ServicesRequest,
): Promise<(TotalRow & { readonly bucket: number })[]> {
  const params = new SqlParams();
  const where = within('Minute', request, params);
  const bucket = bucketOf('toInt64(toUnixTimestamp(Minute)) * 1000', request.grid);
  return reader.rows(
    `SELECT ServiceName AS service, Environment AS environment, ${bucket} AS bucket, ${sums} FROM service_minutes
WHERE ${where} AND (ServiceName, Environment) GLOBAL IN (
  SELECT ServiceName, Environment FROM service_minutes WHERE ${where}
  GROUP BY ServiceName, Environment ORDER BY sum(Requests) DESC, ServiceName, Environment LIMIT ${maxServices})
GROUP BY service, environment, bucket`,
    params.values,
    { maxRows: maxServices * 501 },
  );
}

/** Services that log but serve no requests are rows too: with their errors, or with none. */
async function readLogErrors(
  reader: TelemetryReader,
  request: ServicesRequest,
): Promise<(ServiceKey & { readonly errors: number })[]> {
  const params = new SqlParams();
  return reader.rows(
    `SELECT ServiceName AS service, Environment AS environment, sumIf(Count, SeverityNumber >= 17) AS errors
FROM log_minutes WHERE ${within('Minute', request, params)} GROUP BY service, environment
ORDER BY sum(Count) DESC, service, environment LIMIT ${maxServices}`,
    params.values,
  );
}

interface VersionRow extends ServiceKey {
  readonly version: string;
  readonly since: number;
}

/** What telemetry knows: the version that began last among those seen in the range. */
async function readVersions(reader: TelemetryReader, request: ServicesRequest): Promise<VersionRow[]> {
  const params = new SqlParams();
  const { grid } = request;
  const reach = { ...request, grid: { ...grid, fromMs: Math.max(0, grid.toMs - versionReachMs) } };
  return reader.rows<VersionRow>(
    `SELECT service, environment, argMax(seen, (began, seen)) AS version, max(began) AS since FROM (
  SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS seen,
    toInt64(toUnixTimestamp(min(Minute))) * 1000 AS began, max(Minute) AS last
  FROM service_minutes WHERE ${within('Minute', reach, params)} AND ServiceVersion != ''
  GROUP BY service, environment, seen
  HAVING last >= toDateTime(${params.int(Math.floor(grid.fromMs / 1000))})
) GROUP BY service, environment`,
    params.values,
  );
}
