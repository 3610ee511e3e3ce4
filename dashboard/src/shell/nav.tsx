import {
  IconActivityHeartbeat,
  IconAlertOctagon,
  IconArticle,
  IconBug,
  IconChartLine,
  IconListNumbers,
  IconMessageCircle,
  IconRocket,
  IconSettings,
  IconTimeline,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { List } from '../../../src/http/contract/common.js';
import type { Incident } from '../../../src/http/contract/incidents.js';
import { useApi } from '../api/use-api.js';
import { Mark } from './mark.js';
import { places, type Place } from './places.js';

const icons: Record<Place['name'], Icon> = {
  Overview: IconActivityHeartbeat,
  Incidents: IconAlertOctagon,
  Releases: IconRocket,
  Feedback: IconMessageCircle,
  Problems: IconListNumbers,
  Errors: IconBug,
  Logs: IconArticle,
  Traces: IconTimeline,
  Metrics: IconChartLine,
  Settings: IconSettings,
};

function PlaceLink({ place, onGo }: { place: Place; onGo: () => void }) {
  const Glyph = icons[place.name];
  return (
    <Link
      to={place.to}
      className="nav-link"
      activeOptions={{ exact: place.to === '/', includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
      onClick={onGo}
      title={`g ${place.key}`}
    >
      <Glyph size={18} stroke={1.6} aria-hidden />
      <span>{place.name}</span>
      {place.name === 'Incidents' ? <OpenIncidents /> : null}
    </Link>
  );
}

function OpenIncidents() {
  const { data } = useApi<List<Incident>>('/api/incidents', { state: 'active', limit: 50, from: 'now-90d' });
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  const critical = items.some((incident) => incident.severity === 'critical');
  return (
    <span className="nav-count" data-severity={critical ? 'critical' : 'warning'}>
      {items.length}
      {data?.nextCursor == null ? '' : '+'}
      <span className="visually-hidden"> active</span>
    </span>
  );
}

export function Nav({ onGo }: { onGo: () => void }) {
  const main = places.filter((place) => place.name !== 'Settings');
  const settings = places.filter((place) => place.name === 'Settings');
  return (
    <nav className="nav" aria-label="Pages">
      <Link to="/" className="nav-brand" onClick={onGo}>
        <Mark size={28} />
        <span>Lemni</span>
      </Link>
      {main.map((place) => (
        <PlaceLink key={place.name} place={place} onGo={onGo} />
      ))}
      <div className="nav-foot">
        {settings.map((place) => (
          <PlaceLink key={place.name} place={place} onGo={onGo} />
        ))}
      </div>
    </nav>
  );
}
