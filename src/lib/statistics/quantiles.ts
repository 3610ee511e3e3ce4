import type { Estimate } from './difference.js';
import { zFor } from './normal.js';

/** A sample's quantile function at some levels (ascending, 0 to 1), as a sketch such as a t-digest gives it. */
export interface QuantileFunction {
  readonly levels: readonly number[];
  readonly values: readonly number[];
}

/**
 * A quantile of a sample of `count`, with the interval between its order statistics: the number of observations
 * below the true quantile is binomial, so its bounds are those at the ranks q -+ z sqrt(q (1 - q) / n), whatever
 * the distribution (David and Nagaraja 2003, 7.1). Undefined when the sample is too small to bound it on both
 * sides: the 99th percentile takes about 400 observations.
 */
export function quantileEstimate(
  { levels, values }: QuantileFunction,
  { level, count, z = zFor(0.05) }: { readonly level: number; readonly count: number; readonly z?: number },
): Estimate | undefined {
  if (count <= 0 || levels.length === 0) return undefined;
  const reach = z * Math.sqrt((level * (1 - level)) / count);
  if (level - reach <= 0 || level + reach >= 1) return undefined;
  const value = at({ levels, values }, level);
  const low = at({ levels, values }, level - reach);
  const high = at({ levels, values }, level + reach);
  if (value === undefined || low === undefined || high === undefined) return undefined;
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/** The quantile itself, however few it rests on. */
export function quantileOf(sample: QuantileFunction, level: number): number | undefined {
  return at(sample, level);
}

/** Linear between levels; the outermost value beyond them. */
function at({ levels, values }: QuantileFunction, level: number): number | undefined {
  const after = levels.findIndex((known) => known >= level);
  if (after === -1) return values[levels.length - 1];
  const [right, value] = [levels[after], values[after]];
  const [left, before] = [levels[after - 1], values[after - 1]];
  if (right === undefined || value === undefined) return undefined;
  if (left === undefined || before === undefined || right === left) return value;
  return before + ((level - left) / (right - left)) * (value - before);
}
