import { chunks } from '../../lib/chunks.js';
import type { Incident } from '../../model/incidents.js';
import { placeKey } from '../../model/places.js';
import type { Place } from '../../model/releases.js';
import type { StateDatabase } from './connect.js';
import { addPlaces, openIncidentsAt } from './incident-places.js';
import { deployText, fromIncident } from './incident-rows.js';
import { idsAList } from './parameters.js';

/** New incidents, each open at its places. Fails when a place already has an open one. */
export async function insertIncidents(
  database: StateDatabase,
  opened: readonly { readonly incident: Incident; readonly places: readonly Place[] }[],
): Promise<void> {
  for (const some of chunks(opened, 500)) {
    await database
      .insertInto('incidents')
      .values(some.map(({ incident }) => fromIncident(incident)))
      .execute();
  }
  await addPlaces(
    database,
    opened.flatMap(({ incident, places }) => places.map((place) => ({ incidentId: incident.id, place }))),
  );
}

/**
 * Opens a resolved incident again, at those of its places where no other is open meanwhile; false when it is
 * not resolved (somebody was faster).
 */
export async function reopenIncident(database: StateDatabase, incident: Incident): Promise<boolean> {
  const result = await database
    .updateTable('incidents')
    .set(fromIncident(incident))
    .where('id', '=', incident.id)
    .where('state', '=', 'resolved')
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) return false;
  const places = await database
    .selectFrom('incident_services')
    .select(['service', 'environment'])
    .where('incident_id', '=', incident.id)
    .execute();
  const taken = new Set((await openIncidentsAt(database, places)).map(({ place }) => placeKey(place)));
  const free = places.filter((place) => !taken.has(placeKey(place)));
  await addPlaces(
    database,
    free.map((place) => ({ incidentId: incident.id, place })),
  );
  return true;
}

export type IncidentChange = Partial<
  Pick<
    Incident,
    'title' | 'severity' | 'summary' | 'services' | 'assignee' | 'lastDeploy' | 'acknowledgedAt' | 'state'
  >
>;

/**
 * Nobody else changes these until the transaction ends: what is read after it stays true. Those that are over
 * are left alone.
 */
export async function holdIncidents(database: StateDatabase, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, idsAList)) {
    await database
      .updateTable('incidents')
      .set((row) => ({ state: row.ref('state') }))
      .where('id', 'in', some)
      .where('state', '!=', 'resolved')
      .execute();
  }
}

/** Changes an incident that is not resolved; false when it is (somebody was faster) or is not there. */
export async function updateIncident(
  database: StateDatabase,
  id: string,
  change: IncidentChange,
): Promise<boolean> {
  const { lastDeploy, acknowledgedAt, services, ...same } = change;
  const result = await database
    .updateTable('incidents')
    .set({
      ...same,
      ...(services === undefined ? {} : { services: JSON.stringify(services) }),
      ...(acknowledgedAt === undefined ? {} : { acknowledged_at: acknowledgedAt }),
      ...(lastDeploy === undefined ? {} : { last_deploy: deployText(lastDeploy) }),
    })
    .where('id', '=', id)
    .where('state', '!=', 'resolved')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Assigns an incident in any state; false when it is not there. */
export async function assignIncident(
  database: StateDatabase,
  id: string,
  assignee: string | null,
): Promise<boolean> {
  const result = await database
    .updateTable('incidents')
    .set({ assignee })
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Resolves incidents and frees their places; answers those that were not resolved before. */
export async function resolveIncidents(
  database: StateDatabase,
  ids: readonly string[],
  at: number,
): Promise<Set<string>> {
  const resolved = new Set<string>();
  for (const some of chunks(ids, idsAList)) {
    const rows = await database
      .updateTable('incidents')
      .set({ state: 'resolved', resolved_at: at })
      .where('id', 'in', some)
      .where('state', '!=', 'resolved')
      .returning('id')
      .execute();
    for (const { id } of rows) resolved.add(id);
    await database
      .updateTable('incident_services')
      .set({ open_place: null })
      .where('incident_id', 'in', some)
      .execute();
  }
  return resolved;
}
