import { groupBy } from '../../src/lib/group-by.js';
import type { NewId } from '../../src/lib/ids.js';
import { graver, severityOf, type Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident, TimelineEntry } from '../../src/model/incidents.js';
import type { Move } from '../state/evaluate.js';
import { placeKey, placeOf, type Place } from './group.js';
import { gravest, leadAlert, summarize } from './sentence.js';
import * as timeline from './timeline.js';

/** What is known when incidents are decided. */
export interface Situation {
  readonly now: number;
  readonly moves: readonly Move[];
  /** Open and acknowledged incidents by the key of their place. */
  readonly openAt: ReadonlyMap<string, Incident>;
  /** The incidents that the moved alerts belong to already, by id. */
  readonly byId: ReadonlyMap<string, Incident>;
  /** Alerts that fire after the moves, by incident: those that have one already. */
  readonly firing: ReadonlyMap<string, readonly Alert[]>;
  /** Who deployed last, by the key of the place. */
  readonly deploys: ReadonlyMap<string, DeployRef | null>;
  readonly nextNumber: number;
  readonly newId: NewId;
}

export interface OpenedIncident {
  readonly incident: Incident;
  readonly places: readonly Place[];
}

export interface Notice {
  readonly incident: Incident;
  readonly event: 'firing' | 'resolved';
  /** The alerts that it tells of. */
  readonly alerts: readonly Alert[];
}

/** What must be written, all in one transaction. */
export interface Plan {
  readonly opened: readonly OpenedIncident[];
  /** Open incidents whose words or severity changed. */
  readonly changed: readonly Incident[];
  readonly resolved: readonly Incident[];
  /** Which incident a newly firing alert went to, by the alert's id. */
  readonly joined: ReadonlyMap<string, string>;
  readonly timeline: readonly TimelineEntry[];
  readonly notices: readonly Notice[];
}

/** An incident while it is being decided. */
interface Draft {
  readonly before: Incident | undefined;
  readonly incident: Incident;
  readonly places: readonly Place[];
  readonly firing: Map<string, Alert>;
  readonly newlyFiring: Alert[];
  readonly entries: timeline.Draft[];
}

/**
 * From alerts to incidents, pure: a firing alert joins the open incident of its place or opens one, which names
 * the last deploy; an incident whose alerts have all stopped firing is resolved.
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
      draft.entries.push(timeline.fired(draft.incident.id, alert, situation.now));
      continue;
    }
    const incidentId = previous?.incidentId ?? alert?.incidentId;
    if (incidentId == null || alert === undefined) continue;
    const draft = drafts.of(incidentId, situation.byId.get(incidentId));
    if (transition === 'resolved' || transition === 'held') {
      draft?.firing.delete(alert.id);
      // Somebody may have resolved the incident by hand before: its timeline still tells how it ended.
      (draft?.entries ?? stray).push(timeline.stopped(incidentId, alert, situation.now));
    } else {
      draft?.firing.set(alert.id, alert);
    }
  }
  return settle(drafts.all(), { joined, stray, situation });
}

/** The incidents that the moves touch, each once. Ten thousand alerts may come at once: everything is by key. */
class Drafts {
  readonly #situation: Situation;
  readonly #byId = new Map<string, Draft>();
  readonly #openedAt = new Map<string, Draft>();

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  all(): Draft[] {
    return [...this.#byId.values()];
  }

  /** The open incident where the alert belongs, or a new one. */
  at(alert: Alert): Draft {
    const place = placeOf(alert);
    const key = placeKey(place);
    const open = this.#situation.openAt.get(key);
    return (open && this.of(open.id, open)) ?? this.#openedAt.get(key) ?? this.#open(alert, place);
  }

  /** The draft of an incident that is open; undefined when it is resolved or not known. */
  of(id: string, open: Incident | undefined): Draft | undefined {
    const known = this.#byId.get(id);
    if (known || open === undefined || open.state === 'resolved') return known;
    const firing = new Map((this.#situation.firing.get(id) ?? []).map((alert) => [alert.id, alert]));
    const draft: Draft = { before: open, incident: open, places: [], firing, newlyFiring: [], entries: [] };
    this.#byId.set(id, draft);
    return draft;
  }

  #open(alert: Alert, place: Place): Draft {
    const { now, newId, nextNumber, deploys } = this.#situation;
    const key = placeKey(place);
    const deploy = deploys.get(key) ?? null;
    const incident: Incident = {
      id: newId(now),
      number: nextNumber + this.#openedAt.size,
      title: alert.title,
      state: 'open',
      severity: severityOf(alert.labels),
      services: [place.service],
      environment: place.environment,
      openedAt: now,
      acknowledgedAt: null,
      resolvedAt: null,
      assignee: null,
      summary: '',
      lastDeploy: deploy,
    };
    const entries = [timeline.opened(incident, alert)];
    if (deploy !== null) entries.unshift(timeline.deployed(incident.id, deploy));
    const draft: Draft = {
      before: undefined,
      incident,
      places: [place],
      firing: new Map(),
      newlyFiring: [],
      entries,
    };
    this.#byId.set(incident.id, draft);
    this.#openedAt.set(key, draft);
    return draft;
  }
}

function settle(
  drafts: readonly Draft[],
  { joined, stray, situation }: { joined: Plan['joined']; stray: timeline.Draft[]; situation: Situation },
): Plan {
  const opened: OpenedIncident[] = [];
  const changed: Incident[] = [];
  const resolved: Incident[] = [];
  const notices: Notice[] = [];
  const entries: timeline.Draft[] = [...stray];
  const ended = groupBy(
    situation.moves.flatMap(({ alert }) => (alert ? [alert] : [])),
    ({ incidentId }) => incidentId,
  );
  for (const draft of drafts) {
    entries.push(...draft.entries);
    const firing = [...draft.firing.values()];
    const { before } = draft;
    const after = settled(draft, firing, situation.now);
    if (before === undefined) {
      opened.push({ incident: after, places: draft.places });
      notices.push({ incident: after, event: 'firing', alerts: firing });
    } else if (after.state === 'resolved') {
      resolved.push(after);
      entries.push(timeline.resolved(after, situation.now));
      notices.push({ incident: after, event: 'resolved', alerts: ended.get(after.id) ?? [] });
    } else {
      if (isDifferent(before, after)) changed.push(after);
      // One message an incident; a graver alert is worth a second one.
      if (graver(after.severity, before.severity) && draft.newlyFiring.length > 0) {
        notices.push({ incident: after, event: 'firing', alerts: firing });
      }
    }
  }
  return {
    opened,
    changed,
    resolved,
    joined,
    timeline: timeline.withIds(entries, situation.now, situation.newId),
    notices,
  };
}

function settled({ incident }: Draft, firing: readonly Alert[], now: number): Incident {
  if (firing.length === 0) return { ...incident, state: 'resolved', resolvedAt: now };
  const severity = gravest(firing);
  return {
    ...incident,
    title: leadAlert(firing)?.title ?? incident.title,
    // An incident stays as grave as it ever was.
    severity: graver(severity, incident.severity) ? severity : incident.severity,
    summary: summarize(firing, incident.lastDeploy),
  };
}

function isDifferent(before: Incident, after: Incident): boolean {
  return (
    before.title !== after.title || before.severity !== after.severity || before.summary !== after.summary
  );
}
