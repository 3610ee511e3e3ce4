import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awaitedServices, parseFix } from './fixes.js';

describe('what a deploy fixes', () => {
  it.each([
    ['P-3', { kind: 'number', number: 3 }],
    [' p-12 ', { kind: 'number', number: 12 }],
    ['#12', { kind: 'ticket', place: '', number: 12 }],
    ['Acme/Shop#7', { kind: 'ticket', place: 'acme/shop', number: 7 }],
    ['https://github.com/acme/shop/issues/12', { kind: 'ticket', place: 'acme/shop', number: 12 }],
    [
      'https://github.com/acme/shop/issues/12#issuecomment-1',
      { kind: 'ticket', place: 'acme/shop', number: 12 },
    ],
    ['https://api.github.com/repos/acme/shop/issues/12', { kind: 'ticket', place: 'acme/shop', number: 12 }],
    ['https://git.acme.example/api/v3/repos/a/b/issues/1', { kind: 'ticket', place: 'a/b', number: 1 }],
    ['01KAR7XQ2M3N4P5Q6R7S8T9V0W', { kind: 'id', id: '01KAR7XQ2M3N4P5Q6R7S8T9V0W' }],
    [
      'https://lemni.example/problems/01KAR7XQ2M3N4P5Q6R7S8T9V0W',
      { kind: 'id', id: '01KAR7XQ2M3N4P5Q6R7S8T9V0W' },
    ],
  ])('%s', (text, ref) => expect(parseFix(text)).toEqual(ref));

  it.each(['', 'P-0', 'P-', '#0', '#', '#99999999999', 'fixes #12', 'https://github.com/acme/shop/pull/12'])(
    '%j names none',
    (text) => expect(parseFix(text)).toBeUndefined(),
  );

  it('never throws, and answers numbers that a database takes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const ref = parseFix(text);
        if (ref && 'number' in ref) expect(ref.number).toBeLessThan(2 ** 31);
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});

describe('whose next release is the fix', () => {
  const alert = { kind: 'alert', rule: 'r', service: 'payment', environment: '', operation: '' } as const;
  const said = { kind: 'feedback', feedbackId: 'f', title: '' } as const;
  it.each([
    ['where an incident comes from, not its callers', ['payment', 'checkout', 'web'], [alert], ['payment']],
    ['any that people spoke of', ['web', 'shop'], [said], ['web', 'shop']],
    ['nobody', [], [alert], []],
  ])('%s', (_what, services, signature, awaited) => {
    expect(awaitedServices({ services, signature })).toEqual(awaited);
  });
});
