import type { Insertable, Selectable } from 'kysely';
import { chunks } from '../../lib/chunks.js';
import type { Alert, AlertLifeState, Labels } from '../../model/alerts.js';
import type { StateDatabase } from './connect.js';
import type { AlertStatesTable } from './schema/alerts.js';
import { idsAList } from './parameters.js';

/** Rows an insert: 20 columns each stay below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const rowsAnInsert = 500;
/** What is pending or firing: what a start needs to know. */
export async function liveAlerts(database: StateDatabase): Promise<Alert[]> {
  const rows = await database.selectFrom('alert_states').selectAll().where('live', '=', 1).execute();
  return rows.map(toAlert);
}

/** Pending, firing, and resolved since `resolvedSince`; newest first. */
export async function recentAlerts(
  database: StateDatabase,
  resolvedSince: number,
  limit: number,
): Promise<Alert[]> {
  const rows = await database
    .selectFrom('alert_states')
    .selectAll()
    .where((test) => test.or([test('live', '=', 1), test('resolved_at', '>=', resolvedSince)]))
    .orderBy('active_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toAlert);
}

/**
 * Episodes that belong to the incidents, in the order in which they became active: of each incident the newest
 * `mostOfEach`.
 */
export async function alertsOfIncidents(
  database: StateDatabase,
  incidentIds: readonly string[],
  mostOfEach = 20_000,
): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (const ids of chunks(incidentIds, idsAList)) {
    const rows = await database
      .selectFrom((from) =>
        from
          .selectFrom('alert_states')
          .selectAll()
          .select(({ fn }) =>
            fn
              .agg<number>('row_number')
              .over((over) =>
                over.partitionBy('incident_id').orderBy('active_at', 'desc').orderBy('id', 'desc'),
              )
              .as('place'),
          )
          .where('incident_id', 'in', ids)
          .as('alert'),
      )
      .selectAll()
      .where('place', '<=', mostOfEach)
      .orderBy('active_at')
      .orderBy('id')
      .execute();
    alerts.push(...rows.map(toAlert));
  }
  return alerts;
}

/** Inserts or updates by id. */
export async function saveAlerts(database: StateDatabase, alerts: readonly Alert[]): Promise<void> {
  for (const some of chunks(alerts, rowsAnInsert)) {
    await database
      .insertInto('alert_states')
      .values(some.map(fromAlert))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((set) => ({
          live: set.ref('excluded.live'),
          state: set.ref('excluded.state'),
          labels: set.ref('excluded.labels'),
          annotations: set.ref('excluded.annotations'),
          value: set.ref('excluded.value'),
          title: set.ref('excluded.title'),
          sentence: set.ref('excluded.sentence'),
          reason: set.ref('excluded.reason'),
          facts: set.ref('excluded.facts'),
          active_at: set.ref('excluded.active_at'),
          fired_at: set.ref('excluded.fired_at'),
          resolved_at: set.ref('excluded.resolved_at'),
          keep_firing_since: set.ref('excluded.keep_firing_since'),
          incident_id: set.ref('excluded.incident_id'),
          saved_at: set.ref('excluded.saved_at'),
        })),
      )
      .execute();
  }
}

export async function deleteAlerts(database: StateDatabase, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids, idsAList)) {
    await database.deleteFrom('alert_states').where('id', 'in', some).execute();
  }
}

/** Forgets past episodes that were resolved before `before`. */
export async function forgetAlerts(database: StateDatabase, before: number): Promise<void> {
  await database
    .deleteFrom('alert_states')
    .where('live', 'is', null)
    .where('resolved_at', '<', before)
    .execute();
}

/** When rules were last evaluated by anybody; undefined: never. */
export async function evaluatedAt(database: StateDatabase): Promise<number | undefined> {
  const row = await database
    .selectFrom('alert_engine')
    .select('evaluated_at')
    .where('id', '=', 'engine')
    .executeTakeFirst();
  return row?.evaluated_at;
}

export async function saveEvaluatedAt(database: StateDatabase, at: number): Promise<void> {
  await database
    .insertInto('alert_engine')
    .values({ id: 'engine', evaluated_at: at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ evaluated_at: at }))
    .execute();
}

function fromAlert(alert: Alert): Insertable<AlertStatesTable> {
  return {
    id: alert.id,
    rule_id: alert.ruleId,
    rule: alert.rule,
    group_name: alert.group,
    fingerprint: alert.fingerprint,
    live: alert.state === 'resolved' ? null : 1,
    state: alert.state,
    labels: JSON.stringify(alert.labels),
    annotations: JSON.stringify(alert.annotations),
    // A rule may find infinity or no number; columns hold finite ones.
    value: alert.value !== null && Number.isFinite(alert.value) ? alert.value : null,
    title: alert.title,
    sentence: alert.sentence,
    reason: alert.reason,
    facts: JSON.stringify(alert.facts),
    active_at: alert.activeAt,
    fired_at: alert.firedAt,
    resolved_at: alert.resolvedAt,
    keep_firing_since: alert.keepFiringSince,
    incident_id: alert.incidentId,
    saved_at: alert.savedAt,
  };
}

function toAlert(row: Selectable<AlertStatesTable>): Alert {
  return {
    id: row.id,
    ruleId: row.rule_id,
    rule: row.rule,
    group: row.group_name,
    fingerprint: row.fingerprint,
    // Columns below were written by fromAlert.
    state: row.state as AlertLifeState,
    labels: JSON.parse(row.labels) as Labels,
    annotations: JSON.parse(row.annotations) as Labels,
    value: row.value,
    title: row.title,
    sentence: row.sentence,
    reason: row.reason,
    facts: JSON.parse(row.facts) as Record<string, unknown>,
    activeAt: row.active_at,
    firedAt: row.fired_at,
    resolvedAt: row.resolved_at,
    keepFiringSince: row.keep_firing_since,
    incidentId: row.incident_id,
    savedAt: row.saved_at,
  };
}
