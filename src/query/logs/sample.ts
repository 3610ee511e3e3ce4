import { whereOf, type Search } from '../search/search.js';
import { logs, type Column } from '../search/target.js';
import type { SqlParams } from '../sql.js';
import type { Range } from '../time-range.js';
import { severityNumberSql } from '../search/tests.js';

/**
 * What attributes there are, and their values, is asked of this many matching records: whichever come first, so
 * that a month costs no more than an hour.
 */
export const sampleSize = 20_000;

export function sampleSql(
  columns: string,
  { search, range }: { search: Search; range: Range },
  params: SqlParams,
): string {
  return `SELECT ${columns} FROM otel_logs
WHERE ${params.within(range)} AND (${whereOf(search, logs, params)}) LIMIT ${sampleSize}`;
}

/** The value of a field as text, and a condition for records that have one. */
export function valueSql(
  column: Column,
  params: SqlParams,
): { readonly value: string; readonly has: string } {
  switch (column.kind) {
    case 'word':
    case 'text':
      return { value: column.sql, has: `${column.sql} != ''` };
    case 'id':
      return { value: `toString(${column.sql})`, has: `${column.sql} != 0` };
    case 'severity': {
      const number = severityNumberSql(column.text);
      return { value: `toString(least(intDiv(${number} + 3, 4), 6))`, has: '1' };
    }
    case 'duration':
    case 'list':
      return { value: `toString(${column.sql})`, has: '1' };
    case 'attribute': {
      const places = column.places
        .filter(({ list }) => list !== true)
        .map(({ map, key }) => ({ map, name: params.string(key) }));
      const has = places.map(({ map, name }) => `mapContains(${map}, ${name})`);
      const value = places.reduceRight(
        (rest, { map, name }) => `if(mapContains(${map}, ${name}), ${map}[${name}], ${rest})`,
        "''",
      );
      return { value, has: `(${has.join(' OR ')})` };
    }
  }
}
