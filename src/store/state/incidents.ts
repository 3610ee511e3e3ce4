import type { Insertable, Selectable } from 'kysely';
import type { Position } from '../../lib/cursor.js';
import type { Severity } from '../../model/alerts.js';
import type {
  DeployRef,
  Incident,
  IncidentState,
  TimelineEntry,
  TimelineKind,
} from '../../model/incidents.js';
import { chunks } from './alerts.js';
import type { StateDatabase } from './connect.js';
import type { IncidentsTable, IncidentTimelineTable } from './schema/alerts.js';

/** A service in an environment. */
export interface IncidentPlace {
  readonly service: string;
  readonly environment: string;
}

export interface IncidentFilter {
  readonly state?: IncidentState | 'active' | undefined;
  readonly service?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

const idsAList = 1000;

function keyOf(place: IncidentPlace): string {
  return JSON.stringify([place.service, place.environment]);
}

/** The open or acknowledged incident of each place that has one. */
export async function openIncidentsAt(
  database: StateDatabase,
  places: readonly IncidentPlace[],
): Promise<{ place: IncidentPlace; incident: Incident }[]> {
  const found: { place: IncidentPlace; incident: Incident }[] = [];
  for (const some of chunks(places.map(keyOf), idsAList)) {
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

export async function incidentsByIds(database: StateDatabase, ids: readonly string[]): Promise<Incident[]> {
  const incidents: Incident[] = [];
  for (const some of chunks(ids, idsAList)) {
    const rows = await database.selectFrom('incidents').selectAll().where('id', 'in', some).execute();
    incidents.push(...rows.map(toIncident));
  }
  return incidents;
}

/** Newest first. */
export async function listIncidents(database: StateDatabase, filter: IncidentFilter): Promise<Incident[]> {
  let query = database.selectFrom('incidents').selectAll();
  const { state, service, from, to, before } = filter;
  if (state === 'active') query = query.where('state', '!=', 'resolved');
  else if (state !== undefined) query = query.where('state', '=', state);
  if (from !== undefined) query = query.where('opened_at', '>=', from);
  if (to !== undefined) query = query.where('opened_at', '<=', to);
  if (service !== undefined) {
    query = query.where('id', 'in', (sub) =>
      sub.selectFrom('incident_services').select('incident_id').where('service', '=', service),
    );
  }
  if (before) {
    query = query.where((test) =>
      test.or([
        test('opened_at', '<', before.at),
        test.and([test('opened_at', '=', before.at), test('id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return rows.map(toIncident);
}

/** Incidents that are open, or ended at or after `endedSince`; newest first, at most a thousand. */
export async function incidentsSince(database: StateDatabase, endedSince: number): Promise<Incident[]> {
  const rows = await database
    .selectFrom('incidents')
    .selectAll()
    .where((test) => test.or([test('state', '!=', 'resolved'), test('resolved_at', '>=', endedSince)]))
    .orderBy('opened_at', 'desc')
    .limit(1000)
    .execute();
  return rows.map(toIncident);
}

export async function countOpenIncidents(database: StateDatabase): Promise<number> {
  const row = await database
    .selectFrom('incidents')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('state', '!=', 'resolved')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The number the next incident gets. Read it in the transaction that inserts: the column is unique. */
export async function nextIncidentNumber(database: StateDatabase): Promise<number> {
  const row = await database
    .selectFrom('incidents')
    .select(({ fn }) => fn.max<number | null>('number').as('last'))
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

/** New incidents, each open at its places. Fails when a place already has an open one. */
export async function insertIncidents(
  database: StateDatabase,
  opened: readonly { readonly incident: Incident; readonly places: readonly IncidentPlace[] }[],
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

/** Incidents that are open at more places from now on. Fails when a place already has another open one. */
export async function addPlaces(
  database: StateDatabase,
  added: readonly { readonly incidentId: string; readonly place: IncidentPlace }[],
): Promise<void> {
  for (const some of chunks(added, 1000)) {
    const rows = some.map(({ incidentId, place: { service, environment } }) => ({
      incident_id: incidentId,
      service,
      environment,
      open_place: keyOf({ service, environment }),
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
  const taken = new Set((await openIncidentsAt(database, places)).map(({ place }) => keyOf(place)));
  const free = places.filter((place) => !taken.has(keyOf(place)));
  await addPlaces(
    database,
    free.map((place) => ({ incidentId: incident.id, place })),
  );
  return true;
}

/** When each incident last gained an alert; those without any are left out. */
export async function lastFiredAt(
  database: StateDatabase,
  incidentIds: readonly string[],
): Promise<Map<string, number>> {
  const at = new Map<string, number>();
  for (const some of chunks(incidentIds, idsAList)) {
    const rows = await database
      .selectFrom('alert_states')
      .select(({ fn }) => ['incident_id', fn.max<number | null>('fired_at').as('at')])
      .where('incident_id', 'in', some)
      .groupBy('incident_id')
      .execute();
    for (const row of rows) {
      if (row.incident_id !== null && row.at !== null) at.set(row.incident_id, row.at);
    }
  }
  return at;
}

/**
 * Incidents that ended by themselves since `since` and had an alert with one of the fingerprints, by
 * `<rule id> <fingerprint>`: of several the newest. Those that a person resolved are over for good.
 */
export async function endedWith(
  database: StateDatabase,
  alerts: readonly { readonly ruleId: string; readonly fingerprint: string }[],
  since: number,
): Promise<Map<string, Incident>> {
  const ended = new Map<string, Incident>();
  for (const some of chunks(alerts, idsAList)) {
    const rows = await database
      .selectFrom('alert_states as alert')
      .innerJoin('incidents', 'incidents.id', 'alert.incident_id')
      .selectAll('incidents')
      .select(['alert.rule_id', 'alert.fingerprint'])
      .where('alert.rule_id', 'in', [...new Set(some.map(({ ruleId }) => ruleId))])
      .where(
        'alert.fingerprint',
        'in',
        some.map(({ fingerprint }) => fingerprint),
      )
      .where('alert.live', 'is', null)
      .where('incidents.state', '=', 'resolved')
      .where('incidents.resolved_at', '>=', since)
      .where((test) =>
        test.not(
          test.exists(
            test
              .selectFrom('incident_timeline as entry')
              .select('entry.id')
              .whereRef('entry.incident_id', '=', 'incidents.id')
              .where('entry.kind', '=', 'resolved')
              .where('entry.actor', 'is not', null),
          ),
        ),
      )
      .orderBy('incidents.number')
      .execute();
    for (const row of rows) ended.set(`${row.rule_id} ${row.fingerprint}`, toIncident(row));
  }
  return ended;
}

export type IncidentChange = Partial<
  Pick<
    Incident,
    'title' | 'severity' | 'summary' | 'services' | 'assignee' | 'lastDeploy' | 'acknowledgedAt' | 'state'
  >
>;

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

export async function addTimeline(database: StateDatabase, entries: readonly TimelineEntry[]): Promise<void> {
  for (const some of chunks(entries, 1000)) {
    await database.insertInto('incident_timeline').values(some.map(fromEntry)).execute();
  }
}

/** Entries that were added before, by their id, stay as they are; those that were new. */
export async function addTimelineOnce(
  database: StateDatabase,
  entries: readonly TimelineEntry[],
): Promise<TimelineEntry[]> {
  const added: TimelineEntry[] = [];
  for (const entry of entries) {
    const result = await database
      .insertInto('incident_timeline')
      .values(fromEntry(entry))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (Number(result.numInsertedOrUpdatedRows ?? 0) > 0) added.push(entry);
  }
  return added;
}

/** Adds an entry, or says it anew where it stands; false when it says that already. */
export async function putTimeline(database: StateDatabase, entry: TimelineEntry): Promise<boolean> {
  const row = fromEntry(entry);
  const result = await database
    .insertInto('incident_timeline')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ at: row.at, text: row.text, data: row.data })
        .where('incident_timeline.data', '!=', row.data),
    )
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Oldest first; the newest `limit` of them. */
export async function timelineOf(
  database: StateDatabase,
  incidentId: string,
  limit: number,
): Promise<TimelineEntry[]> {
  const rows = await database
    .selectFrom('incident_timeline')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(toEntry);
}

function deployText(deploy: DeployRef | null): string | null {
  return deploy === null ? null : JSON.stringify(deploy);
}

function fromIncident(incident: Incident): Insertable<IncidentsTable> {
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    services: JSON.stringify(incident.services),
    environment: incident.environment,
    opened_at: incident.openedAt,
    acknowledged_at: incident.acknowledgedAt,
    resolved_at: incident.resolvedAt,
    assignee: incident.assignee,
    summary: incident.summary,
    last_deploy: deployText(incident.lastDeploy),
  };
}

function toIncident(row: Selectable<IncidentsTable>): Incident {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    // Columns below were written by fromIncident.
    state: row.state as IncidentState,
    severity: row.severity as Severity,
    services: JSON.parse(row.services) as string[],
    environment: row.environment,
    openedAt: row.opened_at,
    acknowledgedAt: row.acknowledged_at,
    resolvedAt: row.resolved_at,
    assignee: row.assignee,
    summary: row.summary,
    lastDeploy: row.last_deploy === null ? null : (JSON.parse(row.last_deploy) as DeployRef),
  };
}

function fromEntry(entry: TimelineEntry): Insertable<IncidentTimelineTable> {
  return {
    id: entry.id,
    incident_id: entry.incidentId,
    at: entry.at,
    kind: entry.kind,
    text: entry.text,
    actor: entry.actor,
    data: JSON.stringify(entry.data),
  };
}

function toEntry(row: Selectable<IncidentTimelineTable>): TimelineEntry {
  return {
    id: row.id,
    incidentId: row.incident_id,
    at: row.at,
    kind: row.kind as TimelineKind, // Written by fromEntry.
    text: row.text,
    actor: row.actor,
    data: JSON.parse(row.data) as Record<string, unknown>, // Written by fromEntry.
  };
}
