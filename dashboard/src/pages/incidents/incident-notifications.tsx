import { Link } from '@tanstack/react-router';
import type { Notification } from '../../../../src/http/contract/incidents.js';
import { Ago } from '../../ui/ago.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';
import { useNow } from '../../time/use-now.js';
import { eventWord, outcomeWords } from '../settings/notifier-words.js';
import { lasting } from './notification-words.js';
import './notifications.css';

/** Who was told of an incident, and what became of it. */
export function IncidentNotifications({ notifications }: { notifications: readonly Notification[] }) {
  if (notifications.length === 0)
    return <p className="muted">Nobody: no notifier is set up, or its turn has not come.</p>;
  const silent = notifications.filter(({ status }) => status === 'failed');
  return (
    <>
      {silent.length === 0 ? null : (
        <p className="notification-warning" role="alert">
          {[...new Set(silent.map(({ notifier }) => notifier))].join(', ')} could not be told.{' '}
          <Link to="/settings/$tab" params={{ tab: 'alerting' }} search={{ sent: 'failed' }}>
            Notifiers
          </Link>
        </p>
      )}
      <NotificationList notifications={notifications} />
    </>
  );
}

interface NotificationListProps {
  notifications: readonly Notification[];
  /** Each names its incident, for lists over several. */
  linked?: boolean;
}

export function NotificationList({ notifications, linked = false }: NotificationListProps) {
  return (
    <ul className="notification-list card">
      {notifications.map((one) => (
        <Line key={one.id} one={one} linked={linked} />
      ))}
    </ul>
  );
}

function glyphOf({ status, lastError }: Notification): GlyphState {
  if (status === 'sent') return 'healthy';
  if (status === 'failed') return 'critical';
  return lastError === null ? 'information' : 'warning';
}

function Line({ one, linked }: { one: Notification; linked: boolean }) {
  const words = outcomeWords(one);
  return (
    <li data-status={one.status}>
      <div className="notification-line">
        <StateGlyph state={glyphOf(one)} word={words} bare />
        <span className="clip">{one.notifier}</span>
        <span className="muted small">{eventWord(one.event)}</span>
        {linked && one.incidentId !== null ? (
          <Link to="/incidents/$id" params={{ id: one.incidentId }} className="mono small">
            #{one.incidentNumber ?? '?'}
          </Link>
        ) : null}
        <span className="muted small notification-when">
          <Ago at={one.sentAt ?? one.createdAt} />
        </span>
      </div>
      {words === 'sent' || words === 'sending' ? null : (
        <p className="notification-outcome muted small">
          {words}
          <NextAttempt one={one} />
        </p>
      )}
      {one.lastError === null || one.status === 'sent' ? null : (
        <p className="notification-error">{one.lastError}</p>
      )}
    </li>
  );
}

function NextAttempt({ one }: { one: Notification }) {
  const now = useNow();
  const at = one.nextAttemptAt;
  if (one.lastError === null || at === null || at === undefined) return null;
  const left = Date.parse(at) - now;
  return <>, {left <= 0 ? 'next now' : `next in ${lasting(left)}`}</>;
}
