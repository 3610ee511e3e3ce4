import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

export interface RatingRow {
  readonly service: string;
  readonly version: string;
  readonly rated: number;
  /** One or two of five. */
  readonly bad: number;
}

/** What people gave each version of some services in a time. A feedback may come in twice: ids are counted. */
export async function ratingsByVersion(
  reader: TelemetryReader,
  { services, fromMs, toMs }: Range & { readonly services: readonly string[] },
): Promise<readonly RatingRow[]> {
  if (services.length === 0) return [];
  const params = new SqlParams();
  const time = (ms: number): string => `fromUnixTimestamp64Milli(${params.int(ms)})`;
  return reader.rows<RatingRow>(
    `SELECT ServiceName AS service, ServiceVersion AS version, uniqExact(Id) AS rated,
  uniqExactIf(Id, Rating <= 2) AS bad
FROM feedback WHERE ServiceName IN ${params.strings(services)} AND Rating > 0 AND ServiceVersion != ''
  AND At >= ${time(fromMs)} AND At < ${time(toMs)}
GROUP BY service, version ORDER BY rated DESC LIMIT 200`,
    params.values,
  );
}
