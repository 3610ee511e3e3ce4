import type { TelemetryReader } from '../../store/telemetry/database.js';
import { searchOf, whereOf } from '../search/search.js';
import { logs } from '../search/target.js';
import { SqlParams } from '../sql.js';

export interface CommonLogsQuestion {
  readonly windowMs: number;
  readonly at: number;
  readonly search: string;
}

export interface CommonLogRow {
  readonly service: string;
  readonly environment: string;
  readonly body: string;
  readonly records: number;
}

const maxPlaces = 1000;

/** Of each service and environment the pattern that a search finds most often in [at - window, at). */
export function commonLogs(
  reader: TelemetryReader,
  { windowMs, at, search }: CommonLogsQuestion,
): Promise<CommonLogRow[]> {
  const params = new SqlParams();
  const condition = whereOf(searchOf(search), logs, params);
  const sql = `SELECT ServiceName AS service, Environment AS environment, substringUTF8(argMax(Body, Timestamp), 1, 300) AS body, count() AS records
FROM otel_logs
WHERE ${params.within({ fromMs: at - windowMs, toMs: at })} AND (${condition})
GROUP BY service, environment, Fingerprint
ORDER BY records DESC LIMIT 1 BY service, environment LIMIT ${maxPlaces}`;
  return reader.rows<CommonLogRow>(sql, params.values);
}
