import type { LogFacets } from '../../http/contract/telemetry.js';
import { severityBands } from '../../model/severity.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import type { Search } from '../search/search.js';
import { severityNumberSql } from '../search/tests.js';
import { logMinutes } from '../search/target.js';
import { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { sampleSize, sampleSql } from './sample.js';

export interface FacetsRequest {
  readonly search: Search;
  readonly range: Range;
}

type Facet = LogFacets['items'][number];

const maxValues = 10;
const maxKeys = 20;
/** A key with more values than this in the sample tells records apart: it is no facet. */
const maxDistinct = 500;
/** Shown as fields of their own, or the same for all of a service. */
const hiddenKeys = [
  'service.name',
  'service.version',
  'deployment.environment',
  'deployment.environment.name',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'telemetry.sdk.language',
];

/** The most frequent values of the well-known fields, and of the attributes that most records have. */
export async function logFacets(reader: TelemetryReader, request: FacetsRequest): Promise<LogFacets> {
  const [known, attributes] = await Promise.all([
    wellKnown(reader, request),
    attributeFacets(reader, request),
  ]);
  const { facets, sampled } = attributes;
  return {
    items: [...known, ...facets],
    ...(sampled < sampleSize ? {} : { partial: `Attributes are counted over ${sampleSize} of the records.` }),
  };
}

interface CountRow {
  readonly field: string;
  readonly value: string;
  readonly n: number;
}

const dimensions = { service: 'ServiceName', environment: 'Environment', version: 'ServiceVersion' } as const;

async function wellKnown(reader: TelemetryReader, { search, range }: FacetsRequest): Promise<Facet[]> {
  const params = new SqlParams();
  const condition = search.condition(logMinutes, params);
  // The rollup counts whole minutes: those that begin in the range, and the one in which it begins.
  const minutes = { fromMs: Math.floor(range.fromMs / 60_000) * 60_000, toMs: range.toMs };
  const number = condition === undefined ? severityNumberSql('SeverityText') : 'SeverityNumber';
  const columns = Object.values(dimensions).join(', ');
  const source =
    condition === undefined
      ? sampleSql(`${columns}, SeverityNumber, SeverityText, 1 AS weight`, { search, range }, params)
      : `SELECT ${columns}, SeverityNumber, Count AS weight FROM log_minutes
WHERE ${params.minutesWithin('Minute', minutes)} AND (${condition})`;
  const pairs = Object.entries(dimensions).map(([field, column]) => `('${field}', toString(${column}))`);
  const level = `('level', toString(least(intDiv(${number} + 3, 4), 6)))`;
  const rows = await reader.rows<CountRow>(
    `SELECT pair.1 AS field, pair.2 AS value, sum(weight) AS n FROM (${source})
ARRAY JOIN [${[...pairs, level].join(', ')}] AS pair WHERE value != ''
GROUP BY field, value ORDER BY n DESC, value LIMIT ${maxValues} BY field`,
    params.values,
  );
  return ['service', 'level', 'environment', 'version'].flatMap((field) => {
    const found = rows.filter((row) => row.field === field);
    const values = found.map(({ value, n }) => ({
      value: field === 'level' ? (severityBands[Number(value)]?.name ?? 'unset') : value,
      count: n,
    }));
    return values.length === 0 ? [] : [{ field, values }];
  });
}

async function attributeFacets(
  reader: TelemetryReader,
  request: FacetsRequest,
): Promise<{ facets: Facet[]; sampled: number }> {
  const params = new SqlParams();
  const sample = sampleSql(
    `arrayConcat(
    arrayMap((k, v) -> (toString(k), v), mapKeys(LogAttributes), mapValues(LogAttributes)),
    arrayMap((k, v) -> (concat('resource.', k), v), mapKeys(ResourceAttributes), mapValues(ResourceAttributes))) AS pairs`,
    request,
    params,
  );
  // Each record carries one more pair, without a name: how many of them there are in the sample.
  const rows = await reader.rows<{ field: string; records: number; top: [string, number][] }>(
    `SELECT field, sum(n) AS records, groupArray(${maxValues})((value, n)) AS top FROM (
  SELECT pair.1 AS field, pair.2 AS value, count() AS n FROM (${sample}) ARRAY JOIN arrayPushBack(pairs, ('', '1')) AS pair
  WHERE value != '' AND length(value) <= 200
    AND NOT has(${params.strings([...hiddenKeys, ...hiddenKeys.map((key) => `resource.${key}`)])}, field)
  GROUP BY field, value ORDER BY n DESC, value
) GROUP BY field HAVING count() <= ${maxDistinct} ORDER BY field = '' DESC, records DESC, field LIMIT ${maxKeys + 1}`,
    params.values,
  );
  const [records, ...keys] = rows;
  const facets = keys.map(({ field, top }) => ({
    field,
    values: top.map(([value, count]) => ({ value, count })),
  }));
  return { facets, sampled: records?.records ?? 0 };
}
