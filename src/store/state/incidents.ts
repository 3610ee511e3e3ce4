import type { Position } from '../../lib/cursor.js';
import { chunks } from '../../lib/chunks.js';
import type { Incident, IncidentState } from '../../model/incidents.js';
import type { StateDatabase } from './connect.js';
import { toIncident } from './incident-rows.js';
import { idsAList } from './parameters.js';

export interface IncidentFilter {
  readonly state?: IncidentState | 'active' | undefined;
  readonly service?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
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
