import { BadInput } from '../../src/lib/errors.js';
import type { Incident, TimelineKind } from '../../src/model/incidents.js';
import { alertsOfIncidents } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  assignIncident,
  holdIncidents,
  resolveIncidents,
  updateIncident,
} from '../../src/store/state/incident-changes.js';
import { addTimeline } from '../../src/store/state/incident-timeline.js';
import { incidentsByIds } from '../../src/store/state/incidents.js';
import { writeNotices, type OutboxDeps } from '../notify/outbox.js';
import * as timeline from './timeline.js';

/** What people do with incidents. Each throws `BadInput` (`not_found`, `conflict`). */
export interface IncidentActions {
  acknowledge(id: string, actor: string): Promise<void>;
  assign(id: string, assignee: string | null, actor: string): Promise<void>;
  comment(id: string, text: string, actor: string): Promise<void>;
  /**
   * Ends the incident although alerts may still fire: they stay with it, and what fires anew after them opens
   * another one.
   */
  resolve(id: string, actor: string): Promise<void>;
}

export interface IncidentActionsDeps extends OutboxDeps {
  readonly state: StateDatabase;
  readonly now: () => number;
  /** An incident looks different now. */
  readonly changed: (incidentId: string) => Promise<void>;
  /** Something was put into the outbox. */
  readonly wake: () => void;
}

interface Act {
  readonly id: string;
  readonly actor: string;
  readonly kind: TimelineKind;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** The change itself; false: there was nothing to change, and nothing is written. */
  readonly change: (transaction: StateDatabase, incident: Incident, now: number) => Promise<boolean>;
}

export function createIncidentActions(deps: IncidentActionsDeps): IncidentActions {
  return {
    acknowledge: (id, actor) =>
      act(deps, {
        ...{ id, actor, kind: 'acknowledged', text: `${actor} acknowledged it` },
        change: async (transaction, { state }, now) =>
          state === 'open' &&
          (await updateIncident(transaction, id, { state: 'acknowledged', acknowledgedAt: now })),
      }),
    assign: (id, assignee, actor) =>
      act(deps, {
        ...{ id, actor, kind: 'assigned', data: { assignee } },
        text: assignee === null ? `${actor} took the assignment back` : `${actor} assigned it to ${assignee}`,
        change: async (transaction, incident) =>
          incident.assignee !== assignee && (await assignIncident(transaction, id, assignee)),
      }),
    comment: (id, text, actor) =>
      act(deps, { id, actor, kind: 'comment', text, change: () => Promise.resolve(true) }),
    resolve: (id, actor) =>
      act(deps, {
        ...{ id, actor, kind: 'resolved', text: `${actor} resolved it` },
        change: (transaction, incident, now) => resolve(deps, transaction, incident, now),
      }),
  };
}

async function act(deps: IncidentActionsDeps, { id, actor, kind, text, data, change }: Act): Promise<void> {
  const now = deps.now();
  const changed = await deps.state.transaction().execute(async (transaction) => {
    await holdIncidents(transaction, [id]);
    const [incident] = await incidentsByIds(transaction, [id]);
    if (incident === undefined) throw new BadInput('not_found', 'There is no incident with this id.');
    if (kind === 'acknowledged' && incident.state === 'resolved') {
      throw new BadInput('conflict', `Incident ${incident.number} is resolved already.`);
    }
    if (!(await change(transaction, incident, now))) return false;
    const entry = timeline.by(actor, id, now, kind, text, data ?? {});
    await addTimeline(transaction, timeline.withIds([entry], now, deps.newId));
    return true;
  });
  if (!changed) return;
  deps.wake();
  await deps.changed(id);
}

async function resolve(
  deps: IncidentActionsDeps,
  transaction: StateDatabase,
  incident: Incident,
  now: number,
): Promise<boolean> {
  if ((await resolveIncidents(transaction, [incident.id], now)).size === 0) return false;
  const alerts = await alertsOfIncidents(transaction, [incident.id]);
  const resolved: Incident = { ...incident, state: 'resolved', resolvedAt: now };
  await writeNotices(transaction, [{ incident: resolved, event: 'resolved', alerts }], { now }, deps);
  return true;
}
