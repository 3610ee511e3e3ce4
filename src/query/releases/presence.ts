import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { minuteAsMs, minutesOf, type QueryPlace } from './place.js';

export interface PresenceQuestion extends QueryPlace {
  /** From here on versions are looked for, to the end of `after`. Unix ms. */
  readonly fromMs: number;
  /** Whole minutes in which the release ran. */
  readonly after: Range;
}

/** What telemetry carried of one version: empty for that without one. Times are minutes in Unix ms. */
export interface VersionPresence {
  readonly version: string;
  /** In the minutes of `after`. */
  readonly afterRequests: number;
  readonly afterLogs: number;
  readonly afterMinutes: readonly number[];
  /** Before `after` began. */
  readonly beforeRequests: number;
  readonly beforeLogs: number;
  readonly beforeFirstAt: number | null;
  readonly beforeLastAt: number | null;
}

interface Row extends Omit<VersionPresence, 'beforeFirstAt' | 'beforeLastAt'> {
  readonly beforeFirstAt: number;
  readonly beforeLastAt: number;
}

/** Which versions of a service telemetry carried before and after a moment; at most 200, the busiest first. */
export async function versionPresence(
  reader: TelemetryReader,
  question: PresenceQuestion,
): Promise<VersionPresence[]> {
  const params = new SqlParams();
  const { after, fromMs } = question;
  const where = minutesOf(question, { fromMs, toMs: after.toMs }, params);
  const isAfter = `Minute >= toDateTime(${params.int(Math.floor(after.fromMs / 1000))})`;
  const rows = await reader.rows<Row>(
    `SELECT version, sumIf(requests, later) AS afterRequests, sumIf(logs, later) AS afterLogs,
  arraySort(groupUniqArrayIf(1500)(minute, later)) AS afterMinutes,
  sumIf(requests, NOT later) AS beforeRequests, sumIf(logs, NOT later) AS beforeLogs,
  minIf(minute, NOT later) AS beforeFirstAt, maxIf(minute, NOT later) AS beforeLastAt
FROM (
  SELECT ServiceVersion AS version, ${minuteAsMs} AS minute, ${isAfter} AS later, sum(Requests) AS requests, 0 AS logs
  FROM service_minutes WHERE ${where} GROUP BY version, minute, later
  UNION ALL
  SELECT ServiceVersion AS version, ${minuteAsMs} AS minute, ${isAfter} AS later, 0 AS requests, sum(Count) AS logs
  FROM log_minutes WHERE ${where} GROUP BY version, minute, later
)
GROUP BY version ORDER BY afterRequests + beforeRequests DESC, afterLogs + beforeLogs DESC, version LIMIT 200`,
    params.values,
  );
  return rows.map((row) => ({
    ...row,
    beforeFirstAt: row.beforeFirstAt === 0 ? null : row.beforeFirstAt,
    beforeLastAt: row.beforeLastAt === 0 ? null : row.beforeLastAt,
  }));
}

export interface SeenPlace {
  readonly service: string;
  readonly environment: string;
}

/** Of these services, those that telemetry carried since a time: one question for many releases. */
export async function placesSeen(
  reader: TelemetryReader,
  services: readonly string[],
  sinceMs: number,
): Promise<SeenPlace[]> {
  if (services.length === 0) return [];
  const params = new SqlParams();
  const where = `ServiceName IN ${params.strings(services)} AND Minute >= toDateTime(${params.int(Math.floor(sinceMs / 1000))})`;
  return reader.rows<SeenPlace>(
    `SELECT DISTINCT service, environment FROM (
  SELECT ServiceName AS service, Environment AS environment FROM service_minutes WHERE ${where} GROUP BY service, environment
  UNION ALL
  SELECT ServiceName AS service, Environment AS environment FROM log_minutes WHERE ${where} GROUP BY service, environment
)`,
    params.values,
  );
}
