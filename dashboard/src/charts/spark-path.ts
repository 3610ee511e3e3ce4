export interface SparkPath {
  /** SVG path of the line; a gap in the points is a gap in the path. */
  readonly line: string;
  /** SVG path of the area below it. */
  readonly area: string;
  /** Points that stand alone between two gaps: a path cannot show them. */
  readonly dots: readonly { readonly x: number; readonly y: number }[];
}

export interface SparkBox {
  readonly width: number;
  readonly height: number;
  /** The value at the upper edge, so that several sparklines can share a scale. */
  readonly max?: number | undefined;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The points as paths in a box of pixels. The lower edge is always zero: a sparkline shows size. */
export function sparkPath(points: readonly (number | null)[], box: SparkBox): SparkPath {
  const top =
    box.max ?? points.reduce<number>((most, point) => (point !== null && point > most ? point : most), 0);
  const pad = 1;
  const dx = points.length > 1 ? (box.width - 2 * pad) / (points.length - 1) : 0;
  const y = (value: number): number =>
    round(box.height - pad - (top > 0 ? Math.min(1, Math.max(0, value / top)) : 0) * (box.height - 2 * pad));
  const runs = runsOf(points);
  const dots: { x: number; y: number }[] = [];
  let line = '';
  let area = '';
  for (const run of runs) {
    const xy = run.values.map((value, i) => ({ x: round(pad + (run.start + i) * dx), y: y(value) }));
    const first = xy[0];
    const last = xy.at(-1);
    if (!first || !last) continue;
    if (xy.length === 1) {
      dots.push(first);
      continue;
    }
    const path = xy.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x} ${p.y}`).join('');
    line += path;
    area += `${path}L${last.x} ${box.height}L${first.x} ${box.height}Z`;
  }
  return { line, area, dots };
}

function runsOf(points: readonly (number | null)[]): { start: number; values: number[] }[] {
  const runs: { start: number; values: number[] }[] = [];
  let open: { start: number; values: number[] } | null = null;
  points.forEach((point, i) => {
    if (point === null || !Number.isFinite(point)) {
      open = null;
    } else if (open) {
      open.values.push(point);
    } else {
      open = { start: i, values: [point] };
      runs.push(open);
    }
  });
  return runs;
}
