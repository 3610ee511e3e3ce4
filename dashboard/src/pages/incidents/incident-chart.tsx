import { useMemo } from 'react';
import type { IncidentDetail, Rules } from '../../../../src/http/contract/incidents.js';
import { useApi } from '../../api/use-api.js';
import { useChartEvents, type ChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { ErrorLogsChart } from './error-logs-chart.js';
import { boundOfFailedShare } from './failed-share.js';
import { incidentSignal } from './incident-signal.js';
import { incidentWindow } from './incident-window.js';
import { RequestsChart } from './requests-chart.js';

/** The failing signal around the incident, with the deploys of its services in that time. */
export function IncidentChart({ incident }: { incident: IncidentDetail }) {
  const now = useNow();
  const window = incidentWindow(incident, now);
  const { from, to } = window;
  const range = useMemo(() => absoluteRange({ from, to }), [from, to]);
  const events = useChartEvents(range, window);
  const rules = useApi<Rules>('/api/rules');
  const { id, services, lastDeploy } = incident;
  const own = useMemo<ChartEvents>(() => {
    const known = new Set([...services, ...(lastDeploy ? [lastDeploy.service] : [])]);
    return {
      marks: events.marks.filter(({ service }) => known.has(service)),
      incidents: events.incidents.filter((one) => one.id === id),
    };
  }, [events, services, lastDeploy, id]);
  const [service] = services;
  if (service === undefined || rules.isLoading) return null;
  const environment = incident.environment === '' ? undefined : incident.environment;
  const known = rules.data?.items ?? [];
  const signal = incidentSignal(incident.alerts, known, service);
  const props = { service, environment, range, events: own };
  return (
    <div className="incident-chart card">
      {signal === 'logs' ? (
        <ErrorLogsChart {...props} />
      ) : (
        <RequestsChart {...props} signal={signal} bound={boundOfFailedShare(incident.alerts, known)} />
      )}
    </div>
  );
}
