import type { Kysely, Migration } from 'kysely';

export const alerts: Migration = {
  up: async (database: Kysely<unknown>) => {
    await createAlertStates(database);
    await createIncidents(database);
    await createNotifications(database);
  },
};

async function createAlertStates(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('alert_states')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('group_name', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('live', 'integer')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('annotations', 'text', (column) => column.notNull())
    .addColumn('value', 'double precision')
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('sentence', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('active_at', 'bigint', (column) => column.notNull())
    .addColumn('fired_at', 'bigint')
    .addColumn('resolved_at', 'bigint')
    .addColumn('keep_firing_since', 'bigint')
    .addColumn('incident_id', 'text')
    .addColumn('saved_at', 'bigint', (column) => column.notNull())
    // Nulls are distinct in both databases: any number of past episodes, one live.
    .addUniqueConstraint('alert_states_live', ['rule_id', 'fingerprint', 'live'])
    .execute();
  await index(database, 'alert_states', 'alert_states_is_live', ['live']);
  await index(database, 'alert_states', 'alert_states_resolved', ['resolved_at']);
  await index(database, 'alert_states', 'alert_states_incident', ['incident_id']);
  await database.schema
    .createTable('alert_engine')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('evaluated_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createIncidents(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'integer', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('services', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('resolved_at', 'bigint')
    .addColumn('assignee', 'text')
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('last_deploy', 'text')
    .execute();
  await index(database, 'incidents', 'incidents_opened', ['opened_at', 'id']);
  await index(database, 'incidents', 'incidents_state', ['state', 'opened_at']);
  await database.schema
    .createTable('incident_services')
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('open_place', 'text', (column) => column.unique())
    .addPrimaryKeyConstraint('incident_services_pk', ['incident_id', 'service', 'environment'])
    .execute();
  await index(database, 'incident_services', 'incident_services_service', ['service', 'incident_id']);
  await database.schema
    .createTable('incident_timeline')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .execute();
  await index(database, 'incident_timeline', 'incident_timeline_incident', ['incident_id', 'at', 'id']);
}

async function createNotifications(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('notifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident_id', 'text')
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('notifier', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint')
    .addColumn('last_error', 'text')
    .addUniqueConstraint('notifications_sequence', ['incident_id', 'notifier', 'sequence'])
    .execute();
  await index(database, 'notifications', 'notifications_due', ['status', 'notifier', 'next_attempt_at']);
  await index(database, 'notifications', 'notifications_created', ['created_at', 'id']);
}

async function index(
  database: Kysely<unknown>,
  table: string,
  name: string,
  columns: string[],
): Promise<void> {
  await database.schema.createIndex(name).on(table).columns(columns).execute();
}
