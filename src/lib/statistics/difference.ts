import type { Difference, Interval } from './proportions.js';

/** A number with what is known of where its true value lies. */
export interface Estimate extends Interval {
  readonly value: number;
}

/**
 * `after - before` with the interval that follows from each side's own: the square-and-add rule (MOVER, Zou and
 * Donner 2008), of which Newcombe's interval for shares is the case of Wilson's. The sides' intervals need not be
 * symmetric, which those of quantiles and of small counts are not.
 */
export function differenceOfEstimates(before: Estimate, after: Estimate): Difference {
  const difference = after.value - before.value;
  return {
    difference,
    low: difference - Math.hypot(after.value - after.low, before.high - before.value),
    high: difference + Math.hypot(after.high - after.value, before.value - before.low),
  };
}
