import type { LogHistogram } from '../../../../src/http/contract/telemetry.js';
import { changeDeploy } from '../../charts/change-deploy.js';
import type { DeployMark } from '../../charts/flags.js';
import { formatCount, threeDigits } from '../../charts/units.js';

/** Buckets on each side of a deploy that are compared. */
const nearBefore = 20;
const nearAfter = 8;
/** Deploys as close as this, in buckets, cannot be told apart. */
const nearMark = 2;

type Counts = Pick<LogHistogram, 'series' | 'total' | 'stepMs'>;

/** `12.3 k lines, 4.2 % of them errors.` */
export function logsAnswer({ total, series }: Counts, query: string): string {
  if (total === 0)
    return query === '' ? 'Nothing was written in this time.' : 'No line matches in this time.';
  const errors = sumOf(errorCounts({ series }));
  const lines = total === 1 ? '1 line' : `${formatCount(total)} lines`;
  if (errors === 0) return `${lines}, none of them an error.`;
  return `${lines}, ${threeDigits((errors / total) * 100)} % of them errors.`;
}

/**
 * What stands over the histogram: that errors became many times as frequent, and after which deploy, when
 * that can be seen; else what the chart shows. It needs ten errors and a rise to three times the rate before.
 */
export function histogramFinding(
  { series, stepMs }: Counts,
  from: number,
  context: { readonly marks: readonly DeployMark[]; readonly clock: (at: number) => string },
): string {
  const errors = errorCounts({ series });
  const fallback = 'Lines by severity';
  if (sumOf(errors) < 10) return fallback;
  const timesAfter = (mark: DeployMark): number => {
    const split = Math.floor((mark.at - from) / stepMs);
    // What follows at once: a rise much later is not said to be "after" this deploy.
    const before = errors.slice(Math.max(0, split - nearBefore), Math.max(0, split));
    const after = errors.slice(Math.max(0, split), split + nearAfter);
    return before.length < 3 || after.length < 2 ? 0 : riseOf(before, after);
  };
  const found = changeDeploy(context.marks, timesAfter, nearMark * stepMs);
  if (found) {
    const { mark, change, words } = found;
    return `Errors ${riseInWords(change)} after ${words} (${context.clock(mark.at)})`;
  }
  const top = errors.reduce((best, count, i) => (count > (errors[best] ?? 0) ? i : best), 0);
  return `Lines by severity, most errors at ${context.clock(from + top * stepMs)}`;
}

/** How many times the rate of before; 0: nothing to speak of. */
function riseOf(before: readonly number[], after: readonly number[]): number {
  const [was, is] = [sumOf(before) / before.length, sumOf(after) / after.length];
  if (sumOf(after) < 10) return 0;
  const times = was === 0 ? Infinity : is / was;
  return times >= 3 ? times : 0;
}

function riseInWords(times: number): string {
  return times === Infinity ? 'began' : `rose to ${threeDigits(times)} times the rate`;
}

function errorCounts({ series }: Pick<LogHistogram, 'series'>): number[] {
  const bad = series.filter(({ labels }) => ['error', 'fatal'].includes(labels['severity'] ?? ''));
  const length = bad.reduce((most, one) => Math.max(most, one.points.length), 0);
  return Array.from({ length }, (_, i) => bad.reduce((sum, one) => sum + (one.points[i] ?? 0), 0));
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
