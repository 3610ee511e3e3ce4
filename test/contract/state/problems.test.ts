import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem, Ticket, Verification } from '../../../src/model/problems.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { deploysToldSince } from '../../../src/store/state/deploys-told.js';
import * as problems from '../../../src/store/state/problems.js';
import * as tickets from '../../../src/store/state/tickets.js';
import * as verifications from '../../../src/store/state/verifications.js';
import { stopTwins, twins } from './twins.js';

afterAll(stopTwins);

const impact = { from: 1, to: 2, people: 3, requestsFailed: 4, minutes: 5, feedback: 6, arithmetic: '= 7' };
function problemOf(number: number, more: Partial<Problem> = {}): Problem {
  return {
    ...{ id: `p${number}`, number, title: `Problem ${number}`, state: 'open', services: ['checkout'] },
    ...{ environment: 'prod', createdAt: 1, createdBy: 'ada', since: 1, awaitsReleaseSince: null },
    signature: [{ kind: 'pattern', service: 'checkout', fingerprint: '18446744073709551615', title: 'x' }],
    impact: { ...impact, score: number },
    ...more,
  };
}
const ticket: Ticket = {
  ...{ problemId: 'p1', tracker: 'github', place: 'acme/shop', number: null, url: '', state: 'creating' },
  ...{ syncedAt: null, error: null, content: '', remoteAt: 0 },
};
const verification: Verification = {
  ...{ id: 'v1', problemId: 'p1', changeId: 'c1', releaseId: 'r1', service: 'checkout', environment: 'prod' },
  ...{ version: '1.2', state: 'watching', startedAt: 10, watchUntil: 20, giveUpAt: 30, decidedAt: null },
  ...{ before: [{ part: 0, of: 'requests', hits: 1, total: 2 }], sentence: 's', evidence: ['e'] },
};

describe.each(twins)('problems in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    ({ state, stop } = await twin.start());
  });
  afterEach(() => stop());

  it('are kept with their signature, ranked, and found by service', async () => {
    await problems.insertProblem(state, problemOf(1), 'incident:1');
    await problems.insertProblem(state, problemOf(2, { services: ['100%', 'ca"rt'] }), 'incident:2');
    await problems.insertProblem(state, problemOf(3, { state: 'verified' }), 'incident:3');
    const numbers = async (filter: Partial<problems.ProblemFilter>) =>
      (await problems.listProblems(state, { limit: 10, ...filter })).map(({ number }) => number);
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ states: ['open'] })).toEqual([2, 1]);
    expect(await numbers({ service: '100%' })).toEqual([2]);
    expect(await numbers({ service: 'ca"rt' })).toEqual([2]);
    expect(await numbers({ service: '1%' })).toEqual([]);
    expect(await numbers({ service: 'heckout' })).toEqual([]);
    expect(await numbers({ after: { score: 3, id: 'p3' } })).toEqual([2, 1]);
    expect(await problems.problemsByIds(state, ['p1'])).toEqual([problemOf(1)]);
    expect(await problems.nextProblemNumber(state)).toBe(4);
    expect(await problems.problemsOfSources(state, ['incident:2', 'x'])).toEqual(
      new Map([['incident:2', 'p2']]),
    );
    await expect(problems.insertProblem(state, problemOf(4), 'incident:1')).rejects.toThrow();
  });

  it('change from the states that were asked for only, and tell the same once', async () => {
    await problems.insertProblem(state, problemOf(1), 'incident:1');
    expect(await problems.updateProblem(state, 'p1', { state: 'fixed' }, ['planned'])).toBe(false);
    expect(
      await problems.updateProblem(state, 'p1', { state: 'fixed', awaitsReleaseSince: 5 }, ['open']),
    ).toBe(true);
    expect(await problems.problemsAwaitingRelease(state, 5)).toHaveLength(1);
    expect(await problems.countProblems(state, ['fixed', 'open'])).toBe(1);
    const event = {
      id: 'e1',
      problemId: 'p1',
      at: 1,
      kind: 'comment',
      text: 't',
      actor: null,
      data: { a: 1 },
    } as const;
    expect(await problems.addProblemEvents(state, [event])).toBe(1);
    expect(await problems.addProblemEvents(state, [event])).toBe(0);
    expect(await problems.problemEvents(state, 'p1', 5)).toEqual([event]);
  });

  it('have one fix for each change, decided once', async () => {
    await problems.insertProblem(state, problemOf(1), 'incident:1');
    expect(await verifications.insertVerification(state, verification)).toBe(true);
    expect(await verifications.insertVerification(state, { ...verification, id: 'v2' })).toBe(false);
    expect(await verifications.verificationExists(state, 'p1', 'c1')).toBe(true);
    expect(await verifications.watchedVerifications(state, 0, 5)).toEqual([verification]);
    const decided = { state: 'verified', decidedAt: 25, sentence: 'gone', evidence: [] } as const;
    expect(await verifications.updateVerification(state, verification, decided)).toBe(true);
    expect(await verifications.updateVerification(state, verification, decided)).toBe(false);
    expect(await verifications.watchedVerifications(state, 25, 5)).toHaveLength(1);
    expect(await verifications.watchedVerifications(state, 26, 5)).toHaveLength(0);
    expect((await verifications.lastVerifications(state, ['p1'])).get('p1')).toEqual({
      ...verification,
      ...decided,
    });
  });

  it('have one ticket, whose work is done in order and by one process', async () => {
    await problems.insertProblem(state, problemOf(1), 'incident:1');
    expect(await tickets.insertTicket(state, ticket)).toBe(true);
    expect(await tickets.insertTicket(state, ticket)).toBe(false);
    const op = { problemId: 'p1', text: '', createdAt: 100 };
    await tickets.enqueueTicketOp(state, { ...op, id: 'o1', work: 'create' });
    await tickets.enqueueTicketOp(state, { ...op, id: 'o2', work: 'update' });
    expect(await tickets.enqueueTicketOp(state, { ...op, id: 'o3', work: 'update' })).toBe(false);
    const [first, ...rest] = await tickets.dueTicketOps(state, 100, 5);
    expect(rest).toEqual([]);
    if (!first) throw new Error('Nothing is due.');
    expect(first).toMatchObject({ id: 'o1', work: 'create', attempts: 0, sequence: 1 });
    expect(await tickets.claimTicketOp(state, first, 200)).toBe(true);
    expect(await tickets.claimTicketOp(state, first, 200)).toBe(false);
    expect(await tickets.dueTicketOps(state, 199, 5)).toEqual([]);
    const done = { status: 'done', nextAttemptAt: 150, lastError: null } as const;
    expect(await tickets.settleTicketOp(state, { id: 'o1', attempts: 2 }, done)).toBe(false);
    expect(await tickets.settleTicketOp(state, { id: 'o1', attempts: 1 }, done)).toBe(true);
    expect((await tickets.dueTicketOps(state, 150, 5)).map(({ id }) => id)).toEqual(['o2']);
    expect(await tickets.updateTicket(state, 'p1', { number: 7, state: 'open' }, 'creating')).toBe(true);
    expect(await tickets.ticketsByNumbers(state, 'github', [7])).toEqual([
      { ...ticket, number: 7, state: 'open' },
    ]);
    expect(await tickets.countTickets(state)).toBe(1);
    expect(await deploysToldSince(state, 0, 5)).toEqual([]);
  });
});
