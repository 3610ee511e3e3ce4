import { describe, expect, it } from 'vitest';
import { boundOfFailedShare, failedShare } from './failed-share.js';
import { incidentWindow } from './incident-window.js';
import { began, deployBefore, deployDistance, lasting, namesOf, whatIsWrong } from './sentences.js';

const min = 60_000;
const now = Date.parse('2026-11-22T12:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();

describe('whatIsWrong', () => {
  const one = (severity: 'critical' | 'warning', service: string, state: 'open' | 'resolved' = 'open') => ({
    severity,
    state,
    services: [service],
  });
  it.each([
    [[], 'Nothing that a rule watches is wrong.'],
    [[one('critical', 'a', 'resolved')], 'Nothing that a rule watches is wrong.'],
    [[one('critical', 'checkout')], '1 incident is active and critical: checkout.'],
    [[one('warning', 'checkout')], '1 incident is active: checkout.'],
    [[one('critical', 'a'), one('warning', 'b')], '2 incidents are active, 1 of them critical: a and b.'],
    [[one('critical', 'a'), one('critical', 'b')], '2 incidents are active, both of them critical: a and b.'],
    [
      ['a', 'b', 'c', 'd', 'e'].map((name) => one('critical', name)),
      '5 incidents are active, all of them critical: a, b and 3 others.',
    ],
  ])('%#', (incidents, expected) => {
    expect(whatIsWrong(incidents, false)).toBe(expected);
  });

  it('says that there are more than are known', () => {
    expect(whatIsWrong([one('warning', 'a'), one('warning', 'b')], true)).toBe(
      '2+ incidents are active: a and b.',
    );
  });
});

describe('namesOf', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd'], 'a, b and 2 others'],
  ])('%j is %s', (names, expected) => {
    expect(namesOf(names)).toBe(expected);
  });
});

describe('an incident and its deploy', () => {
  const incident = {
    openedAt: iso(now),
    resolvedAt: null,
    alerts: [],
    summary: 'checkout: 7.2 % of requests fail',
    lastDeploy: { service: 'checkout', version: '1.4.0', at: iso(now - 3 * min), releaseId: null, actor: '' },
  };

  it('says how long before it the deploy was', () => {
    expect(deployBefore(incident)).toBe('checkout 1.4.0 was deployed 3 min before');
    expect(deployDistance(now, now + 2 * min)).toBe('2 min after');
  });

  it('does not say it twice', () => {
    expect(deployBefore({ ...incident, summary: 'fails, 3 min after 1.4.0 was deployed' })).toBeNull();
    expect(deployBefore({ ...incident, lastDeploy: null })).toBeNull();
  });

  it('counts from when it began to be wrong', () => {
    const alert = { activeAt: iso(now - min) } as never;
    expect(began({ openedAt: iso(now), alerts: [alert] })).toBe(now - min);
  });

  it('says how long it lasts, or lasted', () => {
    expect(lasting(incident, now + 14 * min)).toBe('14 min');
    expect(lasting({ ...incident, resolvedAt: iso(now + 5 * min) }, now + 99 * min)).toBe('5 min');
  });

  it('is looked at from half an hour before it to its end', () => {
    const { from, to } = incidentWindow(incident, now + 10 * min);
    expect(from).toBe(now - 30 * min);
    expect(to).toBe(now + 10 * min);
  });

  it('is looked at from before its deploy when that is near', () => {
    const deploy = { ...incident.lastDeploy, at: iso(now - 90 * min) };
    expect(incidentWindow({ ...incident, lastDeploy: deploy }, now + min).from).toBe(now - 100 * min);
    const old = { ...incident.lastDeploy, at: iso(now - 900 * min) };
    expect(incidentWindow({ ...incident, lastDeploy: old }, now + min).from).toBe(now - 30 * min);
  });

  it('never asks for the future', () => {
    const over = incidentWindow({ ...incident, resolvedAt: iso(now + 5 * min) }, now + 600 * min);
    expect(over.to).toBe(now + 20 * min);
  });
});

describe('failedShare', () => {
  it('is a gap where nothing was asked', () => {
    const series = [
      { labels: { status: 'ok' }, points: [9, 0, null] },
      { labels: { status: 'error' }, points: [1, 0, 2] },
    ];
    expect(failedShare({ series })).toEqual([10, null, 100]);
    expect(failedShare({ series: [] })).toEqual([]);
  });
});

describe('boundOfFailedShare', () => {
  const rule = (name: string, kind: string, value: number, unit: '1' | 'ms') => ({
    ...{ name, kind, threshold: { value, unit } },
  });

  it('is of the rule that fired, when it is about failures', () => {
    const rules = [
      rule('Slow', 'latency', 500, 'ms'),
      rule('Bad', 'feedback', 0.5, '1'),
      rule('High', 'errors', 0.07, '1'),
    ];
    expect(boundOfFailedShare([{ rule: 'Slow' }, { rule: 'High' }], rules)).toBe(7);
    expect(boundOfFailedShare([{ rule: 'Slow' }, { rule: 'Bad' }], rules)).toBeNull();
    expect(boundOfFailedShare([], rules)).toBeNull();
  });
});
