import { createHash } from 'node:crypto';
import type { NewId } from '../../src/lib/ids.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident, TimelineEntry, TimelineKind } from '../../src/model/incidents.js';
import { about, count } from '../rules/words.js';
import type { ChangeStatus } from '../../src/model/changes.js';
import type { Said } from '../ports.js';
import type { Draft as IncidentDraft } from './drafts.js';
import { placeKey } from '../../src/model/places.js';
import type { Situation } from './situation.js';

/** An entry that has no id yet, unless it must never be added twice. */
export type Draft = Omit<TimelineEntry, 'id'> & { readonly id?: string };

/** Lines of one kind that one evaluation writes into an incident; the rest is counted in one more. */
const maxLines = 20;

/** `newId` must give ids that sort in the order in which they were made (ids.ts). */
export function withIds(drafts: readonly Draft[], now: number, newId: NewId): TimelineEntry[] {
  return drafts.map((draft) => ({ ...draft, id: draft.id ?? newId(now) }));
}

/** An id that is the same whenever the same thing is told of an incident. */
export function onceId(incidentId: string, ...words: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([incidentId, ...words]));
  return `once-${hash.digest('hex').slice(0, 26)}`;
}

/** What one evaluation writes about an incident, `after` being how it looks then. */
export function ofDraft(draft: IncidentDraft, after: Incident, situation: Situation): Draft[] {
  const { now } = situation;
  const entries = [...beginning(draft, after, now), ...deploysOf(draft, after, situation)];
  entries.push(...bounded(draft.newlyFiring.map((alert) => fired(after.id, alert, now))));
  entries.push(...bounded(draft.stopped.map((alert) => stopped(after.id, alert, now))));
  if (after.state === 'resolved') entries.push(resolved(after, now));
  return entries;
}

function beginning(
  { kind, before, newlyFiring, many, places }: IncidentDraft,
  after: Incident,
  now: number,
): Draft[] {
  if (kind === 'reopened') return [reopened(before, now)];
  if (kind === 'open') {
    const names = places.map(({ service }) => service);
    // What a neighbour's alert is doing here must be said.
    return names.length === 0 ? [] : [spread(after, names, now)];
  }
  const [first] = newlyFiring;
  if (first === undefined) return [];
  const together = many
    ? `; ${count(places.length)} services began to fail at once, so they are one incident`
    : '';
  return [opened(after, first, together)];
}

/** The last deploys of the places that it is open at from now on, if they are news. */
function deploysOf(
  { places, before, kind }: IncidentDraft,
  after: Incident,
  { deploys, now }: Situation,
): Draft[] {
  const known = kind === 'new' ? undefined : before.lastDeploy;
  const entries: Draft[] = [];
  if (after.lastDeploy && after.lastDeploy.at !== known?.at)
    entries.push(deployed(after.id, after.lastDeploy));
  for (const place of places.slice(0, maxLines)) {
    const deploy = deploys.get(placeKey(place));
    if (!deploy || now - deploy.at > nearMs || isSame(deploy, after.lastDeploy)) continue;
    entries.push(deployed(after.id, deploy));
  }
  return entries;
}

/** A deploy of another affected service is part of the story when it is this near, ms. */
const nearMs = 3_600_000;

function isSame(deploy: DeployRef, other: DeployRef | null): boolean {
  return deploy.service === other?.service && deploy.at === other.at;
}

/** As many as a person reads; the others counted in a last one. */
export function bounded(entries: readonly Draft[]): Draft[] {
  const shown = entries.slice(0, maxLines);
  const [last] = shown.slice(-1);
  const left = entries.length - shown.length;
  if (left === 0 || last === undefined) return shown;
  const verb = last.kind === 'alert_fired' ? 'fire' : 'stopped firing';
  return [...shown, { ...last, text: `${count(left)} more alerts ${verb}`, data: { more: left } }];
}

export function opened(incident: Incident, alert: Alert, together = ''): Draft {
  const text = `Opened by ${alert.rule}${together}`;
  return by(null, incident.id, incident.openedAt, 'opened', text, { rule: alert.rule });
}

export function reopened(before: Incident, now: number): Draft {
  const since = before.resolvedAt === null ? '' : ` ${about(now - before.resolvedAt)} after it was resolved`;
  return by(null, before.id, now, 'reopened', `Opened again: the same alert fires${since}`, {});
}

function spread(incident: Incident, names: readonly string[], now: number): Draft {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` and ${count(names.length - 3)} more` : '';
  const text = `${shown}${more} joined: connected by calls to what fails here`;
  return by(null, incident.id, now, 'alert_fired', text, { services: names.slice(0, maxLines) });
}

export function deployed(incidentId: string, deploy: DeployRef): Draft {
  const who = deploy.actor === '' ? '' : ` by ${deploy.actor}`;
  const text = `${deploy.service} ${deploy.version} was deployed${who}`;
  const id = deployId(incidentId, deploy);
  return { ...by(null, incidentId, deploy.at, 'deploy', text, { ...deploy }), id };
}

function deployId(incidentId: string, { changeId, service, version, at }: DeployRef): string {
  return onceId(
    incidentId,
    'deploy',
    ...(changeId === undefined ? [service, version, String(at)] : [changeId]),
  );
}

/** A deploy as it stands, during an incident. */
export function deployedNow(
  incidentId: string,
  deploy: DeployRef & { readonly status: ChangeStatus; readonly type: string },
): TimelineEntry {
  const { service, version, at, actor, status, type } = deploy;
  const isRollback = type === 'service.rolledback';
  const words: Readonly<Record<ChangeStatus, string>> = isRollback
    ? {
        started: `${service} is being rolled back to ${version}`,
        succeeded: `${service} was rolled back to ${version}`,
        failed: `${service} could not be rolled back to ${version}`,
        canceled: `Rolling ${service} back to ${version} was canceled`,
      }
    : {
        started: `${service} ${version} is being deployed`,
        succeeded: `${service} ${version} was deployed`,
        failed: `${service} ${version} could not be deployed`,
        canceled: `The deploy of ${service} ${version} was canceled`,
      };
  const text = `${words[status]}${actor === '' ? '' : ` by ${actor}`}`;
  return { ...by(null, incidentId, at, 'deploy', text, { ...deploy }), id: deployId(incidentId, deploy) };
}

/** What people said since an incident began, in one line that goes on counting. */
export function said(incidentId: string, { people, badly, feedbackId, lastAt }: Said): TimelineEntry {
  const who = people === 1 ? '1 person said something' : `${count(people)} people said something`;
  const how =
    badly === 0
      ? ''
      : people === 1
        ? ' and is unhappy'
        : `, ${badly === people ? 'all' : count(badly)} of them unhappy`;
  const data = { people, badly, feedbackId };
  return {
    ...by(null, incidentId, lastAt, 'feedback', `${who}${how}`, data),
    id: onceId(incidentId, 'feedback'),
  };
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
