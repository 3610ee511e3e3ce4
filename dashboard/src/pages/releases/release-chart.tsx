import { useMemo } from 'react';
import type { Release } from '../../../../src/http/contract/changes.js';
import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { ChartGroup } from '../../charts/cursor.js';
import { TimeChart } from '../../charts/time-chart.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import { failedShare } from '../incidents/failed-share.js';
import { releaseWindow } from './release-window.js';

/** The service before and after it: how many requests failed, and how long they took. */
export function ReleaseChart({ release }: { release: Release }) {
  const window = releaseWindow(release, useNow());
  const { from, to } = window;
  const range = useMemo(() => absoluteRange({ from, to }), [from, to]);
  const { service } = release;
  const environment = release.environment === '' ? undefined : release.environment;
  const histogram = useApi<TraceHistogram>('/api/traces/histogram', { ...range, service, environment });
  const events = useChartEvents(range, window, service);
  const lines = useMemo(() => (histogram.data ? linesOf(histogram.data) : null), [histogram.data]);
  if (histogram.error) return null;
  if (!histogram.data || !lines) return <ChartSkeleton height={180} />;
  if (lines.failed[0]?.points.every((point) => point === null) !== false)
    return (
      <p className="muted">No traces of {service} are kept from around it, so nothing can be compared.</p>
    );
  const common = {
    kind: 'lines' as const,
    from: Date.parse(histogram.data.from),
    to: Date.parse(histogram.data.to),
    stepMs: histogram.data.stepMs,
    fromZero: true,
    legend: false,
    height: 150,
    marks: events.marks,
    incidents: events.incidents,
  };
  return (
    <ChartGroup>
      <div className="release-charts">
        <div className="card">
          <TimeChart {...common} title={`Failed requests of ${service}`} series={lines.failed} unit="%" />
        </div>
        <div className="card">
          <TimeChart {...common} title="95 % took less than" series={lines.p95} unit="ms" />
        </div>
      </div>
    </ChartGroup>
  );
}

function linesOf(histogram: TraceHistogram) {
  const p95 = histogram.series.find(({ labels }) => labels['quantile'] === '0.95')?.points ?? [];
  return {
    failed: [
      {
        key: 'failed',
        name: 'failed requests',
        color: 'var(--critical-fill)',
        points: failedShare(histogram),
      },
    ],
    p95: [{ key: 'p95', name: 'p95', color: 'var(--information-fill)', points: p95 }],
  };
}
