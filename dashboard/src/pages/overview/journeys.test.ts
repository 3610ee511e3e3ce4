import { describe, expect, it } from 'vitest';
import { createJourneys } from './journeys.js';

const started = Date.parse('2026-11-22T12:00:00Z');
const old = '2026-11-22T11:00:00Z';
const fresh = '2026-11-22T12:00:05Z';
/** The parts of a contract object that a journey looks at. */
const problem = (state: string, createdAt = fresh) =>
  ({ id: 'p', number: 3, title: 'Pay fails', state, createdAt, verification: { version: '1.4.1' } }) as never;
const incident = (state: string) =>
  ({ id: 'i', number: 1, title: 'checkout fails', state, openedAt: fresh }) as never;
const release = (id: string, deployedAt: string | null, firstSeenAt = old) =>
  ({ id, service: 'checkout', version: '1.4.1', deployedAt, firstSeenAt }) as never;

const feedback = { id: 'f', at: fresh } as never;

describe('journeys along the loop', () => {
  it('a problem goes its way once for each state, and new numbers go nowhere', () => {
    const journeys = createJourneys(started);
    const said = ['open', 'open', 'planned', 'fixed', 'fixed', 'verified', 'verified', 'regressed'].map(
      (state) => journeys.problem(problem(state))?.words ?? null,
    );
    expect(said).toEqual([
      'To plan: P-3 Pay fails',
      null,
      null,
      '1.4.1 means to fix P-3 Pay fails',
      null,
      '1.4.1 fixed P-3 Pay fails',
      null,
      '1.4.1 did not fix P-3 Pay fails',
    ]);
  });

  it('what is older than the page is not news, but its next state is', () => {
    const journeys = createJourneys(started);
    expect(journeys.problem(problem('open', old))).toBeNull();
    expect(journeys.problem(problem('verified', old))).not.toBeNull();
    expect(journeys.release(release('a', old))).toBeNull();
    expect(journeys.release(release('b', null))).toBeNull();
  });

  it('an incident travels when it opens, a release when it is deployed, each once', () => {
    const journeys = createJourneys(started);
    expect(journeys.incident(incident('open'))?.words).toBe('Incident #1 opened: checkout fails');
    expect(journeys.incident(incident('open'))).toBeNull();
    expect(journeys.incident(incident('acknowledged'))).toBeNull();
    expect(journeys.release(release('a', fresh))?.words).toBe('Released: checkout 1.4.1');
    expect(journeys.release(release('a', fresh))).toBeNull();
  });

  it('a feedback travels once, though it is told again when it is answered', () => {
    const journeys = createJourneys(started);
    expect(journeys.feedback(feedback)).not.toBeNull();
    expect(journeys.feedback(feedback)).toBeNull();
  });

  it('every journey goes forward', () => {
    const journeys = createJourneys(started);
    const all = [
      journeys.feedback(feedback),
      journeys.incident(incident('open')),
      journeys.release(release('a', fresh)),
      ...['open', 'fixed', 'verified', 'regressed'].map((state) => journeys.problem(problem(state))),
    ];
    for (const journey of all) expect(journey && journey.to - journey.from).toBeGreaterThan(0);
  });
});
