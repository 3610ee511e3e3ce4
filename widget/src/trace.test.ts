import { describe, expect, it } from 'vitest';
import { pickTrace, traceIdOf, type TracedRequest } from './trace.js';

const id = '0af7651916cd43dd8448eb211c80319c';
const now = 1_000_000_000;

describe('traceIdOf', () => {
  it.each([
    [`00-${id}-b7ad6b7169203331-01`, id],
    [` 00-${id}-b7ad6b7169203331-00 `, id],
    [`01-${id}-b7ad6b7169203331-01-more`, id],
    [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, undefined],
    [`00-${id.toUpperCase()}-b7ad6b7169203331-01`, undefined],
    [id, undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j holds %s', (header, expected) => {
    expect(traceIdOf(header)).toBe(expected);
  });
});

describe('pickTrace', () => {
  const request = (traceId: string, agoMs: number, failed = false): TracedRequest => ({
    traceId,
    at: now - agoMs,
    failed,
  });
  const page = { navigation: 'nav', meta: 'meta' };

  it.each([
    ['the last request', [request('a', 2000), request('b', 1000)], 'b', 'request'],
    ['the one that failed', [request('a', 2000, true), request('b', 1000)], 'a', 'request'],
    ['the last that failed', [request('a', 2000, true), request('b', 1000, true)], 'b', 'request'],
    ['not an old failure', [request('a', 301_000, true), request('b', 1000)], 'b', 'request'],
    ['the page when requests are old', [request('a', 301_000)], 'nav', 'page'],
  ])('is %s', (_what, requests, traceId, from) => {
    expect(pickTrace(requests, page, now)).toEqual({ traceId, from });
  });

  it('is what the page says in its head, or nothing', () => {
    expect(pickTrace([], { navigation: undefined, meta: 'm' }, now)).toEqual({ traceId: 'm', from: 'meta' });
    expect(pickTrace([], { navigation: undefined, meta: undefined }, now)).toBeUndefined();
  });
});
