import type { Kysely, Migration } from 'kysely';

export const suspects: Migration = {
  up: async (database: Kysely<unknown>) => {
    // Judged before the incident is written, so that its first message names a suspect: no foreign key.
    await database.schema
      .createTable('incident_suspects')
      .addColumn('incident_id', 'text', (column) => column.primaryKey())
      .addColumn('judged_at', 'bigint', (column) => column.notNull())
      .addColumn('brief', 'text', (column) => column.notNull())
      .addColumn('suspects', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('incident_suspect_releases')
      .addColumn('incident_id', 'text', (column) => column.notNull())
      .addColumn('release_id', 'text', (column) => column.notNull())
      .addColumn('probability', 'real', (column) => column.notNull())
      .addPrimaryKeyConstraint('incident_suspect_releases_key', ['incident_id', 'release_id'])
      .execute();
    await database.schema
      .createIndex('incident_suspect_releases_release')
      .on('incident_suspect_releases')
      .columns(['release_id', 'probability'])
      .execute();
  },
};
