import { useMemo } from 'react';
import type { LogHistogram } from '../../../../src/http/contract/telemetry.js';
import { chartClock } from '../../charts/chart-clock.js';
import { severityColors } from '../../charts/colors.js';
import { TimeChart } from '../../charts/time-chart.js';
import type { ChartEvents } from '../../charts/use-chart-events.js';
import { histogramFinding } from './findings.js';
import { severityOrder, severityWords } from './severity-band.js';

interface HistogramPanelProps {
  histogram: LogHistogram;
  events: ChartEvents;
  onRange: (range: { from: number; to: number }) => void;
}

export function HistogramPanel({ histogram, events, onRange }: HistogramPanelProps) {
  const from = Date.parse(histogram.from);
  const to = Date.parse(histogram.to);
  const series = useMemo(
    () =>
      severityOrder.flatMap((band) => {
        const one = histogram.series.find(({ labels }) => labels['severity'] === band);
        const color = severityColors[band] ?? 'var(--text-muted)';
        return one ? [{ key: band, name: severityWords[band], color, points: one.points }] : [];
      }),
    [histogram.series],
  );
  const clock = chartClock(60_000, to - from);
  return (
    <TimeChart
      kind="bars"
      title={histogramFinding(histogram, from, { marks: events.marks, clock })}
      from={from}
      to={to}
      stepMs={histogram.stepMs}
      series={series}
      unit=""
      marks={events.marks}
      incidents={events.incidents}
      onRange={onRange}
      height={132}
    />
  );
}
