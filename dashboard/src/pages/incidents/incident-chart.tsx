import { useMemo } from 'react';
import type { IncidentDetail, Rules } from '../../../../src/http/contract/incidents.js';
import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { TimeChart } from '../../charts/time-chart.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import { boundOfFailedShare, failedShare } from './failed-share.js';
import { incidentWindow } from './incident-window.js';

/** The failing signal around the incident, with the deploys of that time. */
export function IncidentChart({ incident }: { incident: IncidentDetail }) {
  const now = useNow();
  const window = incidentWindow(incident, now);
  const { from, to } = window;
  const range = useMemo(() => absoluteRange({ from, to }), [from, to]);
  const service = incident.services[0];
  const environment = incident.environment === '' ? undefined : incident.environment;
  const events = useChartEvents(range, window, service);
  const histogram = useApi<TraceHistogram>(
    '/api/traces/histogram',
    { ...range, service, environment },
    { enabled: service !== undefined },
  );
  const rules = useApi<Rules>('/api/rules');
  const points = useMemo(() => (histogram.data ? failedShare(histogram.data) : []), [histogram.data]);
  const series = useMemo(
    () => [{ key: 'failed', name: 'failed requests', color: 'var(--critical-fill)', points }],
    [points],
  );
  if (service === undefined || histogram.error) return null;
  if (!histogram.data) return <ChartSkeleton height={200} />;
  if (points.every((point) => point === null)) return null;
  const bound = boundOfFailedShare(incident.alerts, rules.data?.items ?? []);
  return (
    <div className="incident-chart card">
      <TimeChart
        title={`Failed requests of ${service}`}
        kind="lines"
        from={Date.parse(histogram.data.from)}
        to={Date.parse(histogram.data.to)}
        stepMs={histogram.data.stepMs}
        series={series}
        unit="%"
        fromZero
        legend={false}
        height={180}
        marks={events.marks}
        incidents={events.incidents.filter(({ id }) => id === incident.id)}
        {...(bound === null ? {} : { threshold: { value: bound, label: `${bound} %` } })}
      />
    </div>
  );
}
