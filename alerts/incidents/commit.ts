import { groupBy } from '../../src/lib/group-by.js';
import type { Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident } from '../../src/model/incidents.js';
import { deleteAlerts, saveAlerts, saveEvaluatedAt } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  addTimeline,
  incidentsByIds,
  insertIncidents,
  nextIncidentNumber,
  openIncidentsAt,
  resolveIncidents,
  updateIncident,
} from '../../src/store/state/incidents.js';
import { writeNotices, type OutboxDeps } from '../notify/outbox.js';
import type { Move } from '../state/evaluate.js';
import { decide, type Plan } from './decide.js';
import { placeKey, placeOf } from './group.js';

export interface Evaluated {
  readonly now: number;
  /** Those that must be written. */
  readonly moves: readonly Move[];
  /** All alerts that are pending or firing after the moves. */
  readonly live: readonly Alert[];
  /** Who deployed last at the place of each alert that just fired, by the place's key. */
  readonly deploys: ReadonlyMap<string, DeployRef | null>;
}

export interface Written {
  /** Which incident each newly firing alert went to, by the alert's id. */
  readonly joined: ReadonlyMap<string, string>;
  /** Incidents that look different now. */
  readonly incidentIds: readonly string[];
  readonly noticed: boolean;
}

/**
 * Writes an evaluation: alert states, incidents, their timelines and what must be told, all or nothing, so that
 * a process that dies at any moment has lost nothing and done nothing twice.
 */
export async function commit(state: StateDatabase, evaluated: Evaluated, deps: OutboxDeps): Promise<Written> {
  return state.transaction().execute(async (transaction) => {
    const plan = decide(await situation(transaction, evaluated, deps));
    const lost = await writeIncidents(transaction, plan, evaluated.now);
    await writeAlerts(transaction, plan, evaluated);
    await addTimeline(
      transaction,
      plan.timeline.filter(({ kind, incidentId }) => kind !== 'resolved' || !lost.has(incidentId)),
    );
    const notices = plan.notices.filter(({ incident }) => !lost.has(incident.id));
    await writeNotices(transaction, notices, evaluated.now, deps);
    await saveEvaluatedAt(transaction, evaluated.now);
    return {
      joined: plan.joined,
      incidentIds: [...new Set(touched(plan))],
      noticed: notices.length > 0,
    };
  });
}

async function situation(
  transaction: StateDatabase,
  { now, moves, live, deploys }: Evaluated,
  { newId }: OutboxDeps,
): Promise<Parameters<typeof decide>[0]> {
  const fired = moves.flatMap(({ alert, transition }) => (alert && transition === 'fired' ? [alert] : []));
  const places = new Map(fired.map(placeOf).map((place) => [placeKey(place), place]));
  const open = await openIncidentsAt(transaction, [...places.values()]);
  const ids = new Set(moves.flatMap(({ previous }) => previous?.incidentId ?? []));
  const known = await incidentsByIds(transaction, [...ids]);
  const byId = new Map<string, Incident>();
  for (const incident of [...known, ...open.map((each) => each.incident)]) byId.set(incident.id, incident);
  const firing = groupBy(
    live.filter(({ state, incidentId }) => state === 'firing' && incidentId !== null),
    ({ incidentId }) => incidentId ?? '',
  );
  const openAt = new Map(open.map(({ place, incident }) => [placeKey(place), incident]));
  const nextNumber = places.size > 0 ? await nextIncidentNumber(transaction) : 0;
  return { now, moves, openAt, byId, firing, deploys, nextNumber, newId };
}

/** The incidents that somebody else resolved in the meantime. */
async function writeIncidents(transaction: StateDatabase, plan: Plan, now: number): Promise<Set<string>> {
  await insertIncidents(transaction, plan.opened);
  for (const { id, title, severity, summary } of plan.changed) {
    await updateIncident(transaction, id, { title, severity, summary });
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

function touched(plan: Plan): string[] {
  return [
    ...plan.opened.map(({ incident }) => incident.id),
    ...plan.changed.map(({ id }) => id),
    ...plan.resolved.map(({ id }) => id),
    ...plan.timeline.map(({ incidentId }) => incidentId),
  ];
}
