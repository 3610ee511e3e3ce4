import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { changeDeploy } from '../../charts/change-deploy.js';
import type { DeployMark } from '../../charts/flags.js';
import { formatCount, formatMs, threeDigits } from '../../charts/units.js';
import { pathTotals, type PathSegment } from './critical-path.js';
import type { SpanNode, SpanTree } from './span-tree.js';

/** Points on each side of a deploy that are compared. */
const nearBefore = 15;
const nearAfter = 9;
/** Deploys as close as this, in points, cannot be told apart. */
const nearMark = 2;

type Points = readonly (number | null)[];

export function seriesOf(histogram: TraceHistogram, label: string, value: string): Points {
  return histogram.series.find(({ labels }) => labels[label] === value)?.points ?? [];
}

const sum = (points: Points): number => points.reduce<number>((total, point) => total + (point ?? 0), 0);

/**
 * What is counted: requests that enter a service, or, in a search by more than service and operation, spans.
 * `24.1 k requests, 3.2 % of them failed; 95 % took at most 180 ms.`
 */
export function tracesAnswer(histogram: TraceHistogram, noun: 'request' | 'span' = 'request'): string {
  const errors = sum(seriesOf(histogram, 'status', 'error'));
  const total = sum(seriesOf(histogram, 'status', 'ok')) + errors;
  if (total === 0)
    return noun === 'span' ? 'No span matches in this time.' : 'Nothing was traced in this time.';
  const failed =
    errors === 0 ? 'none of them failed' : `${threeDigits((errors / total) * 100)} % of them failed`;
  const known = seriesOf(histogram, 'quantile', '0.95').filter((point) => point !== null);
  const spans = total === 1 ? `1 ${noun}` : `${formatCount(total)} ${noun}s`;
  if (known.length === 0) return `${spans}, ${failed}.`;
  const middle = [...known].sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
  return `${spans}, ${failed}; 95 % took at most ${formatMs(middle)}.`;
}

/**
 * What stands over a chart of a rate or a duration: that its level changed with a deploy, when that can be
 * seen: at least five points on each side, and half as much again, or more.
 */
export function changeFinding(
  what: string,
  points: Points,
  grid: { readonly from: number; readonly stepMs: number },
  context: { readonly marks: readonly DeployMark[]; readonly say: (value: number) => string },
): string | null {
  const around = (mark: DeployMark): { before: number; after: number } | null => {
    const split = Math.floor((mark.at - grid.from) / grid.stepMs);
    // What follows at once: a change much later is not said to be "after" this deploy.
    const before = median(points.slice(Math.max(0, split - nearBefore), Math.max(0, split)));
    const after = median(points.slice(Math.max(0, split) + 1, split + 1 + nearAfter));
    return before === null || after === null || after < before * 1.5 ? null : { before, after };
  };
  const rise = (mark: DeployMark): number => {
    const levels = around(mark);
    return levels ? levels.after - levels.before : 0;
  };
  const found = changeDeploy(context.marks, rise, nearMark * grid.stepMs);
  const levels = found && around(found.mark);
  if (!levels) return null;
  return `${what} rose from ${context.say(levels.before)} to ${context.say(levels.after)} after ${found.words}`;
}

function median(points: Points): number | null {
  const known = points.filter((point) => point !== null).sort((a, b) => a - b);
  return known.length < 5 ? null : (known[Math.floor(known.length / 2)] ?? null);
}

/** Share of failed requests, in percent; a gap where there was none. */
export function errorShare(ok: Points, error: Points): (number | null)[] {
  return Array.from({ length: Math.max(ok.length, error.length) }, (_, i) => {
    const total = (ok[i] ?? 0) + (error[i] ?? 0);
    return total === 0 ? null : ((error[i] ?? 0) / total) * 100;
  });
}

/** The root that the reader means by "this request": the longest that arrived. */
export function longestRoot(tree: SpanTree): SpanNode | null {
  const arrived = tree.roots.filter((node) => node.span);
  return (arrived.length > 0 ? arrived : tree.roots).reduce<SpanNode | null>(
    (longest, node) => (longest && longest.end - longest.start >= node.end - node.start ? longest : node),
    null,
  );
}

/** `POST /api/checkout took 1.24 s and failed; 860 ms of it in payment.` */
export function traceAnswer(tree: SpanTree, path: readonly PathSegment[]): string {
  const root = longestRoot(tree);
  if (!root) return 'This trace has no spans.';
  const durationMs = root.end - root.start;
  const name = root.span ? root.name : (root.children[0]?.name ?? root.name);
  const failed = root.span?.status === 'Error' ? ' and failed' : '';
  const head = `${name} took ${formatMs(durationMs)}${failed}`;
  const byService = new Map<string, number>();
  for (const { key, ms } of pathTotals(path)) {
    const service = tree.byKey.get(key)?.service ?? '';
    byService.set(service, (byService.get(service) ?? 0) + ms);
  }
  const [top] = [...byService].sort((a, b) => b[1] - a[1]);
  if (!top || byService.size < 2 || top[0] === '' || durationMs <= 0) return `${head}.`;
  const [service, ms] = top;
  return `${head}; ${formatMs(ms)} of it (${threeDigits((ms / durationMs) * 100)} %) in ${service}.`;
}
