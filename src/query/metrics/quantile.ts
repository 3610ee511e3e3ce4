/**
 * The quantile of a classic histogram, as Prometheus' histogram_quantile computes it: linear inside the bucket
 * that holds it, the lower end of the first bucket 0 when its upper end is positive, the upper end of the last
 * finite bucket when it lies in `+Inf`. Null: no observations, or no `+Inf` bucket.
 */
export function bucketQuantile(quantile: number, buckets: readonly Bucket[]): number | null {
  const sorted = [...buckets].sort((a, b) => a.le - b.le);
  const last = sorted.at(-1);
  if (!last || last.le !== Infinity || sorted.length < 2) return null;
  // Scraped apart from each other, buckets may be a little out of step: each holds at least what those below do.
  let highest = 0;
  const counts = sorted.map(({ count }) => (highest = Math.max(highest, count)));
  if (highest <= 0) return null;
  const rank = quantile * highest;
  const index = counts.findIndex((count) => count >= rank);
  const upper = sorted[index]?.le ?? Infinity;
  if (upper === Infinity) return sorted.at(-2)?.le ?? null;
  const below = index === 0 ? 0 : (counts[index - 1] ?? 0);
  const inside = (counts[index] ?? 0) - below;
  if (index === 0 && upper <= 0) return upper;
  const lower = index === 0 ? 0 : (sorted[index - 1]?.le ?? 0);
  return inside === 0 ? lower : lower + (upper - lower) * ((rank - below) / inside);
}

export interface Bucket {
  /** The inclusive upper end; Infinity for `+Inf`. */
  readonly le: number;
  /** Cumulative. */
  readonly count: number;
}
