import { chunks } from '../../lib/chunks.js';
import type { Incident } from '../../model/incidents.js';
import { placeKey } from '../../model/places.js';
import type { Place } from '../../model/releases.js';
import type { StateDatabase } from './connect.js';
import { toIncident } from './incident-rows.js';
import { idsAList } from './parameters.js';

/** The open or acknowledged incident of each place that has one. */
export async function openIncidentsAt(
  database: StateDatabase,
  places: readonly Place[],
): Promise<{ place: Place; incident: Incident }[]> {
  const found: { place: Place; incident: Incident }[] = [];
  for (const some of chunks(places.map(placeKey), idsAList)) {
    const rows = await database
      .selectFrom('incident_services as place')
      .innerJoin('incidents', 'incidents.id', 'place.incident_id')
      .selectAll('incidents')
      .select(['place.service as place_service', 'place.environment as place_environment'])
      .where('place.open_place', 'in', some)
      .execute();
    for (const row of rows) {
      const place = { service: row.place_service, environment: row.place_environment };
      found.push({ place, incident: toIncident(row) });
    }
  }
  return found;
}

/** Incidents that are open at more places from now on. Fails when a place already has another open one. */
export async function addPlaces(
  database: StateDatabase,
  added: readonly { readonly incidentId: string; readonly place: Place }[],
): Promise<void> {
  for (const some of chunks(added, 1000)) {
    const rows = some.map(({ incidentId, place: { service, environment } }) => ({
      incident_id: incidentId,
      service,
      environment,
      open_place: placeKey({ service, environment }),
    }));
    await database
      .insertInto('incident_services')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['incident_id', 'service', 'environment'])
          .doUpdateSet((set) => ({ open_place: set.ref('excluded.open_place') })),
      )
      .execute();
  }
}
