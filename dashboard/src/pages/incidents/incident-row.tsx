import { Link } from '@tanstack/react-router';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { Ago } from '../../ui/ago.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { join, percent } from '../../time/format.js';
import { useNow } from '../../time/use-now.js';
import { deployBefore, lasting, namesOf } from './sentences.js';
import { incidentGlyph, incidentWord } from './severity.js';
import { suspectLine } from './suspects/words.js';
import './incidents.css';

interface IncidentRowProps {
  incident: Incident;
  /** The row that `j` and `k` stand on. */
  current?: boolean;
}

/** An incident as a sentence, with what one asks next: where, since when, after what, who is on it. */
export function IncidentRow({ incident, current = false }: IncidentRowProps) {
  const now = useNow();
  const before = suspectLine(incident.suspect) ?? deployBefore(incident);
  return (
    <li
      className="incident-row row-link"
      data-current={current}
      data-severity={incident.severity}
      data-state={incident.state}
    >
      <StateGlyph state={incidentGlyph(incident)} word={incidentWord(incident)} bare size={20} />
      <div className="incident-row-words">
        <Link to="/incidents/$id" params={{ id: incident.id }} className="incident-row-title">
          {incident.summary === '' ? incident.title : incident.summary}
        </Link>
        <p className="incident-row-facts">
          <span className="mono">#{incident.number}</span>
          {incident.services.length === 0 ? null : <span>{namesOf(incident.services)}</span>}
          {incident.environment === '' ? null : <span>{incident.environment}</span>}
          {incident.suspect ? (
            <SuspectWords suspect={incident.suspect} />
          ) : before === null ? null : (
            <span className="incident-row-deploy">{before}</span>
          )}
        </p>
      </div>
      <div className="incident-row-side">
        <span
          className="incident-row-who"
          data-nobody={incident.assignee === null && incident.state === 'open'}
        >
          {incident.assignee ??
            (incident.state === 'resolved'
              ? 'resolved'
              : incident.state === 'acknowledged'
                ? 'acknowledged'
                : 'nobody is on it')}
        </span>
        <span className="muted small">
          {incident.state === 'resolved' ? (
            <>lasted {lasting(incident, now)}</>
          ) : (
            <Ago at={incident.openedAt} />
          )}
        </span>
      </div>
    </li>
  );
}

/** The most probable one, with how probable; a link of its own above the row's. */
function SuspectWords({ suspect }: { suspect: NonNullable<Incident['suspect']> }) {
  const share = join(percent(suspect.probability));
  if (suspect.releaseId === null)
    return (
      <span>
        {suspect.title} ({share})
      </span>
    );
  return (
    <Link to="/releases/$id" params={{ id: suspect.releaseId }} className="incident-row-suspect">
      suspect: {suspect.title} ({share})
    </Link>
  );
}
