import { groupBy } from '../../src/lib/group-by.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident } from '../../src/model/incidents.js';
import type { Suspect } from '../../src/http/contract/suspects.js';
import { deleteAlerts, saveAlerts, saveEvaluatedAt } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  holdIncidents,
  insertIncidents,
  reopenIncident,
  resolveIncidents,
  updateIncident,
} from '../../src/store/state/incident-changes.js';
import { addPlaces, openIncidentsAt } from '../../src/store/state/incident-places.js';
import { addTimeline, addTimelineOnce } from '../../src/store/state/incident-timeline.js';
import {
  endedWith,
  incidentsByIds,
  lastFiredAt,
  nextIncidentNumber,
} from '../../src/store/state/incidents.js';
import { writeNotices, type OutboxDeps } from '../notify/outbox.js';
import type { Move } from '../state/evaluate.js';
import { neighbours, type CallGraph } from './call-graph.js';
import { decide, type Plan } from './decide.js';
import { joinWithinMs } from './group.js';
import { placeKey } from '../../src/model/places.js';
import type { Place } from '../../src/model/releases.js';
import { placeOf } from './place.js';
import type { Situation } from './situation.js';

export interface Evaluated {
  readonly now: number;
  /** Those that must be written. */
  readonly moves: readonly Move[];
  /** All alerts that are pending or firing after the moves. */
  readonly live: readonly Alert[];
  /** Who deployed last at the place of each alert that just fired, by the place's key. */
  readonly deploys: ReadonlyMap<string, DeployRef | null>;
  readonly graph: CallGraph;
  /** The id of the incident that opens at a place, by its key: the same however often it is asked. */
  readonly incidentId: (placeKey: string) => string;
  /** Who may have caused what opens, by incident id: as far as it was judged in time. */
  readonly suspects: ReadonlyMap<string, readonly Suspect[]>;
}

export interface Written {
  /** Which incident each newly firing alert went to, by the alert's id. */
  readonly joined: ReadonlyMap<string, string>;
  /** Incidents that look different now. */
  readonly incidentIds: readonly string[];
  /** Where incidents opened or spread to. */
  readonly services: readonly string[];
  readonly noticed: boolean;
}

/** The same labels firing again this soon after their incident ended are the same incident. */
export const reopenWithinMs = 5 * 60_000;

/** What would be written now: for what must be known before the transaction. */
export async function foresee(state: StateDatabase, evaluated: Evaluated, deps: OutboxDeps): Promise<Plan> {
  return decide(await situation(state, evaluated, deps));
}

/**
 * Writes an evaluation: alert states, incidents, their timelines and what must be told, all or nothing, so that
 * a process that dies at any moment has lost nothing and done nothing twice.
 */
export async function commit(state: StateDatabase, evaluated: Evaluated, deps: OutboxDeps): Promise<Written> {
  return state.transaction().execute(async (transaction) => {
    // PostgreSQL lets a person resolve an incident between the look and the writing: alerts would join what is over.
    const { open, known } = await concerned(transaction, evaluated);
    await holdIncidents(transaction, [
      ...new Set([...open.map(({ incident }) => incident), ...known].map(({ id }) => id)),
    ]);
    const plan = decide(await situation(transaction, evaluated, deps));
    const lost = await writeIncidents(transaction, plan, evaluated.now);
    await writeAlerts(transaction, plan, evaluated);
    await writeTimeline(transaction, plan, lost);
    const notices = plan.notices.filter(({ incident }) => !lost.has(incident.id));
    await writeNotices(transaction, notices, evaluated, deps);
    await saveEvaluatedAt(transaction, evaluated.now);
    return {
      joined: plan.joined,
      incidentIds: [...new Set(touched(plan))],
      services: affected(plan),
      noticed: notices.length > 0,
    };
  });
}

async function situation(
  database: StateDatabase,
  { now, moves, live, deploys, graph, incidentId }: Evaluated,
  { newId }: OutboxDeps,
): Promise<Situation> {
  const { fired, places, open, known } = await concerned(database, { moves, graph });
  const byId = new Map<string, Incident>();
  for (const incident of [...known, ...open.map((each) => each.incident)]) byId.set(incident.id, incident);
  const firing = groupBy(
    live.filter(({ state, incidentId: id }) => state === 'firing' && id !== null),
    ({ incidentId: id }) => id ?? '',
  );
  const openAt = new Map(open.map(({ place, incident }) => [placeKey(place), incident]));
  return {
    ...{ now, moves, openAt, byId, firing, deploys, graph, newId, incidentId },
    recent: await recentOf(database, open, now),
    ended: fired.length > 0 ? await endedWith(database, fired, now - reopenWithinMs) : new Map(),
    nextNumber: places.size > 0 ? await nextIncidentNumber(database) : 0,
  };
}

