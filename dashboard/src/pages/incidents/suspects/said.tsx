import { Link } from '@tanstack/react-router';
import type { List } from '../../../../../src/http/contract/common.js';
import type { Feedback } from '../../../../../src/http/contract/feedback.js';
import type { IncidentDetail } from '../../../../../src/http/contract/incidents.js';
import { useApi } from '../../../api/use-api.js';
import { absoluteRange } from '../../../time/range.js';
import { useNow } from '../../../time/use-now.js';
import { Ago } from '../../../ui/ago.js';
import { Rating } from '../../../ui/rating.js';
import { Section } from '../../../ui/section.js';
import { incidentWindow } from '../incident-window.js';
import { began, namesOf } from '../sentences.js';

const shown = 6;

/** What people said while it lasted: of its services, or of none in particular. */
export function Said({ incident }: { incident: IncidentDetail }) {
  const { to } = incidentWindow(incident, useNow());
  const from = Math.min(Math.floor((began(incident) - 60_000) / 60_000) * 60_000, to - 60_000);
  const range = absoluteRange({ from, to });
  const environment = incident.environment === '' ? undefined : incident.environment;
  const said = useApi<List<Feedback>>('/api/feedback', { ...range, environment, limit: 50 });
  const services = new Set(incident.services);
  const items = (said.data?.items ?? []).filter(({ service }) => service === '' || services.has(service));
  if (items.length === 0) return null;
  const bad = items.filter(({ rating }) => rating !== null && rating <= 2).length;
  return (
    <Section
      title="What people said"
      note={`${items.length} of ${namesOf(incident.services)} since then${bad === 0 ? '' : `, ${bad} unhappy`}`}
      more={<Link to="/feedback">All feedback</Link>}
    >
      <ul className="card happened-list">
        {items.slice(0, shown).map((item) => (
          <li key={item.id}>
            <Rating rating={item.rating} size={12} />
            <Link
              to="/feedback"
              search={{ id: item.id, state: 'all' }}
              className="happened-text clip"
              title={item.message}
            >
              {item.message === '' ? 'A rating without words' : item.message}
            </Link>
            <span className="muted small happened-end">
              <span className="mono">{item.version}</span>
              <Ago at={item.at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
