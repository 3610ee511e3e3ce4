import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterMode, quoted, toggledFilter, withFilter, withoutFilter } from './query-edit.js';

describe('quoted', () => {
  it.each([
    ['checkout', 'checkout'],
    ['k8s.pod-1/x', 'k8s.pod-1/x'],
    ['timed out', '"timed out"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['', '""'],
    ['OR', '"OR"'],
    ['not', '"not"'],
    ['-5', '"-5"'],
    ['a*', '"a*"'],
    ['http://x', '"http://x"'],
    ['400..499', '"400..499"'],
  ])('%s is written %s', (value, text) => expect(quoted(value)).toBe(text));
});

describe('withFilter', () => {
  it.each([
    ['', 'service', 'shop', 'include', 'service:shop'],
    ['boom', 'service', 'shop', 'include', 'boom service:shop'],
    ['boom', 'service', 'shop', 'exclude', 'boom -service:shop'],
    ['service:web boom', 'service', 'shop', 'include', 'boom service:shop'],
    ['-service:shop boom', 'service', 'shop', 'include', 'boom service:shop'],
    ['service:shop', 'service', 'shop', 'exclude', '-service:shop'],
    ['service:shop', 'service', 'shop', 'include', 'service:shop'],
    ['-service:web', 'service', 'shop', 'exclude', '-service:web -service:shop'],
    ['a OR b', 'service', 'shop', 'include', '(a OR b) service:shop'],
    ['(a OR b) c', 'service', 'shop', 'include', '(a OR b) c service:shop'],
    ['(service:web OR b)', 'service', 'shop', 'include', '(service:web OR b) service:shop'],
    ['status>=500', 'status', '404', 'include', 'status>=500 status:404'],
    ['service:sh*', 'service', 'sh*', 'include', 'service:sh* service:"sh*"'],
    ['', 'a field', 'x', 'include', 'a\\ field:x'],
    ['', '0k(b)', 'x', 'exclude', '-\\0k\\(b\\):x'],
  ] as const)('%s with %s:%s (%s)', (query, field, value, mode, result) => {
    expect(withFilter(query, field, value, mode)).toBe(result);
  });
});

describe('withoutFilter', () => {
  it.each([
    ['service:shop boom', 'boom'],
    ['boom AND service:shop', 'boom'],
    ['service:shop AND boom', 'boom'],
    ['boom service:"shop"', 'boom'],
    ['boom', 'boom'],
  ])('%s', (query, result) => expect(withoutFilter(query, 'service', 'shop')).toBe(result));
});

describe('filters', () => {
  it('can be set and read again, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ minLength: 1 }),
        fc.constantFrom('include' as const, 'exclude' as const),
        (value, field, mode) => {
          const query = withFilter('boom', field, value, mode);
          expect(filterMode(query, field, value)).toBe(mode);
          expect(toggledFilter(query, field, value, mode)).toBe('boom');
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });
});
