import { Link } from '@tanstack/react-router';
import type { List } from '../../../../src/http/contract/common.js';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { useApi } from '../../api/use-api.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { IncidentRow } from '../incidents/incident-row.js';
import { whatIsWrong } from '../incidents/sentences.js';
import { LatestFeedback } from './latest-feedback.js';
import { LatestReleases } from './latest-releases.js';
import { Loop } from './loop.js';
import { TopProblems } from './top-problems.js';
import { useLoop } from './use-loop.js';
import './overview.css';
import { ServicesTable } from './services-table.js';

/** As many sentences as fit above the services on a desk. */
const shown = 5;

export function OverviewPage() {
  const incidents = useApi<List<Incident>>('/api/incidents', { state: 'active', limit: 50, from: 'now-90d' });
  const items = incidents.data?.items ?? [];
  const more = incidents.data?.nextCursor != null;
  const loop = useLoop();
  const silent = loop.data?.stations.every(({ state }) => state === 'unconnected') ?? false;
  const answer = incidents.data
    ? silent && items.length === 0
      ? 'Nothing is known yet: nothing was sent.'
      : whatIsWrong(items, more)
    : incidents.error
      ? 'That could not be asked.'
      : null;
  return (
    <>
      <PageTitle tab="Overview" answer={answer}>
        What is wrong now?
      </PageTitle>
      <Loop />
      {incidents.error && !incidents.data ? (
        <Section title="Incidents">
          <ErrorBox
            what="The incidents could not be loaded."
            error={incidents.error}
            retry={() => void incidents.refetch()}
          />
        </Section>
      ) : null}
      {incidents.isPending ? (
        <Section title="Incidents">
          <div className="card">
            <TableSkeleton rows={2} />
          </div>
        </Section>
      ) : null}
      {items.length === 0 ? null : (
        <Section
          title="Incidents"
          more={
            <Link to="/incidents">
              {items.length > shown || more
                ? `All ${items.length}${more ? '+' : ''} incidents`
                : 'All incidents'}
            </Link>
          }
        >
          <ul className="incident-list card">
            {items.slice(0, shown).map((incident) => (
              <IncidentRow key={incident.id} incident={incident} />
            ))}
          </ul>
        </Section>
      )}
      <ServicesTable />
      <TopProblems />
      <div className="overview-pair">
        <LatestReleases />
        <LatestFeedback />
      </div>
    </>
  );
}
