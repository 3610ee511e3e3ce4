import type { Kysely, Migration } from 'kysely';

export const releases: Migration = {
  up: async (database: Kysely<unknown>) => {
    await createReleases(database);
    await createDeploys(database);
    await createFeedback(database);
  },
};

async function createReleases(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('releases')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('deployed_at', 'bigint')
    .addColumn('happened_at', 'bigint', (column) => column.notNull())
    .addColumn('telemetry_first_at', 'bigint')
    .addColumn('telemetry_last_at', 'bigint')
    .addColumn('commit_sha', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('commits', 'text', (column) => column.notNull())
    .addColumn('attributes', 'text', (column) => column.notNull())
    .addColumn('fixes', 'text', (column) => column.notNull())
    .addColumn('deploy_count', 'integer', (column) => column.notNull())
    .addColumn('previous_version', 'text')
    .addColumn('is_current', 'integer', (column) => column.notNull())
    .addUniqueConstraint('releases_version', ['service', 'environment', 'version'])
    .execute();
  await database.schema
    .createIndex('releases_happened')
    .on('releases')
    .columns(['happened_at', 'id'])
    .execute();
}

async function createDeploys(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('deploys')
    .addColumn('change_id', 'text', (column) => column.primaryKey())
    .addColumn('release_id', 'text', (column) => column.notNull().references('releases.id'))
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('effective_from', 'bigint', (column) => column.notNull())
    .addColumn('commit_sha', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('commits', 'text', (column) => column.notNull())
    .addColumn('attributes', 'text', (column) => column.notNull())
    .addColumn('fixes', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .execute();
  for (const [name, columns] of Object.entries({
    deploys_at: ['at', 'change_id'],
    deploys_service: ['service', 'environment', 'effective_from'],
    deploys_release: ['release_id'],
    deploys_fingerprint: ['fingerprint', 'received_at'],
  })) {
    await database.schema.createIndex(name).on('deploys').columns(columns).execute();
  }
}

async function createFeedback(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('feedback_triage')
    .addColumn('feedback_id', 'text', (column) => column.primaryKey())
    .addColumn('feedback_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex('feedback_triage_at')
    .on('feedback_triage')
    .columns(['feedback_at'])
    .execute();
}
