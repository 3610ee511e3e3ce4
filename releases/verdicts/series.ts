import type { Measure } from '../../src/http/contract/verdicts.js';
import type { LogPoint, RequestPoint } from '../../src/query/releases/side.js';
import type { SideFacts } from './facts.js';

/** How many points a side has. */
export function bucketsOf({ fromMs, toMs }: SideFacts, stepMs: number): number {
  return Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
}

/** The buckets in their order; those in which nothing came are null. */
export function filled<Point extends { readonly bucket: number }>(
  points: readonly Point[],
  buckets: number,
): (Point | null)[] {
  const all: (Point | null)[] = Array.from({ length: buckets }, () => null);
  for (const point of points) if (point.bucket >= 0 && point.bucket < buckets) all[point.bucket] = point;
  return all;
}

type Sides = { readonly before: SideFacts; readonly after: SideFacts; readonly stepMs: number };
type OfSide<Point> = (side: SideFacts) => readonly Point[];

/** A number of each bucket on both sides, for a chart of a row. Four significant digits: it is drawn 96 pixels wide. */
export function seriesOf<Point extends RequestPoint | LogPoint>(
  { before, after, stepMs }: Sides,
  pointsOf: OfSide<Point>,
  value: (point: Point | null) => number | null,
): NonNullable<Measure['points']> {
  const side = (facts: SideFacts): (number | null)[] =>
    filled(pointsOf(facts), bucketsOf(facts, stepMs)).map((point) => {
      const number = value(point);
      return number === null || !Number.isFinite(number) ? null : Number(number.toPrecision(4));
    });
  return { before: side(before), after: side(after) };
}

export function failedShare(point: RequestPoint | null): number | null {
  return point && point.requests > 0 ? point.errors / point.requests : null;
}
