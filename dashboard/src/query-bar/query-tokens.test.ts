import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionSpot, queryTokens } from './query-tokens.js';

const drawn = (query: string) =>
  queryTokens(query)
    .map((token) => `${token.kind}<${query.slice(token.from, token.to)}>`)
    .join(' ');

describe('queryTokens', () => {
  it.each([
    ['', ''],
    ['boom', 'text<boom>'],
    ['service:checkout', 'field<service> operator<:> value<checkout>'],
    ['status>=500', 'field<status> operator<>=> value<500>'],
    ['-user.id:42', 'negate<-> field<user.id> operator<:> value<42>'],
    ['"timed out"', 'string<"timed out">'],
    ['"timed \\" out', 'string<"timed \\" out>'],
    ['body:"a b"', 'field<body> operator<:> string<"a b">'],
    ['(a OR b)', 'paren<(> text<a> keyword<OR> text<b> paren<)>'],
    ['url:http://x/y?z=1', 'field<url> operator<:> value<http://x/y?z=1>'],
    ['k:-5', 'field<k> operator<:> value<-5>'],
    ['well-known', 'text<well-known>'],
    ['a - b', 'text<a> text<-> text<b>'],
    ['service:', 'field<service> operator<:>'],
    ['status:[400 TO 499]', 'field<status> operator<:> paren<[> text<400> keyword<TO> text<499> paren<]>'],
    ['level:error or', 'field<level> operator<:> value<error> text<or>'],
    ['user:*', 'field<user> operator<:> value<*>'],
  ])('%s', (query, tokens) => expect(drawn(query)).toBe(tokens));

  it('covers every query but its spaces, in order, and ends', () => {
    const piece = fc.constantFrom(
      'a',
      '"',
      '\\',
      ':',
      '-',
      '(',
      ')',
      '[',
      ' ',
      '>',
      '=',
      'OR',
      'é',
      '🙂',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const query = pieces.join('');
        let at = 0;
        for (const token of queryTokens(query)) {
          expect(query.slice(at, token.from).trim()).toBe('');
          expect(token.to).toBeGreaterThan(token.from);
          at = token.to;
        }
        expect(query.slice(at).trim()).toBe('');
        for (let cursor = 0; cursor <= query.length; cursor++) {
          const spot = completionSpot(query, cursor);
          if (spot) expect(spot.from <= cursor || spot.from === spot.to).toBe(true);
        }
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});

describe('completionSpot', () => {
  it.each([
    ['|', 'field', '', ''],
    ['ser|', 'field', '', 'ser'],
    ['service:|', 'value', 'service', ''],
    ['service:che|', 'value', 'service', 'che'],
    ['service:"che|"', 'value', 'service', 'che'],
    ['a -lev|', 'field', '', 'lev'],
    ['-|', 'field', '', ''],
    ['(lev|', 'field', '', 'lev'],
    ['status>=5|', 'value', 'status', '5'],
    ['boom |', 'field', '', ''],
    ['ser|vice:x', 'field', '', 'ser'],
  ])('%s', (marked, kind, field, prefix) => {
    const cursor = marked.indexOf('|');
    const spot = completionSpot(marked.replace('|', ''), cursor);
    expect(spot).toMatchObject({ kind, prefix, ...(field ? { field } : {}) });
  });

  it('offers nothing within a phrase', () => {
    expect(completionSpot('"timed ou', 9)).toBeNull();
  });
});
