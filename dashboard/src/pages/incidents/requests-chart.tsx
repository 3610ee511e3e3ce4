import { useMemo } from 'react';
import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { TimeChart } from '../../charts/time-chart.js';
import type { ChartEvents } from '../../charts/use-chart-events.js';
import type { RangeText } from '../../time/range.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import { failedShare } from './failed-share.js';

export interface SignalChartProps {
  readonly service: string;
  /** Without it any. */
  readonly environment: string | undefined;
  readonly range: RangeText;
  readonly events: ChartEvents;
}

interface RequestsChartProps extends SignalChartProps {
  readonly signal: 'errors' | 'latency';
  /** In percent, what the share of failed requests is held against. */
  readonly bound: number | null;
}

/** The share of requests that fail, or how long they take. */
export function RequestsChart({ service, environment, range, events, signal, bound }: RequestsChartProps) {
  const { data, error } = useApi<TraceHistogram>('/api/traces/histogram', { ...range, service, environment });
  const isSlow = signal === 'latency';
  const points = useMemo(() => (data ? (isSlow ? slowness(data) : failedShare(data)) : []), [data, isSlow]);
  const series = useMemo(
    () => [
      isSlow
        ? { key: 'p95', name: 'p95', color: 'var(--critical-fill)', points }
        : { key: 'failed', name: 'failed requests', color: 'var(--critical-fill)', points },
    ],
    [points, isSlow],
  );
  if (error) return null;
  if (!data) return <ChartSkeleton height={200} />;
  if (points.every((point) => point === null)) return null;
  return (
    <TimeChart
      title={isSlow ? `95 % of the requests of ${service} took less than` : `Failed requests of ${service}`}
      kind="lines"
      from={Date.parse(data.from)}
      to={Date.parse(data.to)}
      stepMs={data.stepMs}
      series={series}
      unit={isSlow ? 'ms' : '%'}
      fromZero
      legend={false}
      height={180}
      marks={events.marks}
      incidents={events.incidents}
      {...(isSlow || bound === null ? {} : { threshold: { value: bound, label: `${bound} %` } })}
    />
  );
}

function slowness({ series }: TraceHistogram): readonly (number | null)[] {
  return series.find(({ labels }) => labels['quantile'] === '0.95')?.points ?? [];
}
