export interface NamedSeries {
  readonly key: string;
  readonly name: string;
  readonly points: readonly (number | null)[];
}

export interface TopSeries<S> {
  /** The largest, in the order in which they came. */
  readonly shown: readonly S[];
  /** The sum or mean of all that are not shown; null when all are. */
  readonly others: { readonly count: number; readonly points: readonly (number | null)[] } | null;
}

/** How the rest becomes one line: counts add up, averages and percentiles do not. */
export type Fold = 'sum' | 'mean';

/**
 * At most `most` lines, the last of which is "others" when there are more: eyes cannot follow more than
 * seven. Largest by the sum of their sizes; equal ones by their key, so that a refresh does not swap them.
 */
export function topSeries<S extends NamedSeries>(series: readonly S[], fold: Fold, most = 7): TopSeries<S> {
  if (series.length <= most) return { shown: series, others: null };
  const ranked = series
    .map((one) => ({ one, size: sizeOf(one.points) }))
    .sort((a, b) => b.size - a.size || (a.one.key < b.one.key ? -1 : 1));
  const kept = new Set(ranked.slice(0, most - 1).map(({ one }) => one.key));
  const rest = series.filter((one) => !kept.has(one.key));
  return {
    shown: series.filter((one) => kept.has(one.key)),
    others: { count: rest.length, points: folded(rest, fold) },
  };
}

function sizeOf(points: readonly (number | null)[]): number {
  let sum = 0;
  for (const point of points) if (point !== null && Number.isFinite(point)) sum += Math.abs(point);
  return sum;
}

function folded(series: readonly NamedSeries[], fold: Fold): (number | null)[] {
  const length = series.reduce((most, one) => Math.max(most, one.points.length), 0);
  return Array.from({ length }, (_, i) => {
    let sum = 0;
    let count = 0;
    for (const one of series) {
      const point = one.points[i];
      if (point === null || point === undefined || !Number.isFinite(point)) continue;
      sum += point;
      count += 1;
    }
    if (count === 0) return null;
    return fold === 'sum' ? sum : sum / count;
  });
}
