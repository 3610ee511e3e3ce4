import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, judgePart, type JudgeFacts } from './judge.js';

const of = (successes: number, total: number) => ({ successes, total });

describe('one part, before and after', () => {
  it.each([
    // 30 % failed, and now nothing in as many requests.
    [of(60, 200), of(0, 200), 'gone'],
    [of(60, 200), of(0, 40), 'gone'],
    // Five requests without it say nothing about one in three, or not much.
    [of(60, 200), of(0, 5), 'unknown'],
    [of(60, 200), of(0, 0), 'unknown'],
    // One in a thousand needs some thousands.
    [of(100, 100_000), of(0, 500), 'unknown'],
    [of(100, 100_000), of(0, 20_000), 'gone'],
    // A straggler is not a return.
    [of(60, 200), of(2, 200), 'gone'],
    [of(60, 200), of(60, 200), 'back'],
    [of(60, 200), of(30, 100), 'back'],
    [of(60, 200), of(3, 5), 'back'],
    // More than a fifth is left, less than the rate of a return is sure.
    [of(60, 200), of(40, 400), 'less'],
    [of(600, 2000), of(140, 2000), 'less'],
    // Seen several times in a request.
    [of(900, 200), of(0, 100), 'gone'],
    [of(0, 200), of(50, 100), 'unknown'],
  ] as const)('%o then %o is %s', (before, after, verdict) => {
    expect(judgePart({ before, after })).toBe(verdict);
  });

  it('never says gone of what is seen as often as before, nor back of what is not seen', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), (hits, more, n) => {
        const before = of(hits, hits + more);
        expect(judgePart({ before, after: before })).not.toBe('gone');
        expect(judgePart({ before, after: of(0, n) })).not.toBe('back');
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});

const facts = (more: Partial<JudgeFacts>): JudgeFacts => ({
  service: 'checkout',
  version: '1.2',
  forMs: 20_000,
  parts: [],
  alertParts: [],
  requests: 0,
  alertsNow: [],
  alertsAnew: [],
  ...more,
});
const part = (before: ReturnType<typeof of>, after: ReturnType<typeof of>, name = 'Error: price') => ({
  name,
  of: 'requests',
  before,
  after,
});

describe('a release', () => {
  it('is verified when everything that made the problem is gone, with the numbers', () => {
    const judged = judge(
      facts({ parts: [part(of(60, 200), of(0, 640)), part(of(58, 200), of(0, 640), 'b')] }),
      true,
    );
    expect(judged).toMatchObject({
      state: 'verified',
      sentence: 'Gone with checkout 1.2: seen 0 times in 640 requests (before: 60 of 200, 30 %).',
    });
    expect(judged.evidence).toHaveLength(2);
  });

  it('is not, as long as a main part is there; what is rare beside it decides nothing', () => {
    const main = part(of(60, 200), of(0, 640));
    const back = judge(facts({ parts: [main, part(of(50, 200), of(150, 640), 'Error: b')] }), true);
    expect(back.state).toBe('regressed');
    expect(back.sentence).toBe(
      'Not fixed by checkout 1.2: seen 150 times in 640 requests (23 %) (before: 50 of 200, 25 %).',
    );
    expect(judge(facts({ parts: [main, part(of(5, 200), of(16, 640))] }), true).state).toBe('verified');
    expect(judge(facts({ parts: [main, part(of(50, 200), of(0, 0))] }), true).state).toBe('inconclusive');
  });

  it('is watched until the time is over, unless it failed before', () => {
    expect(judge(facts({ parts: [part(of(60, 200), of(0, 640))] }), false)).toMatchObject({
      state: 'watching',
      sentence: 'Watching checkout 1.2; so far seen 0 times in 640 requests (before: 60 of 200, 30 %).',
    });
    expect(judge(facts({ parts: [part(of(60, 200), of(9, 30))] }), false).state).toBe('regressed');
  });

  it('that nobody uses says nothing', () => {
    expect(judge(facts({ parts: [part(of(60, 200), of(0, 0))] }), true)).toMatchObject({
      state: 'inconclusive',
      sentence: 'No traffic with checkout 1.2 yet: nothing can be said.',
    });
    expect(judge(facts({}), true).sentence).toBe(
      'Nothing of this problem can be counted in checkout 1.2: ask those who reported it.',
    );
  });

  it('is judged by the alerts themselves where nothing else can be counted', () => {
    const quiet = facts({ alertParts: ['Slow'], requests: 500 });
    expect(judge(quiet, true)).toMatchObject({ state: 'verified' });
    expect(judge({ ...quiet, requests: 3 }, true).state).toBe('inconclusive');
    expect(judge({ ...quiet, alertsNow: ['Slow'] }, true)).toMatchObject({
      state: 'inconclusive',
      sentence: 'Slow still fires with checkout 1.2.',
    });
    expect(judge({ ...quiet, alertsNow: ['Slow'], alertsAnew: ['Slow'] }, true).state).toBe('regressed');
  });
});
