import { valueAxis, type Axis } from './axis.js';
import { downsample, type XY } from './downsample.js';
import { topSeries, type Fold } from './top-series.js';

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  /** Any CSS colour, variables included. */
  readonly color: string;
  /** `points[i]` belongs to `from + i * stepMs`; null is a gap. */
  readonly points: readonly (number | null)[];
}

export type ChartKind = 'bars' | 'lines';

export interface ChartInput {
  readonly kind: ChartKind;
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly series: readonly ChartSeries[];
  /** As OpenTelemetry or Prometheus write it; empty for counts. */
  readonly unit: string;
  readonly fold?: Fold | undefined;
  readonly fromZero?: boolean | undefined;
  readonly threshold?: { readonly value: number; readonly label: string } | undefined;
}

export interface ChartLine extends ChartSeries {
  readonly hidden: boolean;
  readonly xy: readonly XY[];
  /** px of line and gap; empty for an unbroken line. */
  readonly dash: readonly number[];
}

export interface ChartModel {
  readonly lines: readonly ChartLine[];
  readonly axis: Axis;
  readonly count: number;
}

const othersColor = 'var(--text-muted)';

/** At most seven lines, with the rest as "others"; which of them are hidden; and an axis for the rest. */
export function chartModel(input: ChartInput, hidden: ReadonlySet<string>, maxPoints = 1200): ChartModel {
  const lines = withOthers(input);
  const count = lines.reduce((most, line) => Math.max(most, line.points.length), 0);
  const shown = lines.filter((line) => !hidden.has(line.key));
  return {
    lines: lines.map((line, i) => ({
      ...line,
      hidden: hidden.has(line.key),
      xy: xyOf(line, input, maxPoints),
      dash: dashOf(lines, i),
    })),
    axis: valueAxis(input.kind === 'bars' ? stacked(shown, count) : shown.flatMap((line) => line.points), {
      unit: input.unit,
      fromZero: input.kind === 'bars' || (input.fromZero ?? false),
      include: input.threshold ? [input.threshold.value] : [],
    }),
    count,
  };
}

function withOthers({ series, kind, fold }: ChartInput): readonly ChartSeries[] {
  const top = topSeries(series, fold ?? (kind === 'bars' ? 'sum' : 'mean'));
  if (!top.others) return top.shown;
  const name = `${top.others.count} others`;
  return [...top.shown, { key: ' others', name, color: othersColor, points: top.others.points }];
}

/** A point stands in the middle of its bucket, so that bars and lines of a page lie under one another. */
function xyOf(line: ChartSeries, input: ChartInput, maxPoints: number): readonly XY[] {
  const points = line.points.map((y, i) => ({ x: input.from + (i + 0.5) * input.stepMs, y }));
  return input.kind === 'bars' ? points : downsample(points, maxPoints);
}

function stacked(lines: readonly ChartSeries[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => lines.reduce((sum, line) => sum + (line.points[i] ?? 0), 0));
}

/** Points between two gaps: a line cannot show them, so they are drawn as dots. */
export function loneRadii(points: readonly XY[]): number[] {
  return points.map((point, i) =>
    point.y !== null && (points[i - 1]?.y ?? null) === null && (points[i + 1]?.y ?? null) === null ? 2 : 0,
  );
}

export interface LineStats {
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly total: number;
}

export function statsOf(points: readonly (number | null)[]): LineStats {
  const known = points.filter((point): point is number => point !== null && Number.isFinite(point));
  const total = known.reduce((sum, point) => sum + point, 0);
  if (known.length === 0) return { last: null, min: null, max: null, mean: null, total };
  return {
    last: known.at(-1) ?? null,
    min: known.reduce((a, b) => Math.min(a, b)),
    max: known.reduce((a, b) => Math.max(a, b)),
    mean: total / known.length,
    total,
  };
}

const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
/** Degrees: hues nearer than this cannot be told apart in a thin line. */
const nearHue = 24;

/** Lines whose hues come close are told apart by their dashes: the hue of a service is the same everywhere. */
export function dashOf(lines: readonly Pick<ChartSeries, 'color'>[], index: number): readonly number[] {
  const hueOf = (line: Pick<ChartSeries, 'color'> | undefined): number | null => {
    const hue = /^hsl\((\d+)/.exec(line?.color ?? '')?.[1];
    return hue === undefined ? null : Number(hue);
  };
  const own = hueOf(lines[index]);
  if (own === null) return [];
  const near = lines.slice(0, index).filter((line) => {
    const hue = hueOf(line);
    if (hue === null) return false;
    const distance = Math.abs(hue - own) % 360;
    return Math.min(distance, 360 - distance) < nearHue;
  });
  return dashes[Math.min(near.length, dashes.length - 1)] ?? [];
}
