import type { Selectable } from 'kysely';
import type { StateDatabase } from './connect.js';
import type { LoginTokensTable, SessionsTable, UsersTable } from './schema/accounts.js';

export type SessionRow = Selectable<SessionsTable>;
export type LoginTokenRow = Selectable<LoginTokensTable>;
export type SessionWithUser = SessionRow & { readonly user: Selectable<UsersTable> };

export async function insertSession(db: StateDatabase, session: SessionRow): Promise<void> {
  await db.insertInto('sessions').values(session).execute();
}

/** The session and its user, unless it is over at `now` or the user is disabled. */
export async function findSession(
  db: StateDatabase,
  id: string,
  now: number,
): Promise<SessionWithUser | undefined> {
  const session = await db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!session) return undefined;
  const user = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', session.user_id)
    .where('disabled', '=', 0)
    .executeTakeFirst();
  return user && { ...session, user };
}

export async function touchSession(
  db: StateDatabase,
  id: string,
  seen: { readonly lastSeenAt: number; readonly expiresAt: number },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: seen.lastSeenAt, expires_at: seen.expiresAt })
    .where('id', '=', id)
    .execute();
}

export type SessionChoice =
  { readonly id: string } | { readonly userId: string; readonly exceptId?: string | undefined };

/** The ids of those that ended. */
export async function deleteSessions(db: StateDatabase, which: SessionChoice): Promise<string[]> {
  let query = db.deleteFrom('sessions').returning('id');
  if ('id' in which) query = query.where('id', '=', which.id);
  else {
    query = query.where('user_id', '=', which.userId);
    if (which.exceptId !== undefined) query = query.where('id', '!=', which.exceptId);
  }
  return (await query.execute()).map(({ id }) => id);
}

/** A user's oldest sessions beyond the newest `keep`; their ids. */
export async function trimSessions(db: StateDatabase, userId: string, keep: number): Promise<string[]> {
  const old = await db
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .limit(1000)
    .offset(keep)
    .execute();
  for (const { id } of old) await deleteSessions(db, { id });
  return old.map(({ id }) => id);
}

/** Sessions and login links that are over. */
export async function deleteExpired(db: StateDatabase, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
  await db.deleteFrom('login_tokens').where('expires_at', '<=', now).execute();
}

export async function insertLoginToken(db: StateDatabase, token: LoginTokenRow): Promise<void> {
  await db.insertInto('login_tokens').values(token).execute();
}

/** Marks the link as used and gives it; undefined when it is unknown, over or was used before. Atomic. */
export async function useLoginToken(
  db: StateDatabase,
  id: string,
  now: number,
): Promise<LoginTokenRow | undefined> {
  return db
    .updateTable('login_tokens')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst();
}

/** Links that were made for the first admin and not used: of no more use once there is one. */
export async function deleteFirstAdminLinks(db: StateDatabase): Promise<void> {
  await db.deleteFrom('login_tokens').where('user_id', 'is', null).where('used_at', 'is', null).execute();
}
