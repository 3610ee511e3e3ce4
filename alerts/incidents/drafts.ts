import { severityOf, type Alert } from '../../src/model/alerts.js';
import type { Incident } from '../../src/model/incidents.js';
import { group, type Target } from './group.js';
import { placeKey } from '../../src/model/places.js';
import type { Place } from '../../src/model/releases.js';
import { placeOf } from './place.js';
import type { Situation } from './situation.js';

/** An incident while it is being decided. */
export interface Draft {
  readonly kind: 'new' | 'reopened' | 'open';
  /** As the database has it; for a new one as it begins. */
  readonly before: Incident;
  readonly incident: Incident;
  /** Where it is open from now on. */
  readonly places: Place[];
  /** It gathers places that share no more than the moment. */
  readonly many: boolean;
  readonly firing: Map<string, Alert>;
  readonly newlyFiring: Alert[];
  readonly stopped: Alert[];
}

/** The incidents that the moves touch, each once. Ten thousand alerts may come at once: everything is by key. */
export class Drafts {
  readonly #situation: Situation;
  readonly #byId = new Map<string, Draft>();
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #placed = new Set<string>();
  #opened = 0;

  constructor(situation: Situation) {
    this.#situation = situation;
    const places = new Map<string, Place>();
    const reopenAt = new Map<string, Incident>();
    for (const { alert, transition } of situation.moves) {
      if (alert === undefined || transition !== 'fired') continue;
      const key = placeKey(placeOf(alert));
      places.set(key, placeOf(alert));
      const ended = situation.ended.get(`${alert.ruleId} ${alert.fingerprint}`);
      if (ended) reopenAt.set(key, ended);
    }
    this.#targets = group({ ...situation, places, reopenAt });
  }

  all(): Draft[] {
    return [...this.#byId.values()];
  }

  /** The incident where an alert that just fired belongs. */
  at(alert: Alert): Draft {
    const place = placeOf(alert);
    const key = placeKey(place);
    const target = this.#targets.get(key) ?? ({ kind: 'new', key, many: false } as const);
    const draft = this.#draft(target, alert, place);
    if (!this.#placed.has(key)) {
      this.#placed.add(key);
      const isOpenThere = this.#situation.openAt.get(key)?.id === draft.incident.id;
      if (!isOpenThere) draft.places.push(place);
    }
    return draft;
  }

  /** The draft of an incident that is open; undefined when it is resolved or not known. */
  of(id: string, open: Incident | undefined): Draft | undefined {
    const known = this.#byId.get(id);
    if (known || open === undefined || open.state === 'resolved') return known;
    return this.#add('open', open, open);
  }

  #draft(target: Target, alert: Alert, place: Place): Draft {
    if (target.kind === 'new') {
      const id = this.#situation.incidentId(target.key);
      return this.#byId.get(id) ?? this.#open(id, target.many, alert, place);
    }
    const { incident, kind } = target;
    const known = this.#byId.get(incident.id);
    if (known) return known;
    if (kind === 'open') return this.#add('open', incident, incident);
    // Who acknowledged it before has seen it end: somebody must look again.
    const again = { ...incident, state: 'open', resolvedAt: null, acknowledgedAt: null } as const;
    return this.#add('reopened', incident, again);
  }

  #open(id: string, many: boolean, alert: Alert, place: Place): Draft {
    const { now, nextNumber } = this.#situation;
    const incident: Incident = {
      id,
      number: nextNumber + this.#opened++,
      title: alert.title,
      state: 'open',
      severity: severityOf(alert.labels),
      services: [],
      environment: place.environment,
      openedAt: now,
      acknowledgedAt: null,
      resolvedAt: null,
      assignee: null,
      summary: '',
      lastDeploy: null,
    };
    return this.#add('new', incident, incident, many);
  }

  #add(kind: Draft['kind'], before: Incident, incident: Incident, many = false): Draft {
    const firing = new Map((this.#situation.firing.get(incident.id) ?? []).map((alert) => [alert.id, alert]));
    const draft = { kind, before, incident, places: [], many, firing, newlyFiring: [], stopped: [] };
    this.#byId.set(incident.id, draft);
    return draft;
  }
}
