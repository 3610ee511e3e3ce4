import { groupBy } from '../../src/lib/group-by.js';
import { graver, type Alert } from '../../src/model/alerts.js';
import type { Incident, TimelineEntry } from '../../src/model/incidents.js';
import type { Move } from '../state/evaluate.js';
import { Drafts, type Draft } from './drafts.js';
import type { Place } from '../../src/model/releases.js';
import { settled } from './settle.js';
import type { Situation } from './situation.js';
import * as timeline from './timeline.js';

export interface OpenedIncident {
  readonly incident: Incident;
  readonly places: readonly Place[];
}

export interface Notice {
  readonly incident: Incident;
  readonly event: 'firing' | 'resolved';
  /** It was resolved a moment ago and is open again. */
  readonly reopened?: boolean;
  /** The alerts that it tells of. */
  readonly alerts: readonly Alert[];
}

/** What must be written, all in one transaction. */
export interface Plan {
  readonly opened: readonly OpenedIncident[];
  /** Resolved ones that are open again. */
  readonly reopened: readonly Incident[];
  /** Open incidents whose words or severity changed. */
  readonly changed: readonly Incident[];
  readonly resolved: readonly Incident[];
  /** Incidents that are open at more places: those of their neighbours that fail with them. */
  readonly spread: readonly { readonly incidentId: string; readonly place: Place }[];
  /** Which incident a newly firing alert went to, by the alert's id. */
  readonly joined: ReadonlyMap<string, string>;
  readonly timeline: readonly TimelineEntry[];
  readonly notices: readonly Notice[];
}

/**
 * From alerts to incidents, pure: firing alerts join an open incident or open one (group.ts says which), which
 * names the last deploy; an incident whose alerts have all stopped firing is resolved.
 */
export function decide(situation: Situation): Plan {
  const drafts = new Drafts(situation);
  const joined = new Map<string, string>();
  const stray: timeline.Draft[] = [];
  for (const { alert, previous, transition } of situation.moves) {
    if (transition === 'fired' && alert) {
      const draft = drafts.at(alert);
      joined.set(alert.id, draft.incident.id);
      draft.firing.set(alert.id, alert);
      draft.newlyFiring.push(alert);
      continue;
    }
    const incidentId = previous?.incidentId ?? alert?.incidentId;
    if (incidentId == null || alert === undefined) continue;
    const draft = drafts.of(incidentId, situation.byId.get(incidentId));
    if (transition === 'resolved' || transition === 'held') {
      draft?.firing.delete(alert.id);
      if (draft) draft.stopped.push(alert);
      // Somebody resolved the incident by hand before: its timeline still tells how it ended.
      else stray.push(timeline.stopped(incidentId, alert, situation.now));
    } else {
      draft?.firing.set(alert.id, alert);
    }
  }
  return settle(drafts.all(), { joined, stray, situation });
}

function settle(
  drafts: readonly Draft[],
  { joined, stray, situation }: { joined: Plan['joined']; stray: timeline.Draft[]; situation: Situation },
): Plan {
  const opened: OpenedIncident[] = [];
  const reopened: Incident[] = [];
  const changed: Incident[] = [];
  const resolved: Incident[] = [];
  const spread: Plan['spread'][number][] = [];
  const notices: Notice[] = [];
  const entries: timeline.Draft[] = [];
  for (const some of groupBy(stray, ({ incidentId }) => incidentId).values()) {
    entries.push(...timeline.bounded(some));
  }
  const ended = groupBy(endedAlerts(situation.moves), ({ incidentId }) => incidentId);
  for (const draft of drafts) {
    const firing = [...draft.firing.values()];
    const { before, kind } = draft;
    const after = settled(draft, firing, situation);
    entries.push(...timeline.ofDraft(draft, after, situation));
    if (kind === 'new') {
      opened.push({ incident: after, places: draft.places });
      notices.push({ incident: after, event: 'firing', alerts: firing });
      continue;
    }
    spread.push(...draft.places.map((place) => ({ incidentId: after.id, place })));
    if (kind === 'reopened') {
      reopened.push(after);
      notices.push({ incident: after, event: 'firing', reopened: true, alerts: firing });
    } else if (after.state === 'resolved') {
      resolved.push(after);
      notices.push({ incident: after, event: 'resolved', alerts: ended.get(after.id) ?? [] });
    } else {
      if (isDifferent(before, after)) changed.push(after);
      // One message an incident; a graver alert is worth a second one.
      if (graver(after.severity, before.severity) && draft.newlyFiring.length > 0) {
        notices.push({ incident: after, event: 'firing', alerts: firing });
      }
    }
  }
  const { now, newId } = situation;
  const named = timeline.withIds(entries, now, newId);
  return { opened, reopened, changed, resolved, spread, joined, timeline: named, notices };
}

function endedAlerts(moves: readonly Move[]): Alert[] {
  return moves.flatMap(({ alert }) => (alert ? [alert] : []));
}

function isDifferent(before: Incident, after: Incident): boolean {
  return (
    before.title !== after.title ||
    before.severity !== after.severity ||
    before.summary !== after.summary ||
    before.lastDeploy?.at !== after.lastDeploy?.at ||
    before.services.join('\n') !== after.services.join('\n')
  );
}
