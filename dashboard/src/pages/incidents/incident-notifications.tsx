import type { Notification } from '../../../../src/http/contract/incidents.js';
import { Ago } from '../../ui/ago.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';

const glyphs: Readonly<Record<Notification['status'], GlyphState>> = {
  sent: 'healthy',
  pending: 'information',
  failed: 'critical',
};

/** Who was told, and what became of it. */
export function IncidentNotifications({ notifications }: { notifications: readonly Notification[] }) {
  if (notifications.length === 0)
    return <p className="muted">Nobody: no notifier is set up, or its turn has not come.</p>;
  return (
    <ul className="notification-list card">
      {notifications.map((one) => (
        <li key={one.id}>
          <div className="notification-line">
            <StateGlyph state={glyphs[one.status]} word={one.status} bare />
            <span className="clip">{one.notifier}</span>
            <span className="muted small">{one.event}</span>
            <span className="muted small notification-when">
              <Ago at={one.sentAt ?? one.createdAt} />
            </span>
          </div>
          {one.lastError === null || one.status === 'sent' ? null : (
            <p className="notification-error">
              {one.lastError} {one.attempts > 1 ? `${one.attempts} attempts.` : ''}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
