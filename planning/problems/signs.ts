import type { Sign } from '../../src/query/problems/evidence.js';

/** How many signs of a kind belong to a problem at most. */
const maxChosen = 5;
/** A sign that was usual must be this much more frequent to belong to what happened. */
const grown = 3;
/** Fewer say nothing about a sign that was there before. */
const minGrownCount = 5;

/**
 * Which of the signs belong to what happened: those first seen in it, and those that became several times as
 * frequent as before; what is always there would never go away. Pure.
 * @param lengths ms of the time in question and of the usual time before it
 */
export function chooseSigns(
  signs: readonly Sign[],
  lengths: { readonly time: number; readonly usual: number },
): Sign[] {
  const isNew = ({ usual }: Sign): boolean => usual === 0;
  const hasGrown = ({ count, usual }: Sign): boolean =>
    count >= minGrownCount &&
    lengths.usual > 0 &&
    count / Math.max(1, lengths.time) >= (grown * usual) / lengths.usual;
  return signs
    .filter((sign) => isNew(sign) || hasGrown(sign))
    .toSorted((a, b) => b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1))
    .slice(0, maxChosen);
}
