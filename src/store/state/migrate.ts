import { Migrator, type Migration } from 'kysely';
import { Bug, LemniError, messageOf } from '../../lib/errors.js';
import type { StateDatabase } from './connect.js';
import { migrations } from './migrations/index.js';

/**
 * Brings the state database to this version's schema; forward only, safe to run again, and by several processes
 * at once (PostgreSQL: Kysely's advisory lock). A database of a newer Lemni is left alone.
 */
export async function migrateState(database: StateDatabase): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve<Record<string, Migration>>({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof LemniError) throw error;
  if (/previously executed migration .* is missing/.test(messageOf(error))) {
    throw new Bug(
      'The state database was written by a newer Lemni: start that version again, or restore a backup.',
      { cause: error },
    );
  }
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new Bug(
    `The state database could not be migrated${failed === undefined ? '' : ` (step ${failed})`}: ${messageOf(error)}`,
    { cause: error },
  );
}
