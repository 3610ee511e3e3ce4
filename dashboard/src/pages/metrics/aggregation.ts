import type { MetricSeries } from '../../../../src/http/contract/telemetry.js';

export type Aggregation = MetricSeries['aggregation'];

export const aggregations: readonly Aggregation[] = [
  ...(['avg', 'sum', 'min', 'max', 'count'] as const),
  ...(['rate', 'increase'] as const),
  ...(['p50', 'p95', 'p99'] as const),
];

export const aggregationWords: Readonly<Record<Aggregation, string>> = {
  avg: 'average',
  sum: 'sum',
  min: 'lowest',
  max: 'highest',
  count: 'number of series',
  rate: 'rate per second',
  increase: 'increase',
  p50: 'p50 (median)',
  p95: 'p95',
  p99: 'p99',
};

/** The unit on the axis: a rate is its unit a second, a count of series has none. */
export function unitOf(unit: string, aggregation: Aggregation): string {
  if (aggregation === 'count') return '';
  if (aggregation !== 'rate') return unit;
  return unit === '1' ? '/s' : `${unit}/s`;
}

/** What adds up over lines is summed into "others"; averages and percentiles are not. */
export function foldOf(aggregation: Aggregation): 'sum' | 'mean' {
  return ['sum', 'count', 'rate', 'increase'].includes(aggregation) ? 'sum' : 'mean';
}
