import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../../../src/http/contract/incidents.js';
import { validateSettingsSearch } from '../search.js';
import { counts, fits, inOrder, standingOf } from './rule-states.js';

function rule(name: string, more: Partial<Rule> = {}): Rule {
  return {
    ...{ name, group: 'g', file: 'r.yaml', kind: 'errors', expression: '', forMs: 0 },
    ...{ labels: {}, annotations: {}, state: 'inactive', alerts: 0 },
    ...{ lastEvaluationAt: '2026-11-22T10:00:00Z', lastEvaluationMs: 2, lastError: null },
    ...more,
  };
}

const rules = [
  rule('quiet'),
  rule('firing', { state: 'firing', alerts: 1 }),
  rule('new', { lastEvaluationAt: null }),
  rule('broken', { state: 'firing', lastError: 'away' }),
  rule('pending', { state: 'pending', alerts: 2 }),
];

describe('the standing of a rule', () => {
  it('is what a person must know first', () => {
    expect(rules.map(standingOf)).toEqual(['quiet', 'firing', 'new', 'failing', 'pending']);
    expect(inOrder(rules).map(({ name }) => name)).toEqual(['broken', 'firing', 'pending', 'new', 'quiet']);
  });

  it('is filtered and counted, each rule once', () => {
    expect(counts(rules)).toEqual({ all: 5, firing: 1, pending: 1, failing: 1, quiet: 2 });
    expect(rules.filter((one) => fits(one, 'quiet')).map(({ name }) => name)).toEqual(['quiet', 'new']);
  });
});

describe('the URL', () => {
  it('takes what it knows', () => {
    expect(validateSettingsSearch({ rules: 'firing' })).toEqual({ rules: 'firing' });
    expect(validateSettingsSearch({ rules: '<b>' })).toEqual({ rules: undefined });
  });
});
