import type { List } from '../../http/contract/common.js';
import type { MetricName } from '../../http/contract/telemetry.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';

/** A series is written again every hour while it lives (src/model/rows/tables.ts). */
export const seriesRefreshMs = 2 * 3_600_000;

/** The metrics that had samples in the range, by name. */
export async function metricNames(
  reader: TelemetryReader,
  { range, search, limit }: { readonly range: Range; readonly search: string; readonly limit: number },
): Promise<List<MetricName>> {
  const params = new SqlParams();
  const from = params.int(Math.trunc(Math.max(0, range.fromMs - seriesRefreshMs)));
  const found =
    search === ''
      ? ''
      : `AND (position(lower(Name), ${params.string(search.toLowerCase())}) > 0 OR position(lower(OtelName), ${params.string(search.toLowerCase())}) > 0)`;
  const rows = await reader.rows<MetricName>(
    `SELECT Name AS name, argMax(Kind, SeenAt) AS kind, argMax(Unit, SeenAt) AS unit,
  argMax(Description, SeenAt) AS description, uniqExact(Id) AS series,
  arraySlice(arraySort(groupUniqArrayArray(100)(mapKeys(Labels))), 1, 100) AS labels
FROM metric_series WHERE SeenAt >= fromUnixTimestamp64Milli(${from}) ${found}
GROUP BY Name ORDER BY Name LIMIT ${limit + 1}`,
    params.values,
  );
  return {
    items: rows.slice(0, limit),
    nextCursor: null,
    ...(rows.length > limit ? { partial: `The first ${limit} names: search for part of a name.` } : {}),
  };
}
