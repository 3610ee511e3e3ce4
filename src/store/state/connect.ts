import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import type { Secret } from '../../lib/secret.js';
import type { StateSchema } from './schema.js';

export interface StateTarget {
  /** Empty: SQLite below dataDir. */
  readonly url: Secret;
  readonly dataDir: string;
}

export type StateDatabase = Kysely<StateSchema>;

/** The one seam between the twins: SQLite (libsql) below the data directory, or PostgreSQL. */
export function connectState(target: StateTarget): StateDatabase {
  const url = target.url.reveal();
  if (url !== '') {
    return new Kysely<StateSchema>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) }),
    });
  }
  mkdirSync(target.dataDir, { recursive: true });
  const database = new Database(join(target.dataDir, 'state.sqlite'));
  // FULL: what was acknowledged survives a power cut, as in PostgreSQL's default.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  return new Kysely<StateSchema>({ dialect: new SqliteDialect({ database }) });
}
