import type { NewId } from '../../src/lib/ids.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident, TimelineEntry, TimelineKind } from '../../src/model/incidents.js';
import { about } from '../rules/words.js';

/** An entry that has no id yet. */
export type Draft = Omit<TimelineEntry, 'id'>;

/** `newId` must give ids that sort in the order in which they were made (ids.ts). */
export function withIds(drafts: readonly Draft[], now: number, newId: NewId): TimelineEntry[] {
  return drafts.map((draft) => ({ ...draft, id: newId(now) }));
}

export function opened(incident: Incident, alert: Alert): Draft {
  return by(null, incident.id, incident.openedAt, 'opened', `Opened by ${alert.rule}`, { rule: alert.rule });
}

export function deployed(incidentId: string, deploy: DeployRef): Draft {
  const who = deploy.actor === '' ? '' : ` by ${deploy.actor}`;
  const text = `${deploy.service} ${deploy.version} was deployed${who}`;
  return by(null, incidentId, deploy.at, 'deploy', text, { ...deploy });
}

export function fired(incidentId: string, alert: Alert, now: number): Draft {
  const { fingerprint, rule, value } = alert;
  return by(null, incidentId, now, 'alert_fired', alert.reason, {
    alertId: alert.id,
    fingerprint,
    rule,
    value,
  });
}

export function stopped(incidentId: string, alert: Alert, now: number): Draft {
  const { fingerprint, rule, value } = alert;
  return by(null, incidentId, now, 'alert_resolved', alert.reason, {
    alertId: alert.id,
    fingerprint,
    rule,
    value,
  });
}

export function resolved(incident: Incident, now: number): Draft {
  const text = `Resolved by itself after ${about(now - incident.openedAt)}: all its alerts are`;
  return by(null, incident.id, now, 'resolved', text, {});
}

export function by(
  actor: string | null,
  incidentId: string,
  at: number,
  kind: TimelineKind,
  text: string,
  data: Readonly<Record<string, unknown>>,
): Draft {
  return { actor, incidentId, at, kind, text, data };
}
