/**
 * The standard normal distribution's quantile: Acklam's rational approximation (2003), right to 1.2e-9 relative.
 * `share` lies between 0 and 1.
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(share));
    return polynomial(tailTop, q) / polynomial(tailBottom, q);
  }
  const q = share - 0.5;
  const r = q * q;
  return (polynomial(middleTop, r) * q) / polynomial(middleBottom, r);
}

/**
 * For how many standard errors a two-sided interval reaches when `tests` questions are asked at once and none of
 * them may be a false alarm with more than `alpha` together (Bonferroni).
 */
export function zFor(alpha: number, tests = 1): number {
  return normalQuantile(1 - alpha / (2 * Math.max(1, tests)));
}

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const middleTop = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const middleBottom = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
];
const tailTop = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
