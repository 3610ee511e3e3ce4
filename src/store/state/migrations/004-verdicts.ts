import type { Kysely, Migration } from 'kysely';

export const verdicts: Migration = {
  up: async (database: Kysely<unknown>) => {
    await database.schema
      .createTable('release_verdicts')
      .addColumn('release_id', 'text', (column) => column.primaryKey().references('releases.id'))
      .addColumn('ran_from', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('sentence', 'text', (column) => column.notNull())
      .addColumn('decided_at', 'bigint', (column) => column.notNull())
      .addColumn('bake_until', 'bigint', (column) => column.notNull())
      .addColumn('look_again_at', 'bigint')
      .addColumn('judgement', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex('release_verdicts_look_again')
      .on('release_verdicts')
      .columns(['look_again_at'])
      .execute();
  },
};
