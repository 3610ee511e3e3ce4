import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import type { Secret } from '../../lib/secret.js';
import { postgresSeam } from './postgres-seam.js';
import type { StateSchema } from './schema.js';
import { sqliteSeam } from './sqlite-seam.js';

export interface StateTarget {
  /** Empty: SQLite below dataDir. */
  readonly url: Secret;
  readonly dataDir: string;
}

export interface ConnectOptions {
  /** Told when a connection that nobody was using broke; the next query opens a new one. */
  readonly onConnectionLost?: (error: Error) => void;
  /** ms a statement may run. Default 30 s: no state query is meant to take a tenth of a second. */
  readonly statementTimeoutMs?: number;
}

/** Also the type of a transaction: a repository takes either. */
export type StateDatabase = Kysely<StateSchema>;

/**
 * The one seam between the twins: SQLite (libsql) below the data directory, or PostgreSQL. Close it with
 * `destroy()`. Both speak the same: numbers, strings, null and bytes (`Buffer`) go in and come out, a boolean
 * is 0 or 1, NUL characters become U+FFFD (PostgreSQL has none), and a database that is away, busy or full
 * throws `Unavailable`. SQLite has one connection: inside a transaction use the transaction, not the outer handle.
 */
export function connectState(target: StateTarget, options: ConnectOptions = {}): StateDatabase {
  if (target.url.reveal() !== '') {
    const pool = connectPostgres(target.url, options);
    return new Kysely<StateSchema>({ dialect: new PostgresDialect({ pool: postgresSeam(pool) }) });
  }
  mkdirSync(target.dataDir, { recursive: true });
  const database = new Database(join(target.dataDir, 'state.sqlite'));
  // FULL: what was acknowledged survives a power cut, as in PostgreSQL's default.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // ms; the wait blocks the process, and only `lemni keys` and its like ever write from another one.
  database.pragma('busy_timeout = 5000');
  return new Kysely<StateSchema>({ dialect: new SqliteDialect({ database: sqliteSeam(database) }) });
}

const wholeNumbers: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];
const asNumber = (text: string): number => Number(text);

/** A pool of its own, for what needs PostgreSQL itself (LISTEN for live events). End it with `end()`. */
export function connectPostgres(url: Secret, options: ConnectOptions = {}): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    application_name: 'lemni',
    max: 10,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // The server's own limit cannot help when the network swallows the answer.
    query_timeout: statementTimeoutMs + 5000,
    idle_in_transaction_session_timeout: 60_000,
    types: {
      // bigint (Unix ms, count) and numeric (sum) as numbers, as SQLite gives them: both stay below 2^53.
      getTypeParser: (oid, format) =>
        wholeNumbers.includes(oid) && format !== 'binary'
          ? asNumber
          : (pg.types.getTypeParser(oid, format) as (value: string) => unknown), // Typed as any by pg.
    },
  });
  // Without a listener a server that restarts would end the process.
  pool.on('error', (error) => options.onConnectionLost?.(error));
  return pool;
}

/** Throws `Unavailable` when the database does not answer. */
export async function pingState(database: StateDatabase): Promise<void> {
  await sql`select 1`.execute(database);
}