/** What fired and where; the incidents that are open there or near, and those that the moved alerts belong to. */
async function concerned(database: StateDatabase, { moves, graph }: Pick<Evaluated, 'moves' | 'graph'>) {
  const fired = moves.flatMap(({ alert, transition }) => (alert && transition === 'fired' ? [alert] : []));
  const places = new Map(fired.map(placeOf).map((place) => [placeKey(place), place]));
  const open = await openIncidentsAt(database, around(places, graph));
  const ids = new Set(moves.flatMap(({ previous }) => previous?.incidentId ?? []));
  const known = await incidentsByIds(database, [...ids]);
  return { fired, places, open, known };
}

/** The places, and those that they call or that call them. */
function around(places: ReadonlyMap<string, Place>, graph: CallGraph): Place[] {
  const all = new Map(places);
  for (const key of places.keys()) {
    for (const next of neighbours(graph, key)) {
      if (all.has(next)) continue;
      const [service, environment] = JSON.parse(next) as [string, string]; // placeKey wrote it.
      all.set(next, { service, environment });
    }
  }
  return [...all.values()];
}

async function recentOf(
  database: StateDatabase,
  open: readonly { readonly incident: Incident }[],
  now: number,
): Promise<Set<string>> {
  const incidents = new Map(open.map(({ incident }) => [incident.id, incident]));
  const gained = await lastFiredAt(database, [...incidents.keys()]);
  const recent = new Set<string>();
  for (const { id, openedAt } of incidents.values()) {
    if (now - Math.max(openedAt, gained.get(id) ?? 0) <= joinWithinMs) recent.add(id);
  }
  return recent;
}

/** The incidents that somebody else resolved in the meantime. */
async function writeIncidents(transaction: StateDatabase, plan: Plan, now: number): Promise<Set<string>> {
  await insertIncidents(transaction, plan.opened);
  for (const incident of plan.reopened) {
    // Another process opened it again between the look and now: this evaluation is made anew.
    if (!(await reopenIncident(transaction, incident)))
      throw new Error('The incident is open again already.');
  }
  await addPlaces(transaction, plan.spread);
  for (const { id, title, severity, summary, services, lastDeploy } of plan.changed) {
    await updateIncident(transaction, id, { title, severity, summary, services, lastDeploy });
  }
  const ids = plan.resolved.map(({ id }) => id);
  const resolved = await resolveIncidents(transaction, ids, now);
  return new Set(ids.filter((id) => !resolved.has(id)));
}

async function writeAlerts(transaction: StateDatabase, plan: Plan, { moves, now }: Evaluated): Promise<void> {
  const saved: Alert[] = [];
  const dropped: string[] = [];
  for (const { previous, alert } of moves) {
    if (alert) saved.push({ ...alert, incidentId: plan.joined.get(alert.id) ?? alert.incidentId });
    else if (previous?.incidentId == null) dropped.push(previous?.id ?? '');
    // It fired once, before `for` was raised: its incident keeps it.
    else saved.push({ ...previous, state: 'resolved', resolvedAt: now, savedAt: now });
  }
  // Resolved ones first: the same labels may begin a new episode in the same evaluation.
  await deleteAlerts(transaction, dropped);
  await saveAlerts(
    transaction,
    saved.filter(({ state }) => state === 'resolved'),
  );
  await saveAlerts(
    transaction,
    saved.filter(({ state }) => state !== 'resolved'),
  );
}

async function writeTimeline(
  transaction: StateDatabase,
  plan: Plan,
  lost: ReadonlySet<string>,
): Promise<void> {
  const entries = plan.timeline.filter(
    ({ kind, incidentId }) => kind !== 'resolved' || !lost.has(incidentId),
  );
  const isDeploy = ({ kind }: { readonly kind: string }): boolean => kind === 'deploy';
  await addTimelineOnce(transaction, entries.filter(isDeploy));
  await addTimeline(
    transaction,
    entries.filter((entry) => !isDeploy(entry)),
  );
}

function affected({ opened, reopened, spread }: Plan): string[] {
  const incidents = [...opened.map(({ incident }) => incident), ...reopened];
  const names = [
    ...incidents.flatMap(({ services }) => services),
    ...spread.map(({ place }) => place.service),
  ];
  return [...new Set(names)];
}

/** The most important first: a browser is told of the first few hundred. */
function touched(plan: Plan): string[] {
  return [
    ...plan.opened.map(({ incident }) => incident.id),
    ...plan.reopened.map(({ id }) => id),
    ...plan.changed.map(({ id }) => id),
    ...plan.resolved.map(({ id }) => id),
    ...plan.spread.map(({ incidentId }) => incidentId),
    ...plan.timeline.map(({ incidentId }) => incidentId),
  ];
}
