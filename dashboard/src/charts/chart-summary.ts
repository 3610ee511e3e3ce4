import type { ChartInput, ChartModel } from './chart-model.js';
import { statsOf } from './chart-model.js';
import type { DeployMark } from './flags.js';
import { formatValue } from './units.js';

/** What the chart shows, in words, for those who cannot see it. `clock` writes a time (Unix ms). */
export function chartSummary(
  title: string,
  input: ChartInput,
  model: ChartModel,
  context: { readonly marks: readonly DeployMark[]; readonly clock: (at: number) => string },
): string {
  const { clock } = context;
  const parts = [`${title}, from ${clock(input.from)} to ${clock(input.to)}.`];
  const shown = model.lines.filter((line) => !line.hidden);
  if (shown.length === 0) parts.push('No data.');
  for (const line of shown) {
    const stats = statsOf(line.points);
    if (stats.max === null) {
      parts.push(`${line.name}: no data.`);
      continue;
    }
    const top = line.points.indexOf(stats.max);
    const highest = `highest ${formatValue(stats.max, input.unit)} at ${clock(input.from + top * input.stepMs)}`;
    parts.push(
      input.kind === 'bars'
        ? `${line.name}: ${formatValue(stats.total, input.unit)} in all, ${highest}.`
        : `${line.name}: ${highest}, last ${formatValue(stats.last, input.unit)}.`,
    );
  }
  const marks = context.marks.filter((mark) => mark.at >= input.from && mark.at <= input.to);
  if (marks.length > 0) {
    parts.push(
      `Deploys: ${marks.map((mark) => `${mark.service} ${mark.version} at ${clock(mark.at)}`).join(', ')}.`,
    );
  }
  return parts.join(' ');
}
