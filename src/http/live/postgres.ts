import { createAdapter } from '@socket.io/postgres-adapter';

/** A pg pool of its own (`connectPostgres`): one of its connections listens for good. */
export type AdapterPool = Parameters<typeof createAdapter>[0];

export interface ClusterAdapter {
  readonly adapter: ReturnType<typeof createAdapter>;
  /** After the adapter itself was closed. */
  close(): void;
}

/**
 * socket.io's PostgreSQL adapter (0.5), made to live through an outage: its listening connection has no error
 * listener, which would end the process, and a broken one is never given back to the pool.
 */
export async function clusterAdapter(
  pool: AdapterPool,
  onError: (error: Error) => void,
): Promise<ClusterAdapter> {
  // NOTIFY takes 8,000 bytes; the adapter keeps larger events here for a moment and cleans up by itself. No
  // migration: only processes over PostgreSQL have it.
  await pool.query(
    'create table if not exists socket_io_attachments (id bigserial unique, created_at timestamptz default now(), payload bytea)',
  );
  let closed = false;
  const sturdy = {
    query: (text: string, values?: unknown[]) => pool.query(text, values),
    connect: async () => {
      const client = await pool.connect();
      if (closed) {
        client.release();
        throw new Error('The live room is closed.');
      }
      client.on('error', onError);
      client.once('end', () => client.release(true));
      return client;
    },
  };
  return {
    // The adapter uses nothing else of a pool.
    adapter: createAdapter(sturdy as unknown as AdapterPool, {
      channelPrefix: 'lemni_live',
      errorHandler: onError,
    }),
    close: () => {
      closed = true;
    },
  };
}
