import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../lib/errors.js';
import { seeded } from '../testing/seeded.js';
import { parseQuery } from './parse.js';
import { printQuery } from './testing/print.js';
import { queries } from './testing/queries.js';
import { queryLimits, type Query, type Test } from './tree.js';

type Plain = Query extends infer One ? One : never;

function is(field: string | undefined, value: string): Plain {
  return test(field, { type: 'is', value });
}
function test(field: string | undefined, value: Test): Plain {
  return { type: 'test', field, test: value, at: 0 };
}
function compare(
  field: string,
  op: '>' | '>=' | '<' | '<=',
  text: string,
  unit: string,
  value: number,
): Plain {
  const quantity = { unit: unit as 'none', value }; // Any of the units; the table below is what is tested.
  return test(field, { type: 'compare', op, bound: { text, quantity } });
}
const and = (...items: Query[]): Plain => ({ type: 'and', items });
const or = (...items: Query[]): Plain => ({ type: 'or', items });
const not = (item: Query): Plain => ({ type: 'not', item });

/** Without columns, which have a test of their own. */
function withoutColumns(query: Query): Query {
  switch (query.type) {
    case 'all':
      return query;
    case 'and':
    case 'or':
      return { ...query, items: query.items.map(withoutColumns) };
    case 'not':
      return { ...query, item: withoutColumns(query.item) };
    case 'test':
      return { ...query, at: 0 };
  }
}

const ms = 1e6;

