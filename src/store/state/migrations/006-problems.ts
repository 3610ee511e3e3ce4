import type { Kysely, Migration } from 'kysely';

export const problems: Migration = {
  up: async (database: Kysely<unknown>) => {
    await createProblems(database);
    await createVerifications(database);
    await createTickets(database);
  },
};

async function createProblems(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('problems')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'integer', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('services', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('score', 'double precision', (column) => column.notNull())
    .addColumn('impact', 'text', (column) => column.notNull())
    .addColumn('awaits_release_since', 'bigint')
    .execute();
  await index(database, 'problems', 'problems_rank', ['state', 'score']);
  await database.schema
    .createTable('problem_sources')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('problem_id', 'text', (column) => column.notNull().references('problems.id'))
    .execute();
  await index(database, 'problem_sources', 'problem_sources_problem', ['problem_id']);
  await database.schema
    .createTable('problem_signature')
    .addColumn('problem_id', 'text', (column) => column.notNull().references('problems.id'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('problem_signature_pk', ['problem_id', 'key'])
    .execute();
  await database.schema
    .createTable('problem_events')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('problem_id', 'text', (column) => column.notNull().references('problems.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .execute();
  await index(database, 'problem_events', 'problem_events_problem', ['problem_id', 'at', 'id']);
}

async function createVerifications(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('problem_verifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('problem_id', 'text', (column) => column.notNull().references('problems.id'))
    .addColumn('change_id', 'text', (column) => column.notNull())
    .addColumn('release_id', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('watch_until', 'bigint', (column) => column.notNull())
    .addColumn('give_up_at', 'bigint', (column) => column.notNull())
    .addColumn('decided_at', 'bigint')
    .addColumn('before', 'text', (column) => column.notNull())
    .addColumn('sentence', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    // A deploy that is told twice, or seen by two processes, is one fix.
    .addUniqueConstraint('problem_verifications_change', ['problem_id', 'change_id'])
    .execute();
  await index(database, 'problem_verifications', 'problem_verifications_state', ['state', 'decided_at']);
}

async function createTickets(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('tickets')
    .addColumn('problem_id', 'text', (column) => column.primaryKey().references('problems.id'))
    .addColumn('tracker', 'text', (column) => column.notNull())
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('number', 'integer')
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('synced_at', 'bigint')
    .addColumn('error', 'text')
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('remote_at', 'bigint', (column) => column.notNull())
    .execute();
  await index(database, 'tickets', 'tickets_number', ['tracker', 'number']);
  await database.schema
    .createTable('ticket_outbox')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('problem_id', 'text', (column) => column.notNull().references('problems.id'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('work', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addUniqueConstraint('ticket_outbox_sequence', ['problem_id', 'sequence'])
    .execute();
  await index(database, 'ticket_outbox', 'ticket_outbox_due', ['status', 'next_attempt_at']);
}

async function index(
  database: Kysely<unknown>,
  table: string,
  name: string,
  columns: string[],
): Promise<void> {
  await database.schema.createIndex(name).on(table).columns(columns).execute();
}
