import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookie, hashToken, sameText, shownKey } from './credentials.js';

describe('the key that is shown', () => {
  it.each([
    [{}, undefined],
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'BEARER  abc ' }, 'abc'],
    [{ authorization: 'abc' }, 'abc'],
    [{ authorization: `Basic ${btoa('user:a:b')}` }, 'a:b'],
    [{ authorization: `Basic ${btoa('no colon')}` }, 'no colon'],
    [{ authorization: 'Digest a=b' }, ''],
    [{ authorization: 'Bearer' }, 'Bearer'],
    [{ authorization: '' }, ''],
    [{ 'x-api-key': ' abc ' }, 'abc'],
    [{ 'x-api-key': ['abc', 'def'] }, 'abc'],
    // What somebody says in Authorization counts, right or wrong.
    [{ authorization: 'Bearer wrong', 'x-api-key': 'right' }, 'wrong'],
  ])('%j: %s', (headers, expected) => {
    expect(shownKey(headers)).toBe(expected);
  });

  it('nothing in a header can throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        shownKey({ authorization: text });
        shownKey({ authorization: `Basic ${text}` });
      }),
      { seed: 20261122, numRuns: 1000 },
    );
  });
});

describe('one cookie', () => {
  it.each([
    ['a=1; session=x; b=2', 'x'],
    ['session=x', 'x'],
    ['session=x; session=y', 'x'],
    ['session=a=b', 'a=b'],
    ['my_session=x', undefined],
    ['session', undefined],
    ['=session', undefined],
    ['', undefined],
    ['a=1;session=x', 'x'],
  ])('of "%s": %s', (header, expected) => {
    expect(cookie({ cookie: header }, 'session')).toBe(expected);
  });

  it('is found among any others', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'session');
    const value = fc.stringMatching(/^[A-Za-z0-9=_-]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), value, fc.nat(5), (others, own, at) => {
        const parts = others.map(([key, text]) => `${key}=${text}`);
        parts.splice(at, 0, `session=${own}`);
        expect(cookie({ cookie: parts.join('; ') }, 'session')).toBe(own);
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});

it('texts are compared whole, of any length', () => {
  expect(sameText('abc', 'abc')).toBe(true);
  expect(sameText('abc', 'abd')).toBe(false);
  expect(sameText('abc', 'ab')).toBe(false);
  expect(sameText('', '')).toBe(true);
});

it('tokens are kept as SHA-256', () => {
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