describe('parseQuery accepts', () => {
  it.each<[string, Query]>([
    ['', { type: 'all' }],
    ['  \n ', { type: 'all' }],
    ['timeout', is(undefined, 'timeout')],
    ['a b', and(is(undefined, 'a'), is(undefined, 'b'))],
    ['a AND b', and(is(undefined, 'a'), is(undefined, 'b'))],
    ['a OR b', or(is(undefined, 'a'), is(undefined, 'b'))],
    ['a b OR c', or(and(is(undefined, 'a'), is(undefined, 'b')), is(undefined, 'c'))],
    ['a (b OR c)', and(is(undefined, 'a'), or(is(undefined, 'b'), is(undefined, 'c')))],
    ['(a)', is(undefined, 'a')],
    ['( a )', is(undefined, 'a')],
    ['a(b)', and(is(undefined, 'a'), is(undefined, 'b'))],
    ['NOT a', not(is(undefined, 'a'))],
    ['-a', not(is(undefined, 'a'))],
    ['--a', not(not(is(undefined, 'a')))],
    ['-(a b)', not(and(is(undefined, 'a'), is(undefined, 'b')))],
    ['NOT -a', not(not(is(undefined, 'a')))],
    ['-"a b"', not(is(undefined, 'a b'))],
    ['a-b', is(undefined, 'a-b')],
    ['-', is(undefined, '-')],
    ['(-)', is(undefined, '-')],
    ['foo - bar', and(is(undefined, 'foo'), is(undefined, '-'), is(undefined, 'bar'))],
    [
      'and or not to',
      and(is(undefined, 'and'), is(undefined, 'or'), is(undefined, 'not'), is(undefined, 'to')),
    ],
    ['ORDER', is(undefined, 'ORDER')],
    ['"AND"', is(undefined, 'AND')],
    ['"timed out"', is(undefined, 'timed out')],
    ['"say \\"hi\\" \\\\ C:\\temp"', is(undefined, 'say "hi" \\ C:\\temp')],
    ['""', is(undefined, '')],
    ['a"b c"d', and(is(undefined, 'a'), is(undefined, 'b c'), is(undefined, 'd'))],
    ['service:checkout', is('service', 'checkout')],
    ['service=checkout', is('service', 'checkout')],
    ['service!=checkout', not(is('service', 'checkout'))],
    ['service:"a b"', is('service', 'a b')],
    ['-user.id:42', not(is('user.id', '42'))],
    ['http.url:http://x/y?z=1&a>b', is('http.url', 'http://x/y?z=1&a>b')],
    ['http://x/y', is(undefined, 'http://x/y')],
    ['12:30:05', is(undefined, '12:30:05')],
    ['[error]', is(undefined, '[error]')],
    ['tags:[a,b]', is('tags', '[a,b]')],
    ['@timestamp:1', is('@timestamp', '1')],
    ['größe:groß', is('größe', 'groß')],
    ['weird\\ key\\:x:1', is('weird key:x', '1')],
    ['a\\:b', is(undefined, 'a:b')],
    ['a\\ b', is(undefined, 'a b')],
    ['end\\', is(undefined, 'end\\')],
    ['time*', test(undefined, { type: 'like', parts: ['time', ''] })],
    ['*.css', test(undefined, { type: 'like', parts: ['', '.css'] })],
    ['a*b*c', test(undefined, { type: 'like', parts: ['a', 'b', 'c'] })],
    ['a\\*b', is(undefined, 'a*b')],
    ['"a*b"', is(undefined, 'a*b')],
    ['path:/api/*', test('path', { type: 'like', parts: ['/api/', ''] })],
    ['field:*value*', test('field', { type: 'like', parts: ['', 'value', ''] })],
    ['user.id:*', test('user.id', { type: 'exists' })],
    ['-trace_id:*', not(test('trace_id', { type: 'exists' }))],
    ['*', test(undefined, { type: 'exists' })],
    ['/time[dr]/', test(undefined, { type: 'matches', regex: 'time[dr]' })],
    ['body:/a b\\/c/', test('body', { type: 'matches', regex: 'a b/c' })],
    ['/a/ b', and(test(undefined, { type: 'matches', regex: 'a' }), is(undefined, 'b'))],
    ['(/a/)', test(undefined, { type: 'matches', regex: 'a' })],
    ['/api/pay', is(undefined, '/api/pay')],
    ['//', is(undefined, '//')],
    ['/', is(undefined, '/')],
    ['route:/pay', is('route', '/pay')],
    ['status>=500', compare('status', '>=', '500', 'none', 500)],
    ['status:>=500', compare('status', '>=', '500', 'none', 500)],
    ['x<-1.5e3', compare('x', '<', '-1.5e3', 'none', -1500)],
    ['duration>250ms', compare('duration', '>', '250ms', 'duration', 250 * ms)],
    ['duration<=1h30m', compare('duration', '<=', '1h30m', 'duration', 5_400_000 * ms)],
    ['size>64KiB', compare('size', '>', '64KiB', 'bytes', 65_536)],
    [
      'level>=warn',
      test('level', { type: 'compare', op: '>=', bound: { text: 'warn', quantity: undefined } }),
    ],
    ['x>"5"', compare('x', '>', '5', 'none', 5)],
    ['s:[400 TO 499]', and(compare('s', '>=', '400', 'none', 400), compare('s', '<=', '499', 'none', 499))],
    ['s:{400 TO 499]', and(compare('s', '>', '400', 'none', 400), compare('s', '<=', '499', 'none', 499))],
    ['s:[ 400 TO * ]', compare('s', '>=', '400', 'none', 400)],
    ['s:[* TO *]', test('s', { type: 'exists' })],
    ['s:400..499', and(compare('s', '>=', '400', 'none', 400), compare('s', '<=', '499', 'none', 499))],
    ['s:1.5..2.5', and(compare('s', '>=', '1.5', 'none', 1.5), compare('s', '<=', '2.5', 'none', 2.5))],
    ['s:*..250ms', compare('s', '<=', '250ms', 'duration', 250 * ms)],
    ['file:../x', is('file', '../x')],
    ['file:a..b', is('file', 'a..b')],
    ['level:(error OR fatal)', or(is('level', 'error'), is('level', 'fatal'))],
    [
      'url:(http://a OR "b c" -d*)',
      or(is('url', 'http://a'), and(is('url', 'b c'), not(test('url', { type: 'like', parts: ['d', ''] })))),
    ],
    [
      'service:checkout level:error "timed out" status>=500 -user.id:42 (a OR b)',
      and(
        is('service', 'checkout'),
        is('level', 'error'),
        is(undefined, 'timed out'),
        compare('status', '>=', '500', 'none', 500),
        not(is('user.id', '42')),
        or(is(undefined, 'a'), is(undefined, 'b')),
      ),
    ],
  ])('%j', (text, tree) => {
    expect(withoutColumns(parseQuery(text))).toEqual(tree);
  });

  it('says at which column each test stands', () => {
    expect(parseQuery('a  b:1')).toMatchObject({ items: [{ at: 0 }, { at: 3 }] });
  });
});

