import { useMemo } from 'react';
import type { LogHistogram } from '../../../../src/http/contract/telemetry.js';
import { term } from '../../api/query-term.js';
import { useApi } from '../../api/use-api.js';
import { severityColors } from '../../charts/colors.js';
import { TimeChart } from '../../charts/time-chart.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import type { SignalChartProps } from './requests-chart.js';

/** How many lines of severity error and above a service writes. */
export function ErrorLogsChart({ service, environment, range, events }: SignalChartProps) {
  const place = [term('service', service), ...(environment ? [term('environment', environment)] : [])];
  const query = `${place.join(' ')} level>=error`;
  const { data, error } = useApi<LogHistogram>('/api/logs/histogram', { ...range, query });
  const series = useMemo(
    () =>
      (data?.series ?? []).map(({ labels, points }) => {
        const band = labels['severity'] ?? '';
        return { key: band, name: band, color: severityColors[band] ?? 'var(--critical-fill)', points };
      }),
    [data],
  );
  if (error) return null;
  if (!data) return <ChartSkeleton height={200} />;
  if (series.length === 0) return null;
  return (
    <TimeChart
      title={`Error lines of ${service}`}
      kind="bars"
      from={Date.parse(data.from)}
      to={Date.parse(data.to)}
      stepMs={data.stepMs}
      series={series}
      unit=""
      legend={series.length > 1}
      height={180}
      marks={events.marks}
      incidents={events.incidents}
    />
  );
}
