import type { Alert } from '../../../../src/http/contract/incidents.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';

const glyphs: Readonly<Record<Alert['state'], GlyphState>> = {
  firing: 'critical',
  pending: 'warning',
  resolved: 'healthy',
  inactive: 'inactive',
};

/** What the rules saw, each with its reason. */
export function IncidentAlerts({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Section title="Alerts" note={alerts.length}>
      <ul className="alert-list card">
        {alerts.map((alert) => (
          <li key={alert.fingerprint}>
            <StateGlyph state={glyphs[alert.state]} word={alert.state} />
            <div className="alert-words">
              <p>{alert.reason}</p>
              <p className="alert-labels">
                <strong>{alert.rule}</strong>
                {Object.entries(alert.labels).map(([name, value]) =>
                  value === '' || name === 'alertname' ? null : (
                    <code key={name}>
                      {name}={value}
                    </code>
                  ),
                )}
              </p>
            </div>
            <span className="muted small">
              {alert.resolvedAt !== null ? (
                <Ago at={alert.resolvedAt} prefix="resolved " />
              ) : alert.firedAt !== null ? (
                <Ago at={alert.firedAt} prefix="fired " />
              ) : alert.activeAt !== null ? (
                <Ago at={alert.activeAt} prefix="seen " />
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
