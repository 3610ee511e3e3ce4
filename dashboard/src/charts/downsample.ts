export interface XY {
  readonly x: number;
  readonly y: number | null;
}

/**
 * Fewer points of the same shape: of each bucket the lowest and the highest stay, in their order, so that
 * spikes survive (an average would hide them). A bucket without any point stays a gap.
 */
export function downsample(points: readonly XY[], most: number): readonly XY[] {
  if (points.length <= most || most < 4) return points;
  const buckets = Math.floor(most / 2);
  const out: XY[] = [];
  for (let b = 0; b < buckets; b++) {
    const start = Math.floor((b * points.length) / buckets);
    const end = Math.floor(((b + 1) * points.length) / buckets);
    let low = -1;
    let high = -1;
    for (let i = start; i < end; i++) {
      const y = points[i]?.y ?? null;
      if (y === null || !Number.isFinite(y)) continue;
      if (low < 0 || y < (points[low]?.y ?? 0)) low = i;
      if (high < 0 || y > (points[high]?.y ?? 0)) high = i;
    }
    const chosen = low < 0 ? [start] : low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    for (const i of chosen) {
      const point = points[i];
      if (point) out.push(low < 0 ? { x: point.x, y: null } : point);
    }
  }
  return out;
}
