import { getRouteApi, Link } from '@tanstack/react-router';
import type { IncidentDetail } from '../../../../src/http/contract/incidents.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import { useNow } from '../../time/use-now.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { Section } from '../../ui/section.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { IncidentActions } from './incident-actions.js';
import { IncidentAlerts } from './incident-alerts.js';
import { IncidentChart } from './incident-chart.js';
import { IncidentLinks } from './incident-links.js';
import { IncidentNotifications } from './incident-notifications.js';
import { IncidentTimeline } from './incident-timeline.js';
import './incident.css';
import { lasting, namesOf } from './sentences.js';
import { incidentGlyph, incidentWord } from './severity.js';
import { Failing } from './suspects/failing.js';
import { Planned } from './suspects/planned.js';
import { Said } from './suspects/said.js';
import { Suspects } from './suspects/suspects.js';

const route = getRouteApi('/app/incidents/$id');

export function IncidentPage() {
  const { id } = route.useParams();
  const incident = useApi<IncidentDetail>(`/api/incidents/${encodeURIComponent(id)}`, {}, { fresh: true });
  if (incident.data) return <Incident incident={incident.data} />;
  if (!incident.error)
    return (
      <>
        <PageTitle tab="Incident" answer={null}>
          What happened, and who is on it?
        </PageTitle>
        <TextSkeleton lines={8} />
      </>
    );
  if (incident.error instanceof ApiError && incident.error.status === 404)
    return (
      <Empty title="There is no such incident.">
        Perhaps the link was cut short. <Link to="/incidents">All incidents</Link>
      </Empty>
    );
  return (
    <ErrorBox
      what="The incident could not be loaded."
      error={incident.error}
      retry={() => void incident.refetch()}
    />
  );
}

function Incident({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      <PageTitle
        tab={`#${incident.number} ${incident.title}`}
        crumb={
          <>
            <Link to="/incidents">Incidents</Link> / <span className="mono">#{incident.number}</span>
          </>
        }
        lead={<Facts incident={incident} />}
        actions={
          <>
            <Planned incident={incident} />
            <IncidentActions incident={incident} />
          </>
        }
      >
        {incident.summary === '' ? incident.title : incident.summary}
      </PageTitle>
      <div className="incident">
        <div className="incident-main">
          <Suspects incident={incident} />
          <IncidentChart incident={incident} />
          <IncidentAlerts alerts={incident.alerts} />
          <Failing incident={incident} />
          <Said incident={incident} />
          <IncidentTimeline incident={incident} />
        </div>
        <aside className="incident-side" aria-label="What to look at">
          <IncidentLinks incident={incident} />
          <Section title="Told to">
            <IncidentNotifications notifications={incident.notifications} />
          </Section>
        </aside>
      </div>
    </>
  );
}

function Facts({ incident }: { incident: IncidentDetail }) {
  const now = useNow();
  return (
    <span className="incident-facts">
      <StateGlyph state={incidentGlyph(incident)} word={incidentWord(incident)} />
      {incident.services.length === 0 ? null : <span>{namesOf(incident.services)}</span>}
      {incident.environment === '' ? null : <span>{incident.environment}</span>}
      <span>
        <Ago at={incident.openedAt} prefix="opened " />
      </span>
      {incident.state === 'resolved' ? <span>lasted {lasting(incident, now)}</span> : null}
      <span
        data-nobody={incident.assignee === null && incident.state === 'open'}
        className="incident-row-who"
      >
        {incident.assignee === null ? 'nobody is on it' : `${incident.assignee} is on it`}
      </span>
    </span>
  );
}
