import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impactOf } from './rank.js';

const none = { users: 0, sessions: 0, senders: 0, requests: 0, minutes: 0, feedback: 0 };
const time = { from: 1, to: 2 };

describe('what a problem costs', () => {
  it.each([
    [
      { users: 312, requests: 1204, minutes: 45, feedback: 3 },
      4444,
      '312 people × 10 + 1,204 failed requests + 45 minutes + 3 feedbacks × 25 = 4,444',
    ],
    // A script that tries ten thousand times is one person.
    [
      { sessions: 1, requests: 10_000, minutes: 10 },
      30,
      '1 person × 10 + 10 failed requests (of 10,000: at most 10 a person) + 10 minutes + 0 feedbacks × 25 = 30',
    ],
    [
      { requests: 95, minutes: 1 },
      196,
      '10 supposed people (nothing tells them apart) × 10 + 95 failed requests + 1 minute + 0 feedbacks × 25 = 196',
    ],
    [
      { senders: 2, feedback: 2 },
      70,
      '2 people × 10 + 0 failed requests + 0 minutes + 2 feedbacks × 25 = 70',
    ],
    [{}, 0, '0 failed requests + 0 minutes + 0 feedbacks × 25 = 0'],
  ])('%o is %i', (counts, score, arithmetic) => {
    expect(impactOf({ ...none, ...counts }, time)).toMatchObject({ score, arithmetic });
  });

  it('is a whole number that never falls when there is more of anything', () => {
    const counts = fc.record({
      ...{ users: fc.nat(1000), sessions: fc.nat(1000), senders: fc.nat(1000) },
      ...{ requests: fc.nat(100_000), minutes: fc.nat(43_200), feedback: fc.nat(1000) },
    });
    fc.assert(
      fc.property(counts, fc.constantFrom('requests', 'minutes', 'feedback', 'senders'), (some, more) => {
        const before = impactOf(some, time).score;
        expect(Number.isSafeInteger(before)).toBe(true);
        // Nobody was told apart before the first sender: that one is known to be one and not several.
        if (more === 'senders' && some.users + some.sessions + some.senders === 0) return;
        expect(impactOf({ ...some, [more]: some[more] + 1 }, time).score).toBeGreaterThanOrEqual(before);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });
});
