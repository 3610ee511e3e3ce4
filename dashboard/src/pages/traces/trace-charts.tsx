import { useMemo } from 'react';
import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { ChartGroup } from '../../charts/cursor.js';
import { TimeChart } from '../../charts/time-chart.js';
import { formatMs, threeDigits } from '../../charts/units.js';
import type { ChartEvents } from '../../charts/use-chart-events.js';
import { changeFinding, errorShare, seriesOf } from './trace-findings.js';

interface TraceChartsProps {
  /** What is counted. */
  noun: 'request' | 'span';
  histogram: TraceHistogram;
  events: ChartEvents;
  onRange: (range: { from: number; to: number }) => void;
}

/** How many there were, how many failed, and how long they took, over the same time. */
export function TraceCharts({ noun, histogram, events, onRange }: TraceChartsProps) {
  const { counts, durations, titles } = useMemo(() => {
    const ok = seriesOf(histogram, 'status', 'ok');
    const error = seriesOf(histogram, 'status', 'error');
    const p95 = seriesOf(histogram, 'quantile', '0.95');
    const grid = { from: Date.parse(histogram.from), stepMs: histogram.stepMs };
    const { marks } = events;
    const percent = { marks, say: (value: number) => `${threeDigits(value)} %` };
    return {
      counts: [
        { key: 'error', name: 'failed', color: 'var(--critical-fill)', points: error },
        { key: 'ok', name: 'ok', color: 'var(--information-fill)', points: ok },
      ],
      durations: [{ key: 'p95', name: 'p95', color: 'var(--text-2)', points: p95 }],
      titles: {
        counts:
          changeFinding('The share of failures', errorShare(ok, error), grid, percent) ??
          (noun === 'span' ? 'Spans' : 'Requests'),
        durations: changeFinding('p95', p95, grid, { marks, say: formatMs }) ?? 'Duration, 95th percentile',
      },
    };
  }, [histogram, events, noun]);
  const common = {
    from: Date.parse(histogram.from),
    to: Date.parse(histogram.to),
    stepMs: histogram.stepMs,
    marks: events.marks,
    incidents: events.incidents,
    height: 148,
    onRange,
  };
  return (
    <ChartGroup>
      <div className="trace-charts">
        <TimeChart {...common} kind="bars" title={titles.counts} series={counts} unit="" />
        <TimeChart {...common} kind="lines" title={titles.durations} series={durations} unit="ms" fromZero />
      </div>
    </ChartGroup>
  );
}
