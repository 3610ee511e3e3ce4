import type { Verdict } from '../../src/http/contract/verdicts.js';
import type { StoredVerdictBrief } from '../../src/store/state/verdicts.js';

/**
 * A second look at the same run: its numbers are newer, its time of decision stays unless the word changed, and
 * then what was said before is kept as a reason.
 */
export function again(before: StoredVerdictBrief, after: Verdict): Verdict {
  const at = new Date(before.decidedAt).toISOString();
  if (before.state === after.state) return { ...after, decidedAt: at };
  const changed = `At ${at.slice(0, 16).replace('T', ' ')} UTC it was called ${before.state}; what arrived since changed that.`;
  return { ...after, reasons: [...after.reasons, changed] };
}