describe('parseQuery rejects', () => {
  it.each<[string, number, string]>([
    ['(a', 0, 'The closing ")" is missing for the "(" here.'],
    ['a)', 1, 'This ")" closes nothing. To search for it, put it in quotes.'],
    ['a ()', 2, 'There is nothing between these parentheses.'],
    ['a "b', 2, 'The closing quote (") is missing for the one here.'],
    ['a OR', 4, 'Something to search for is missing here.'],
    ['a AND', 5, 'Something to search for is missing here.'],
    ['OR a', 0, 'OR needs something on both sides. To search for the word, put it in quotes.'],
    ['a AND OR b', 6, 'OR needs something on both sides. To search for the word, put it in quotes.'],
    ['NOT', 3, 'Something to search for is missing here.'],
    ['service:', 8, 'A value is missing after "service:". Write service:* to ask whether it is there.'],
    ['service: x', 8, 'A value is missing after "service:". Write service:* to ask whether it is there.'],
    ['status>=', 8, 'A value is missing after "status>=".'],
    ['level:()', 6, 'There is nothing between these parentheses.'],
    ['s:[400 TO 499', 2, 'A range is written [400 TO 499], or {400 TO 499} without its ends.'],
    ['s:[a TO b]', 3, 'The ends of a range are numbers, durations, sizes, or * for no limit.'],
    ['/(?=a)/', 1, 'RE2 has no "(?=": look-around and back-references cannot be searched for.'],
    ['b:/(a)\\1/', 6, 'RE2 has no "\\1": look-around and back-references cannot be searched for.'],
    ['x'.repeat(queryLimits.length + 1), queryLimits.length, 'The query is longer than 10000 characters.'],
    ['a '.repeat(queryLimits.terms + 1), 2 * queryLimits.terms, 'The query has more than 100 terms.'],
    ['('.repeat(40) + 'a' + ')'.repeat(40), 33, 'More than 32 levels of parentheses or NOT.'],
    ['-'.repeat(40) + 'a', 33, 'More than 32 levels of parentheses or NOT.'],
    [`/${'a'.repeat(501)}/`, 1, 'The regular expression is longer than 500 characters.'],
    ['a*'.repeat(21), 0, 'A word has more than 20 stars.'],
    [`${'f'.repeat(201)}:x`, 201, 'The name of a field is longer than 200 characters.'],
  ])('%j', (text, column, message) => {
    const error = refused(text);
    expect({ at: error.at, message: error.message }).toEqual({ at: String(column), message });
  });
});

function refused(text: string): BadInput {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof BadInput) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('any string', () => {
  const words = fc.constantFrom(
    ...[
      'a',
      'b:',
      ':',
      '"',
      '\\',
      '(',
      ')',
      '-',
      'NOT ',
      ' OR ',
      ' AND ',
      ' ',
      '*',
      '/',
      '[',
      ']',
      '{',
      ' TO ',
      '..',
    ],
    ...['>=', '<', '!=', '=', '5', 'ms', '\n', '\0', 'ü', '\ud800', '😀', 'x'.repeat(300)],
  );
  const strings = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(words, { maxLength: 60 }).map((all) => all.join('')),
  );

  it('gives a tree or BadInput with a column inside of it', () => {
    fc.assert(
      fc.property(strings, (text) => {
        try {
          parseQuery(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
          const at = Number((error as BadInput).at); // Checked the line above.
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(text.length);
        }
      }),
      seeded(3000),
    );
  });

  it('gives the tree that was printed', () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(withoutColumns(parseQuery(printQuery(query)))).toEqual(withoutColumns(query));
      }),
      seeded(2000),
    );
  });
});
