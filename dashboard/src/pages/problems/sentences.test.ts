import { describe, expect, it } from 'vitest';
import { costs, impactSentence, trendFinding, whatToFix } from './sentences.js';
import { stateWord, stepsOf } from './steps.js';

const impact = (people: number | null, requestsFailed = 0, minutes = 0, feedback = 0) => ({
  ...{ from: null, to: '2026-11-22T12:00:00Z', people, requestsFailed, minutes, feedback, score: 1 },
  arithmetic: '',
});
const one = (
  state: 'open' | 'planned' | 'fixed' | 'verified' | 'regressed' | 'dismissed',
  title: string,
) => ({
  ...{ state, title, impact: impact(312, 20) },
});

describe('what a problem costs', () => {
  it.each([
    [impact(312, 1240, 34, 5), ['312 people', '1.24 k failed requests', '34 minutes', '5 feedbacks']],
    [impact(1, 1, 1, 1), ['1 person', '1 failed request', '1 minute', '1 feedback']],
    [impact(null), []],
  ])('%#', (given, expected) => {
    expect(costs(given)).toEqual(expected);
  });

  it.each([
    [
      impact(312, 1240, 34, 5),
      'It hit 312 people in 34 minutes: 1.24 k requests failed, and 5 feedbacks speak of it.',
    ],
    [impact(1, 0, 1), 'It hit 1 person in 1 minute.'],
    [impact(null, 12, 3), '12 requests failed in 3 minutes.'],
    [impact(null, 0, 0, 1), '1 feedback speaks of it.'],
    [impact(0, 0, 2), 'It was seen in 2 minutes; nothing says whom it hit.'],
    [impact(0), 'It has cost nobody anything in the last 30 days.'],
  ])('as a sentence: %#', (given, expected) => {
    expect(impactSentence(given)).toBe(expected);
  });
});

describe('what to fix next', () => {
  it.each([
    [[], 'Nothing waits for a fix.'],
    [[one('verified', 'a'), one('dismissed', 'b')], 'Nothing waits for a fix.'],
    [[one('fixed', 'a')], 'Nothing waits for a fix. 1 fix is being watched.'],
    [[one('open', 'Pay fails.')], '1 problem waits for a fix: Pay fails (312 people).'],
    [
      [one('fixed', 'a'), one('regressed', 'b'), one('planned', 'c')],
      '2 problems wait for a fix; the costliest: b (312 people). 1 fix is being watched.',
    ],
  ])('%#', (problems, expected) => {
    expect(whatToFix(problems, false)).toBe(expected);
  });
});

describe('its way', () => {
  const ticket = { key: '#12' } as never;
  const verification = (state: string) => ({ state, version: '1.4.1' }) as never;
  const states = (problem: Parameters<typeof stepsOf>[0]) => stepsOf(problem).map(({ state }) => state);

  it.each([
    ['open', null, null, ['current', 'ahead', 'ahead', 'ahead'], 'open'],
    ['planned', ticket, null, ['done', 'current', 'ahead', 'ahead'], 'planned #12'],
    [
      'fixed',
      ticket,
      verification('watching'),
      ['done', 'done', 'current', 'ahead'],
      'fixed in 1.4.1, being watched',
    ],
    [
      'fixed',
      null,
      verification('inconclusive'),
      ['done', 'skipped', 'current', 'ahead'],
      'fixed in 1.4.1, not seen to work',
    ],
    ['verified', ticket, verification('verified'), ['done', 'done', 'done', 'done'], 'verified in 1.4.1'],
    [
      'regressed',
      ticket,
      verification('regressed'),
      ['done', 'done', 'done', 'failed'],
      'regressed in 1.4.1',
    ],
    ['dismissed', null, null, ['ahead', 'ahead', 'ahead', 'ahead'], 'dismissed'],
  ] as const)('%s', (state, its, check, expected, word) => {
    const problem = { state, ticket: its, verification: check };
    expect(states(problem)).toEqual(expected);
    expect(stateWord(problem)).toBe(word);
  });
});

describe('the finding of its trend', () => {
  const from = '2026-11-22T12:00:00.000Z';
  const trend = (...points: (number | null)[][]) => ({
    ...{ from, stepMs: 60_000 },
    series: points.map((each) => ({ labels: {}, points: each })),
  });
  const fixedAt = (minute: number) =>
    ({ version: '1.4.1', startedAt: new Date(Date.parse(from) + minute * 60_000).toISOString() }) as never;

  it.each([
    [trend([0, null]), null, 'Not seen in this time'],
    [trend([0, 1]), null, 'Seen once'],
    [trend([2, 3], [2, 2], [1, 0]), null, 'Seen 5 times'],
    [trend([5, 0, 0]), fixedAt(1), 'Seen 5 times, not since 1.4.1'],
    [trend([5, 0, 2]), fixedAt(1), 'Seen 7 times, 2 of them since 1.4.1'],
  ])('%#', (given, verification, expected) => {
    expect(trendFinding({ trend: given, verification })).toBe(expected);
  });
});
