import { useMemo } from 'react';
import type { ProblemDetail } from '../../../../src/http/contract/problems.js';
import type { ChartSeries } from '../../charts/chart-model.js';
import { TimeChart } from '../../charts/time-chart.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { trendFinding } from './sentences.js';

const colors = [
  'var(--critical-fill)',
  'var(--warning-fill)',
  'var(--feedback-fill)',
  'var(--information-fill)',
];

/** How often it was seen, with the deploys of its services; the release that means to fix it is named so. */
export function ProblemChart({ problem }: { problem: ProblemDetail }) {
  const { trend, verification, services } = problem;
  const from = Date.parse(trend.from);
  const steps = trend.series.reduce((most, { points }) => Math.max(most, points.length), 0);
  const to = from + steps * trend.stepMs;
  const range = useMemo(() => absoluteRange({ from, to }), [from, to]);
  const events = useChartEvents(range, { from, to });
  const several = new Set(trend.series.map(({ labels }) => labels['service'])).size > 1;
  const series = useMemo<ChartSeries[]>(
    () =>
      trend.series.map(({ labels, points }, i) => ({
        key: JSON.stringify(labels),
        name: [several ? labels['service'] : '', labels['title'] ?? 'seen'].filter(Boolean).join(': '),
        color: colors[i % colors.length] ?? 'var(--critical-fill)',
        points,
      })),
    [trend.series, several],
  );
  const fixId = verification?.releaseId;
  const marks = useMemo(
    () =>
      events.marks
        .filter(({ service }) => services.includes(service))
        .map((mark) => (mark.releaseId === fixId ? { ...mark, version: `${mark.version} the fix` } : mark)),
    [events.marks, services, fixId],
  );
  const incidentIds = new Set(problem.incidents.map(({ id }) => id));
  if (steps === 0) return null;
  return (
    <div className="card problem-chart">
      <TimeChart
        title={trendFinding(problem)}
        // Parts of one failure lie over one another: stacked, they would look like several.
        kind={series.length > 1 ? 'lines' : 'bars'}
        fromZero
        from={from}
        to={to}
        stepMs={trend.stepMs}
        series={series}
        unit=""
        height={180}
        marks={marks}
        incidents={events.incidents.filter(({ id }) => incidentIds.has(id))}
        legend={series.length > 1}
      />
    </div>
  );
}
