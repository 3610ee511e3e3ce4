import type { Query, Test } from '../tree.js';

/** A query whose tree is this one, for tests: `parseQuery(printQuery(tree))` equals the tree but for columns. */
export function printQuery(query: Query): string {
  switch (query.type) {
    case 'all':
      return '';
    case 'and':
      return query.items.map((item) => wrapped(item)).join(' ');
    case 'or':
      return query.items.map((item) => wrapped(item)).join(' OR ');
    case 'not':
      return `-${wrapped(query.item)}`;
    case 'test':
      return `${query.field === undefined ? '' : escapeWord(query.field)}${printTest(query.test, query.field !== undefined)}`;
  }
}

function wrapped(query: Query): string {
  return query.type === 'and' || query.type === 'or' ? `(${printQuery(query)})` : printQuery(query);
}

function printTest(test: Test, field: boolean): string {
  const colon = field ? ':' : '';
  switch (test.type) {
    case 'is':
      return `${colon}"${test.value.replace(/["\\]/g, '\\$&')}"`;
    case 'like':
      return `${colon}${test.parts.map(escapeWord).join('*')}`;
    case 'matches':
      return `${colon}/${test.regex.replaceAll('/', '\\/')}/`;
    case 'exists':
      return `${colon}*`;
    case 'compare':
      return `${test.op}${escapeWord(test.bound.text)}`;
  }
}

function escapeWord(text: string): string {
  return text.replace(/[^\p{L}\p{N}_.]/gu, '\\$&');
}
