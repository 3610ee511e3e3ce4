import { describe, expect, it } from 'vitest';
import { optionalText, optionalWord, parseSearch, stringifySearch } from './search.js';

describe('search parameters', () => {
  it.each([
    [{ query: 'service:checkout level:error "timed out"' }],
    [{ from: 'now-1h', to: 'now' }],
    [{ from: '1795341600000' }],
    [{ query: 'a&b=c#d%20e+f' }],
    [{ query: 'ärger · 日本' }],
  ])('%j comes back as it went', (search) => {
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it('can be read in the address bar', () => {
    expect(stringifySearch({ query: 'http.route:/pay/*' })).toBe('?query=http.route:/pay/*');
  });

  it('leaves out what is empty', () => {
    expect(stringifySearch({ a: '', b: undefined, c: null, d: {} })).toBe('');
  });

  it('takes nothing that it does not know', () => {
    expect(optionalText(7)).toBeUndefined();
    expect(optionalText('')).toBeUndefined();
    expect(optionalText('x'.repeat(20), 5)).toBe('xxxxx');
    expect(optionalWord('open', ['open', 'closed'])).toBe('open');
    expect(optionalWord('toString', ['open', 'closed'])).toBeUndefined();
  });
});
