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
  const [rollup, sample] = await Promise.all([fromRollup(reader, request), fromSample(reader, request)]);
  const full = sample.sampled < sampleSize;
  const counted = rollup === undefined ? 'Values' : 'Attributes';
  return {
    items: [...knownFacets(rollup ?? sample.rows), ...attributeFacets(sample.rows)],
    ...(full ? {} : { partial: `${counted} are counted over ${sampleSize} of the records.` }),
  };
}

interface FacetRow {
  readonly known: boolean;
  readonly field: string;
  readonly top: readonly (readonly [value: string, count: number])[];
}

const order = ['service', 'level', 'environment', 'version'] as const;
const dimensions = { service: 'ServiceName', environment: 'Environment', version: 'ServiceVersion' } as const;

/** Names and values of the well-known fields, as an Array(Tuple(String, String)). */
function knownPairs(severityNumber: string): string {
  const pairs = Object.entries(dimensions).map(([field, column]) => `('${field}', toString(${column}))`);
  return `[${pairs.join(', ')}, ('level', toString(least(intDiv(${severityNumber} + 3, 4), 6)))]`;
}

/** All records are counted where the rollup per minute can answer; undefined where it cannot. */
async function fromRollup(
  reader: TelemetryReader,
  { search, range }: FacetsRequest,
): Promise<FacetRow[] | undefined> {
  const params = new SqlParams();
  const condition = search.condition(logMinutes, params);
  if (condition === undefined) return undefined;
  // The minute in which the range begins counts as a whole.
  const minutes = { fromMs: Math.floor(range.fromMs / 60_000) * 60_000, toMs: range.toMs };
  return reader.rows<FacetRow>(
    `SELECT true AS known, field, groupArray(${maxValues})((value, n)) AS top FROM (
  SELECT pair.1 AS field, pair.2 AS value, sum(Count) AS n FROM log_minutes
  ARRAY JOIN ${knownPairs('SeverityNumber')} AS pair
  WHERE value != '' AND ${params.minutesWithin('Minute', minutes)} AND (${condition})
  GROUP BY field, value ORDER BY n DESC, value
) GROUP BY field`,
    params.values,
  );
}

async function fromSample(
  reader: TelemetryReader,
  request: FacetsRequest,
): Promise<{ readonly rows: FacetRow[]; readonly sampled: number }> {
  const params = new SqlParams();
  const attributes = (map: string, prefix: string): string =>
    `arrayMap((k, v) -> (false, concat('${prefix}', k), v), mapKeys(${map}), mapValues(${map}))`;
  // Each record carries one more triple, without a name: how many of them there are in the sample.
  const sample = sampleSql(
    `arrayConcat([(true, '', '1')],
    arrayMap(pair -> (true, pair.1, pair.2), ${knownPairs(severityNumberSql('SeverityText'))}),
    ${attributes('LogAttributes', '')}, ${attributes('ResourceAttributes', 'resource.')}) AS triples`,
    request,
    params,
  );
  const hidden = params.strings([...hiddenKeys, ...hiddenKeys.map((key) => `resource.${key}`)]);
  const rows = await reader.rows<FacetRow>(
    `SELECT known, field, groupArray(${maxValues})((value, n)) AS top FROM (
  SELECT triple.1 AS known, triple.2 AS field, triple.3 AS value, count() AS n FROM (${sample}) ARRAY JOIN triples AS triple
  WHERE value != '' AND length(value) <= 200 AND (known OR field != '') AND NOT has(${hidden}, field)
  GROUP BY known, field, value ORDER BY n DESC, value
) GROUP BY known, field HAVING known OR count() <= ${maxDistinct}
ORDER BY known DESC, sum(n) DESC, field LIMIT ${maxKeys + order.length + 1}`,
    params.values,
  );
  const sampled = rows.find(({ field }) => field === '')?.top[0]?.[1] ?? 0;
  return { rows, sampled };
}

function knownFacets(rows: readonly FacetRow[]): Facet[] {
  return order.flatMap((field) => {
    const found = rows.find((row) => row.known && row.field === field);
    if (!found) return [];
    const nameOf = (value: string): string =>
      field === 'level' ? (severityBands[Number(value)]?.name ?? 'unset') : value;
    return [{ field, values: found.top.map(([value, count]) => ({ value: nameOf(value), count })) }];
  });
}

function attributeFacets(rows: readonly FacetRow[]): Facet[] {
  return rows
    .filter(({ known }) => !known)
    .slice(0, maxKeys)
    .map(({ field, top }) => ({ field, values: top.map(([value, count]) => ({ value, count })) }));
}
