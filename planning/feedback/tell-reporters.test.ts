import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Verification } from '../../src/model/problems.js';
import { insertProblem } from '../../src/store/state/problems.js';
import { insertVerification, updateVerification } from '../../src/store/state/verifications.js';
import { freshSqlite, type FreshState } from '../../test/support/state.js';
import type { AnswerToGive } from './ports.js';
import { tellReporters } from './tell-reporters.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const impact = {
  ...{ from: null, to: now, people: null, requestsFailed: 0, minutes: 0, feedback: 3, score: 1 },
  arithmetic: '',
};
const problem: Problem = {
  ...{ id: 'p1', number: 1, title: 'Paying fails', state: 'fixed', services: ['shop'], environment: '' },
  ...{ createdAt: now, createdBy: 'Ada', since: now, impact, awaitsReleaseSince: null },
  signature: [
    { kind: 'feedback', feedbackId: 'f1', title: 'a' },
    { kind: 'feedback_group', groupId: 'g1', title: 'b' },
  ],
};
const verification: Verification = {
  ...{ id: 'v1', problemId: 'p1', changeId: 'c1', releaseId: 'r1', service: 'shop', environment: '' },
  ...{ version: '1.2', state: 'watching', startedAt: now, watchUntil: now, giveUpAt: now, decidedAt: null },
  ...{ before: [], sentence: '', evidence: [] },
};

let fresh: FreshState;
const told: [string, AnswerToGive][] = [];
let isBroken = false;
const give = (to: string, answer: AnswerToGive): Promise<number> => {
  if (isBroken) return Promise.reject(new Error('away'));
  told.push([to, answer]);
  return Promise.resolve(1);
};
const reporters = {
  answer: (ids: readonly string[], answer: AnswerToGive) => give(ids.join(), answer),
  answerGroup: give,
};
const rounds = () => tellReporters({ state: fresh.state, reporters, log: pino({ level: 'silent' }) });

beforeAll(async () => {
  fresh = await freshSqlite();
  await insertProblem(fresh.state, problem, 'feedback:f1');
  await insertVerification(fresh.state, verification);
});
afterAll(() => fresh.stop());

describe('tellReporters', () => {
  it('is silent while the fix is only watched', async () => {
    await rounds()(now);
    expect(told).toEqual([]);
  });

  it('tells everybody once it is verified, again after a failure, under the same key after a restart', async () => {
    const verified = { state: 'verified' as const, decidedAt: now, sentence: 's', evidence: [] };
    await updateVerification(fresh.state, verification, verified);
    const round = rounds();
    isBroken = true;
    await round(now);
    isBroken = false;
    await round(now);
    await round(now);
    const answer = {
      text: 'This is fixed in shop 1.2. Thank you for telling us.',
      actor: 'Lemni',
      key: 'verified:v1',
    };
    expect(told).toEqual([
      ['f1', answer],
      ['g1', answer],
    ]);
    await rounds()(now);
    expect(told.slice(2)).toEqual(told.slice(0, 2));
  });

  it('does not bring old news', async () => {
    told.length = 0;
    await rounds()(now + 4 * 86_400_000);
    expect(told).toEqual([]);
  });
});
