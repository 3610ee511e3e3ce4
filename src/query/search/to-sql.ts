import type { SqlParams } from '../sql.js';
import { attributeTest, idTest, listTest, quantityTest, severityTest, wordTest } from './tests.js';
import { refuse } from './scanner.js';
import type { Column, Target } from './target.js';
import { textTest } from './text.js';
import type { Query, Test } from './tree.js';

/**
 * The SQL condition (UInt8, never NULL, so that NOT means what it says) of a query over a table. User text
 * goes into `params` alone. Undefined: the table does not have what the query asks about.
 */
export function conditionOf(query: Query, target: Target, params: SqlParams): string | undefined {
  switch (query.type) {
    case 'all':
      return '1';
    case 'not': {
      const item = conditionOf(query.item, target, params);
      return item === undefined ? undefined : `NOT (${item})`;
    }
    case 'and':
    case 'or': {
      const items = query.items.map((item) => conditionOf(item, target, params));
      if (items.includes(undefined)) return undefined;
      return items.map((item) => `(${item ?? ''})`).join(query.type === 'and' ? ' AND ' : ' OR ');
    }
    case 'test': {
      const { field, test, at } = query;
      if (field === undefined) {
        return target.text === undefined ? undefined : textTest(target.text, test, params);
      }
      const column = target.column(field, valueOf(test));
      return column && columnTest(column, { field, test, at }, params);
    }
  }
}

/** The text that a test compares with: `status:error` and `status:500` are about different columns. */
function valueOf(test: Test): string | undefined {
  return test.type === 'is' ? test.value : undefined;
}

function columnTest(
  column: Column,
  { field, test, at }: { field: string; test: Test; at: number },
  params: SqlParams,
): string | undefined {
  if (test.type === 'compare' && ['text', 'id', 'list'].includes(column.kind)) {
    throw refuse(`${field} is no quantity: it cannot be compared with ${test.op}.`, at);
  }
  if (test.type === 'compare' && test.bound.quantity === undefined && column.kind !== 'severity') {
    throw refuse(
      `${field}${test.op}${test.bound.text}: only numbers (500), durations (250ms) and sizes (64KiB) can be compared.`,
      at,
    );
  }
  switch (column.kind) {
    case 'text':
      return textTest(column.sql, test, params);
    case 'word':
      return wordTest(
        column.ignoreCase === true ? `lower(${column.sql})` : column.sql,
        lowered(column, test),
        params,
      );
    case 'id':
      return idTest(column.sql, test, params);
    case 'list':
      return listTest(column.sql, test, params);
    case 'duration':
      return quantityTest(column.sql, { test, field, at }, params);
    case 'severity':
      return severityTest(column.text, { test, at }, params);
    case 'attribute': {
      const tests = column.places.map((place) => attributeTest(place, test, params));
      return tests.length === 1 ? tests.join('') : tests.map((sql) => `(${sql})`).join(' OR ');
    }
  }
}

function lowered(column: Column, test: Test): Test {
  if (column.kind !== 'word' || column.ignoreCase !== true) return test;
  if (test.type === 'is') return { ...test, value: test.value.toLowerCase() };
  if (test.type === 'like') return { ...test, parts: test.parts.map((part) => part.toLowerCase()) };
  return test;
}
