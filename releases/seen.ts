import type { TelemetryReader } from '../src/store/telemetry/database.js';
import type { SeenVersion, VersionsSeen } from './ports.js';

const milliseconds = (expression: string): string => `toInt64(toUnixTimestamp(${expression})) * 1000`;

/** From the per-minute rollups and the metric series, which are small: the signals themselves are not read. */
const sql = `
SELECT service, environment, version, min(first) AS firstAt, max(last) AS lastAt FROM (
  SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS version,
    ${milliseconds('min(Minute)')} AS first, ${milliseconds('max(Minute)')} AS last
  FROM service_minutes WHERE Minute >= fromUnixTimestamp64Milli({since:Int64}) AND ServiceVersion != ''
  GROUP BY service, environment, version
  UNION ALL
  SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS version,
    ${milliseconds('min(Minute)')} AS first, ${milliseconds('max(Minute)')} AS last
  FROM log_minutes WHERE Minute >= fromUnixTimestamp64Milli({since:Int64}) AND ServiceVersion != ''
  GROUP BY service, environment, version
  UNION ALL
  SELECT ServiceName AS service, Environment AS environment, ServiceVersion AS version,
    ${milliseconds('min(SeenAt)')} AS first, ${milliseconds('max(SeenAt)')} AS last
  FROM metric_series WHERE SeenAt >= fromUnixTimestamp64Milli({since:Int64}) AND ServiceVersion != ''
  GROUP BY service, environment, version
)
WHERE service != ''
GROUP BY service, environment, version
ORDER BY lastAt DESC, service, version
LIMIT {limit:UInt32}`;

export function versionsSeen(reader: TelemetryReader): VersionsSeen {
  return {
    since: (at: number, limit: number): Promise<SeenVersion[]> =>
      reader.rows<SeenVersion>(sql, { since: at, limit }),
  };
}
