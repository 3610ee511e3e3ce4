import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { messageOf, Unavailable } from '../../lib/errors.js';
import { toStateValues } from './parameters.js';

/** What is used of a pg pool. */
export interface Pool {
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
}

export interface PoolClient {
  query(sql: string, parameters: unknown[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** With an error the connection is closed instead of kept. */
  release(error?: Error): void;
}

/** A pg pool as Kysely wants it, with the habits that both twins share (connect.ts). */
export function postgresSeam(pool: Pool): PostgresPool {
  // Kysely keeps its connections in a WeakMap by client: the same client must get the same wrapper.
  const wrappers = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        // Whatever the reason (refused, no answer, starting up, too many clients): not now, maybe later.
        throw away(error);
      });
      const known = wrappers.get(client);
      if (known) return known;
      const wrapper = wrap(client);
      wrappers.set(client, wrapper);
      return wrapper;
    },
    end: () => pool.end(),
  };
}

function wrap(client: PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  // A connection that breaks while it is lent out is told to the client and not to the pool.
  client.on('error', (error) => (broken = error));
  async function query(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await client.query(sql, toStateValues(parameters));
    } catch (error) {
      if (!isAway(error)) throw error;
      broken ??= error instanceof Error ? error : new Error(String(error));
      throw away(error);
    }
  }
  return {
    // Kysely's second form takes a cursor, which is used for streams only: Lemni pages instead.
    query: query as unknown as PostgresPoolClient['query'],
    // A broken connection is thrown away instead of going back to the pool.
    release: () => client.release(broken),
  };
}

function away(cause: unknown): Unavailable {
  return new Unavailable('store_unavailable', 'PostgreSQL cannot be reached at the moment.', { cause });
}

/** SQLSTATE classes 08 (connection), 53 (out of resources), 57P (shut down) and Node's own network errors. */
const awayCode = /^(08...|53...|57P0.|57014|E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_).*)$/;

/** Whether the error says that the server is away, not that the statement is wrong. */
function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return awayCode.test(code);
  return /connection terminated|not queryable|query read timeout|timeout expired/i.test(messageOf(error));
}
