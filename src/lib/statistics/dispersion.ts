/** One stretch of time of several: so many of so many. */
export interface Part {
  readonly successes: number;
  readonly total: number;
}

/**
 * How much more the parts differ from one another than independent trials of one share would: Pearson's chi-square
 * over its degrees of freedom, 1 at the least. Failures come in bursts; a share counted over them is known as well
 * as one of `total / dispersion` independent trials (quasi-binomial).
 */
export function dispersionOfShares(parts: readonly Part[]): number {
  const seen = parts.filter(({ total }) => total > 0);
  const total = seen.reduce((sum, part) => sum + part.total, 0);
  const successes = seen.reduce((sum, part) => sum + part.successes, 0);
  if (seen.length < 2 || successes === 0 || successes >= total) return 1;
  const share = successes / total;
  const chi = seen.reduce(
    (sum, part) => sum + (part.successes - part.total * share) ** 2 / (part.total * share * (1 - share)),
    0,
  );
  return Math.max(1, chi / (seen.length - 1));
}

/** The same for counts of equal stretches: the variance over the mean (quasi-Poisson), 1 at the least. */
export function dispersionOfCounts(counts: readonly number[]): number {
  if (counts.length < 2) return 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (mean <= 0) return 1;
  const chi = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  return Math.max(1, chi / (counts.length - 1));
}
