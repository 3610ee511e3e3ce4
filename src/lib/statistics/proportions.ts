/** So many of so many: `successes` is whatever is counted, failures too. */
export interface Share {
  readonly successes: number;
  readonly total: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of the standard normal distribution: 95 % two-sided. */
const z95 = 1.959963984540054;

/**
 * Where the true ratio lies with 95 %: Wilson's score interval (1927), which stays sound for few observations and
 * for ratios near 0 and 1. Nothing observed says nothing: 0 to 1.
 */
export function wilson({ successes, total }: Share, z = z95): Interval {
  if (total <= 0) return { low: 0, high: 1 };
  const ratio = successes / total;
  const z2 = z * z;
  const middle = ratio + z2 / (2 * total);
  const spread = z * Math.sqrt((ratio * (1 - ratio)) / total + z2 / (4 * total * total));
  const scale = 1 + z2 / total;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

export interface Difference extends Interval {
  /** `after - before`. */
  readonly difference: number;
}

/** By how much the ratio moved, with 95 %: Newcombe's hybrid score interval (1998, method 10). */
export function differenceOfShares(before: Share, after: Share, z = z95): Difference {
  const one = before.total > 0 ? before.successes / before.total : 0;
  const two = after.total > 0 ? after.successes / after.total : 0;
  const first = wilson(before, z);
  const second = wilson(after, z);
  const difference = two - one;
  return {
    difference,
    low: difference - Math.hypot(two - second.low, first.high - one),
    high: difference + Math.hypot(second.high - two, one - first.low),
  };
}
