import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/model/problems.js';
import { insertProblem } from '../../src/store/state/problems.js';
import type { ProblemTelemetry } from './ports.js';
import { createTrends } from './trends.js';
import { freshSqlite, type FreshState } from '../../test/support/state.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const day = 86_400_000;
let state: FreshState;
let time = now;
const asked: Parameters<ProblemTelemetry['trendOf']>[0][] = [];

const problem = (id: string, since: number): Problem => ({
  ...{ id, number: Number(id.slice(1)), title: id, state: 'open', services: ['checkout'] },
  ...{ environment: '', createdAt: now, createdBy: 'ada', since, awaitsReleaseSince: null },
  signature: [{ kind: 'error_group', service: 'checkout', fingerprint: '7', title: 'E' }],
  impact: {
    ...{ from: null, to: now, people: 0, requestsFailed: 0, minutes: 0, feedback: 0, score: 0 },
    arithmetic: '',
  },
});

const trends = () =>
  createTrends({
    state: state.state,
    clock: { now: () => time, sleep: () => Promise.resolve() },
    telemetry: {
      trendOf: (question) => {
        asked.push(question);
        const series = [
          { labels: {}, points: [1, 0, null] },
          { labels: {}, points: [1, 3] },
        ];
        return Promise.resolve({ from: new Date(question.from).toISOString(), stepMs: 1000, series });
      },
    },
  });

beforeAll(async () => {
  state = await freshSqlite();
  await insertProblem(state.state, problem('p1', now - 30 * day), 'one');
  await insertProblem(state.state, problem('p2', now - 60_000), 'two');
});
afterAll(() => state.stop());

describe('the trends of a list', () => {
  it('take the most of what shows a problem, not the sum, over a week at most and an hour at least', async () => {
    const found = await trends().of(['p1', 'p2', 'nobody']);
    expect(found.map(({ id, points }) => [id, points]).sort()).toEqual([
      ['p1', [1, 3, 0]],
      ['p2', [1, 3, 0]],
    ]);
    expect(asked.map(({ from, to }) => to - from).sort((a, b) => a - b)).toEqual([3_600_000, 7 * day]);
  });

  it('are asked again only after a moment', async () => {
    const list = trends();
    asked.length = 0;
    await list.of(['p1']);
    await list.of(['p1']);
    expect(asked).toHaveLength(1);
    time += 31_000;
    await list.of(['p1']);
    expect(asked).toHaveLength(2);
  });
});
