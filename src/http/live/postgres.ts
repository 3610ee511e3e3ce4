import type { createAdapter } from '@socket.io/postgres-adapter';

/** A pg pool of its own (`connectPostgres`): one of its connections listens for good. */
export type AdapterPool = Parameters<typeof createAdapter>[0];

/**
 * PostgreSQL's NOTIFY takes 8,000 bytes; the adapter puts larger events into this table and cleans it itself
 * (socket.io docs, "Postgres adapter"). Only processes over PostgreSQL need it, so it is no migration of both
 * twins.
 */
export async function prepareAttachments(pool: AdapterPool): Promise<void> {
  await pool.query(
    'create table if not exists socket_io_attachments (id bigserial unique, created_at timestamptz default now(), payload bytea)',
  );
}
