import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { Unavailable } from '../../lib/errors.js';
import { toStateValues } from './parameters.js';

/** libsql as Kysely wants it, with the habits that both twins share (connect.ts). */
export function sqliteSeam(database: SqliteDatabase): SqliteDatabase {
  return {
    close: () => database.close(),
    // A transaction takes the write lock at once: one that read first and writes later would be refused
    // (SQLITE_BUSY_SNAPSHOT) when another process wrote in between, whatever busy_timeout says.
    prepare: (text) =>
      translated(() => statement(database.prepare(text === 'begin' ? 'begin immediate' : text))),
  };
}

function statement(inner: SqliteStatement): SqliteStatement {
  return {
    reader: inner.reader,
    all: (parameters) => translated(() => inner.all(bind(parameters)).map(withBuffers)),
    run: (parameters) => translated(() => inner.run(bind(parameters))),
    iterate: (parameters) => inner.iterate(bind(parameters)),
  };
}

/** libsql binds every JS number as a real; whole numbers go as integers, so that expressions stay whole. */
function bind(parameters: readonly unknown[]): unknown[] {
  return toStateValues(parameters).map((value) =>
    typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value,
  );
}

/** libsql gives blobs as ArrayBuffer, pg as Buffer. */
function withBuffers(row: unknown): unknown {
  const record = row as Record<string, unknown>; // libsql gives each row as a plain object.
  for (const name in record) {
    const value = record[name];
    if (value instanceof ArrayBuffer) record[name] = Buffer.from(value);
  }
  return record;
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asUnavailable(error) ?? error;
  }
}

function asUnavailable(error: unknown): Unavailable | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return undefined;
  if (code.startsWith('SQLITE_FULL')) {
    return new Unavailable('disk_full', 'The disk that holds the state database is full: free some space.', {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new Unavailable('store_unavailable', 'The state database is busy with another process.', {
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY')) {
    return new Unavailable('store_unavailable', 'The state database could not be written: check its disk.', {
      cause: error,
    });
  }
  return undefined;
}
