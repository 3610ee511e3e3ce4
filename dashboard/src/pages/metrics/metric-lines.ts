import type { MetricSeries } from '../../../../src/http/contract/telemetry.js';
import type { ChartSeries } from '../../charts/chart-model.js';
import { statsOf } from '../../charts/chart-model.js';
import { formatValue } from '../../charts/units.js';
import { serviceColor } from '../../theme/service-hue.js';
import { unitOf } from './aggregation.js';

type Line = MetricSeries['series'][number];

/** Labels whose value is a service: its lines have the hue that it has on every page. */
const serviceLabels = new Set(['service', 'service_name', 'job', 'app']);

export function lineName(labels: Line['labels']): string {
  const values = Object.entries(labels);
  if (values.length === 0) return 'all series';
  const [only] = values;
  if (only && values.length === 1) return only[1] === '' ? `no ${only[0]}` : only[1];
  return values.map(([name, value]) => `${name}=${value === '' ? '""' : value}`).join(' ');
}

export function chartLines(answer: MetricSeries): ChartSeries[] {
  return answer.series.map((line) => {
    const name = lineName(line.labels);
    const service = Object.entries(line.labels).find(([label]) => serviceLabels.has(label))?.[1];
    const several = Object.keys(line.labels).length > 1;
    // Lines of one service differ in another label: then the whole name gives the hue.
    const color =
      Object.keys(line.labels).length === 0
        ? 'var(--information-fill)'
        : serviceColor(several ? name : (service ?? name));
    return { key: JSON.stringify(line.labels), name, color, points: line.points };
  });
}

/** `queue_depth is at 133, between 80 and 160 in this time.` */
export function metricAnswer(name: string, answer: MetricSeries): string {
  const unit = unitOf(answer.unit, answer.aggregation);
  const say = (value: number | null): string => formatValue(value, unit);
  const stats = answer.series.map((line) => ({ line, stats: statsOf(line.points) }));
  const known = stats.filter(({ stats: one }) => one.last !== null);
  if (known.length === 0) return `${name} has no samples in this time.`;
  const [first] = known;
  if (first && known.length === 1) {
    const { last, min, max } = first.stats;
    return `${name} is at ${say(last)}, between ${say(min)} and ${say(max)} in this time.`;
  }
  const top = known.reduce((most, one) => ((one.stats.last ?? 0) > (most.stats.last ?? 0) ? one : most));
  return `${name}: highest in ${lineName(top.line.labels)}, at ${say(top.stats.last)}.`;
}
