import type { StateDatabase } from './connect.js';

export async function getSetting(db: StateDatabase, key: string): Promise<string | undefined> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value;
}

export async function setSetting(db: StateDatabase, key: string, value: string): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/**
 * Waits until no other transaction holds the lock of this name, and holds it until this one ends: a written row
 * is locked in PostgreSQL, and SQLite has one writer anyway.
 */
export async function lockFor(transaction: StateDatabase, name: string): Promise<void> {
  await setSetting(transaction, `lock:${name}`, '');
}
