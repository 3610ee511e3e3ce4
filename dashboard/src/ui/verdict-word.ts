import type { VerdictBrief } from '../../../src/http/contract/verdicts.js';
import { span } from '../time/format.js';

/** `healthy`, `judged in 12 min`, `not judged`. `now` is Unix ms. */
export function verdictWord(verdict: Pick<VerdictBrief, 'state' | 'bakeUntil'>, now: number): string {
  if (verdict.state === 'none') return 'not judged';
  if (verdict.state !== 'baking') return verdict.state;
  if (verdict.bakeUntil === null) return 'baking';
  const left = Date.parse(verdict.bakeUntil) - now;
  return left > 0 ? `judged in ${span(left)}` : 'being judged';
}
