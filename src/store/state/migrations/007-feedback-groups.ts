import type { Kysely, Migration } from 'kysely';

export const feedbackGroups: Migration = {
  up: async (database: Kysely<unknown>) => {
    await createGroups(database);
    await createAnswers(database);
  },
};

async function createGroups(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('feedback_groups')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('feedback_group_members')
    .addColumn('feedback_id', 'text', (column) => column.primaryKey())
    .addColumn('group_id', 'text', (column) => column.notNull().references('feedback_groups.id'))
    .addColumn('feedback_at', 'bigint', (column) => column.notNull())
    .addColumn('rating', 'integer')
    .execute();
  await index(database, 'feedback_group_members', 'feedback_group_members_group', ['group_id']);
  await index(database, 'feedback_group_members', 'feedback_group_members_at', ['feedback_at']);
}

async function createAnswers(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('feedback_answers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('feedback_id', 'text', (column) => column.notNull())
    .addColumn('feedback_at', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .execute();
  await index(database, 'feedback_answers', 'feedback_answers_feedback', ['feedback_id', 'at']);
  await index(database, 'feedback_answers', 'feedback_answers_at', ['feedback_at']);
}

async function index(
  database: Kysely<unknown>,
  table: string,
  name: string,
  columns: string[],
): Promise<void> {
  await database.schema.createIndex(name).on(table).columns(columns).execute();
}
