import { Link } from '@tanstack/react-router';
import type { ProblemDetail } from '../../../../src/http/contract/problems.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';

export function ProblemIncidents({ incidents }: Pick<ProblemDetail, 'incidents'>) {
  if (incidents.length === 0) return null;
  return (
    <Section title="Its incidents" note={incidents.length}>
      <ul className="card problem-list">
        {incidents.map((incident) => (
          <li key={incident.id}>
            <Link to="/incidents/$id" params={{ id: incident.id }}>
              #{incident.number} {incident.title}
            </Link>
            <span className="muted small">
              {incident.state}, <Ago at={incident.openedAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
