import type { LogFields } from '../../http/contract/telemetry.js';
import { severityBands } from '../../model/severity.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { searchFor } from '../search/search.js';
import { logs } from '../search/target.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { sampleSize, sampleSql, valueSql } from './sample.js';

export interface FieldsRequest {
  readonly range: Range;
  readonly field: string | undefined;
  readonly prefix: string;
}

const wellKnown = [
  'service',
  'level',
  'environment',
  'version',
  'body',
  'trace_id',
  'span_id',
  'event',
  'pattern',
];
const maxItems = 50;

/** Completion for the query bar: the fields that begin with the prefix, or the values of one field. */
export async function logFields(reader: TelemetryReader, request: FieldsRequest): Promise<LogFields> {
  const { field, prefix } = request;
  if (field === undefined) return { items: await fieldNames(reader, request) };
  const column = logs.column(field, undefined);
  if (column?.kind === 'severity') {
    const names = severityBands
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix.toLowerCase()));
    return { items: names.reverse().map((value) => ({ value, count: 0, type: 'value' })) };
  }
  if (!column || column.kind === 'text') return { items: [] };
  const params = new SqlParams();
  const { value, has } = valueSql(column, params);
  const rows = await reader.rows<{ value: string; n: number }>(
    `SELECT value, count() AS n FROM (
  SELECT ${value} AS value FROM otel_logs WHERE ${params.within(request.range)} AND ${has} LIMIT ${sampleSize})
WHERE value != '' AND startsWith(lowerUTF8(value), lowerUTF8(${params.string(prefix)}))
GROUP BY value ORDER BY n DESC, value LIMIT ${maxItems}`,
    params.values,
  );
  return { items: rows.map((row) => ({ value: row.value, count: row.n, type: 'value' })) };
}

async function fieldNames(
  reader: TelemetryReader,
  { range, prefix }: FieldsRequest,
): Promise<LogFields['items']> {
  const params = new SqlParams();
  const sample = sampleSql(
    `arrayConcat(arrayMap(k -> toString(k), mapKeys(LogAttributes)), arrayMap(k -> concat('resource.', k), mapKeys(ResourceAttributes))) AS keys`,
    { search: searchFor({ type: 'all' }), range },
    params,
  );
  const rows = await reader.rows<{ value: string; n: number }>(
    `SELECT value, count() AS n FROM (${sample}) ARRAY JOIN keys AS value
WHERE value != '' AND position(lowerUTF8(value), lowerUTF8(${params.string(prefix)})) > 0
GROUP BY value
ORDER BY startsWith(lowerUTF8(value), lowerUTF8(${params.string(prefix)})) DESC, n DESC, value LIMIT ${maxItems}`,
    params.values,
  );
  const known = wellKnown.filter((name) => name.startsWith(prefix.toLowerCase()));
  return [
    ...known.map((value) => ({ value, count: 0, type: 'field' as const })),
    ...rows.map((row) => ({ value: row.value, count: row.n, type: 'field' as const })),
  ];
}
