import { IconArticle, IconMessageCircle, IconRocket, IconTimeline } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { term } from '../../api/query-term.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { incidentWindow } from './incident-window.js';

/** Where to look next, each narrowed to the incident's services and time. */
export function IncidentLinks({ incident }: { incident: Incident }) {
  const range = absoluteRange(incidentWindow(incident, useNow()));
  const service = incident.services[0];
  const services = incident.services.map((name) => term('service', name));
  const who = services.length > 1 ? `(${services.join(' OR ')})` : (services[0] ?? '');
  return (
    <nav className="incident-links card" aria-label="Where to look next">
      <Link to="/traces" search={{ ...range, service, status: 'error' }}>
        <IconTimeline size={18} stroke={1.6} aria-hidden />
        Failed requests
      </Link>
      <Link to="/logs" search={{ ...range, query: `${who} level>=warn`.trim() }}>
        <IconArticle size={18} stroke={1.6} aria-hidden />
        Warnings and errors in the logs
      </Link>
      <Link to="/releases" search={{ service }}>
        <IconRocket size={18} stroke={1.6} aria-hidden />
        Releases of {service ?? 'these services'}
      </Link>
      <Link to="/feedback">
        <IconMessageCircle size={18} stroke={1.6} aria-hidden />
        What people say
      </Link>
    </nav>
  );
}
