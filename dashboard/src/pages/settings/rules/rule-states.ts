import type { Rule } from '../../../../../src/http/contract/incidents.js';
import type { GlyphState } from '../../../ui/state-glyph.js';

/** How a rule is doing, as a person asks about it. `failing`: it could not be asked. */
export type RuleStanding = 'failing' | 'firing' | 'pending' | 'quiet' | 'new';
export const ruleFilters = ['all', 'firing', 'pending', 'failing', 'quiet'] as const;
export type RuleFilter = (typeof ruleFilters)[number];

export const standingGlyphs: Readonly<Record<RuleStanding, GlyphState>> = {
  failing: 'unclear',
  firing: 'critical',
  pending: 'warning',
  quiet: 'healthy',
  new: 'inactive',
};
export const standingWords: Readonly<Record<RuleStanding, string>> = {
  failing: 'cannot be asked',
  firing: 'fires',
  pending: 'pending',
  quiet: 'quiet',
  new: 'not asked yet',
};
export const filterNames: Readonly<Record<RuleFilter, string>> = {
  all: 'All',
  firing: 'Firing',
  pending: 'Pending',
  failing: 'Cannot be asked',
  quiet: 'Quiet',
};

/** What a person must do something about comes first: a rule that cannot be asked sees nothing at all. */
const order: readonly RuleStanding[] = ['failing', 'firing', 'pending', 'new', 'quiet'];

export function standingOf(rule: Pick<Rule, 'state' | 'lastError' | 'lastEvaluationAt'>): RuleStanding {
  if (rule.lastError !== null) return 'failing';
  if (rule.state === 'firing' || rule.state === 'pending') return rule.state;
  return rule.lastEvaluationAt === null ? 'new' : 'quiet';
}

/** A rule that has not been asked yet counts as quiet: for fifteen seconds after a start. */
export function fits(rule: Rule, filter: RuleFilter): boolean {
  const standing = standingOf(rule);
  return filter === 'all' || filter === (standing === 'new' ? 'quiet' : standing);
}

export function inOrder(rules: readonly Rule[]): Rule[] {
  const rank = (rule: Rule): number => order.indexOf(standingOf(rule));
  // The sort is stable: within a standing the files' own order stays.
  return [...rules].sort((a, b) => rank(a) - rank(b));
}

export function counts(rules: readonly Rule[]): Readonly<Record<RuleFilter, number>> {
  const number = (filter: RuleFilter): number => rules.filter((rule) => fits(rule, filter)).length;
  return {
    all: rules.length,
    firing: number('firing'),
    pending: number('pending'),
    failing: number('failing'),
    quiet: number('quiet'),
  };
}
