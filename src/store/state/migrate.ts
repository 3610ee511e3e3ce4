import { Migrator, type Migration } from 'kysely';
import type { StateDatabase } from './connect.js';
import { migrations } from './migrations/index.js';

/** Brings the state database to this version's schema; forward only, safe to run again. */
export async function migrateState(database: StateDatabase): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve<Record<string, Migration>>({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error)
    throw error instanceof Error
      ? error
      : new Error('The state database could not be migrated.', { cause: error });
}
