import type { Selectable } from 'kysely';
import type { StateDatabase } from './connect.js';
import type { KeysTable } from './schema/accounts.js';

export type KeyRow = Selectable<KeysTable>;

export async function insertKey(db: StateDatabase, key: KeyRow): Promise<void> {
  await db.insertInto('keys').values(key).execute();
}

/** The key with this hash that was not revoked. */
export async function findKeyByHash(db: StateDatabase, hash: string): Promise<KeyRow | undefined> {
  return db
    .selectFrom('keys')
    .selectAll()
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

/** Newest first, revoked ones too, at most 10,000. */
export async function listKeys(db: StateDatabase): Promise<KeyRow[]> {
  return db
    .selectFrom('keys')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(10_000)
    .execute();
}

/** The key as it was before, undefined when there is none; a second time changes nothing. */
export async function revokeKey(db: StateDatabase, id: string, now: number): Promise<KeyRow | undefined> {
  const key = await db.selectFrom('keys').selectAll().where('id', '=', id).executeTakeFirst();
  if (key?.revoked_at === null) {
    await db
      .updateTable('keys')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute();
  }
  return key;
}

export async function touchKey(db: StateDatabase, id: string, now: number): Promise<void> {
  await db.updateTable('keys').set({ last_used_at: now }).where('id', '=', id).execute();
}
