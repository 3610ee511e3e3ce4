import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import type { GlyphState } from '../../ui/state-glyph.js';

type Stepping = Pick<ProblemItem, 'state' | 'ticket' | 'verification'>;
export type StepState = 'done' | 'skipped' | 'current' | 'failed' | 'ahead';

export interface Step {
  readonly name: 'open' | 'planned' | 'fixed' | 'verified';
  readonly word: string;
  readonly state: StepState;
}

const order = ['open', 'planned', 'fixed', 'verified'] as const;

/**
 * How far it is along open, planned, fixed in a release, verified; the last step may have failed instead, and what
 * was fixed without a ticket was never planned.
 */
export function stepsOf({ state, ticket, verification }: Stepping): Step[] {
  const at = state === 'regressed' ? 3 : state === 'dismissed' ? -1 : order.indexOf(state);
  const words = {
    open: 'open',
    planned: ticket && ticket.key !== '' ? `planned ${ticket.key}` : 'planned',
    fixed: verification ? `fixed in ${verification.version}` : 'fixed',
    verified: state === 'regressed' ? 'regressed' : 'verified',
  };
  return order.map((name, i) => ({
    name,
    word: words[name],
    state:
      i === at
        ? state === 'regressed'
          ? 'failed'
          : state === 'verified'
            ? 'done'
            : 'current'
        : i < at
          ? name === 'planned' && ticket === null
            ? 'skipped'
            : 'done'
          : 'ahead',
  }));
}

/** Where it stands, in a few words. */
export function stateWord(problem: Stepping): string {
  const { state, verification } = problem;
  if (state === 'dismissed') return 'dismissed';
  if (state === 'fixed' && verification?.state === 'watching')
    return `fixed in ${verification.version}, being watched`;
  if (state === 'fixed' && verification?.state === 'inconclusive')
    return `fixed in ${verification.version}, not seen to work`;
  if (state === 'verified' && verification) return `verified in ${verification.version}`;
  if (state === 'regressed' && verification) return `regressed in ${verification.version}`;
  return stepsOf(problem).find((step) => step.name === state)?.word ?? state;
}

export const stateGlyphs: Readonly<Record<ProblemItem['state'], GlyphState>> = {
  open: 'warning',
  planned: 'information',
  fixed: 'release',
  verified: 'healthy',
  regressed: 'critical',
  dismissed: 'inactive',
};
