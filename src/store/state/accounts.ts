import type { Selectable, Updateable } from 'kysely';
import type { StateDatabase } from './connect.js';
import type { UsersTable } from './schema/accounts.js';

export type UserRow = Selectable<UsersTable>;

export async function findUser(db: StateDatabase, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

/** `email` in any case. */
export async function findUserByEmail(db: StateDatabase, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('email', '=', email.toLowerCase()).executeTakeFirst();
}

/** Oldest first. An installation has people, not customers: the list is bounded by 10,000. */
export async function listUsers(db: StateDatabase): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().orderBy('created_at').orderBy('id').limit(10_000).execute();
}

/** False when the e-mail address is taken. */
export async function insertUser(db: StateDatabase, user: UserRow): Promise<boolean> {
  const row = await db
    .insertInto('users')
    .values({ ...user, email: user.email.toLowerCase() })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** False when there is no such user. */
export async function updateUser(
  db: StateDatabase,
  id: string,
  change: Updateable<Pick<UsersTable, 'name' | 'role' | 'password_hash' | 'last_login_at' | 'disabled'>>,
): Promise<boolean> {
  if (Object.keys(change).length === 0) return (await findUser(db, id)) !== undefined;
  const row = await db
    .updateTable('users')
    .set(change)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Sets the first password and the address of somebody who came by link; false when there is one already. */
export async function completeUser(
  db: StateDatabase,
  id: string,
  account: { readonly email: string; readonly name: string; readonly passwordHash: string },
): Promise<boolean> {
  const row = await db
    .updateTable('users')
    .set({
      email: account.email.toLowerCase(),
      name: account.name,
      password_hash: account.passwordHash,
    })
    .where('id', '=', id)
    .where('password_hash', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Sessions and login links go with it. */
export async function deleteUser(db: StateDatabase, id: string): Promise<boolean> {
  const row = await db.deleteFrom('users').where('id', '=', id).returning('id').executeTakeFirst();
  return row !== undefined;
}

/** How many admins can log in, besides `exceptId`. */
export async function countOtherAdmins(db: StateDatabase, exceptId: string): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('id', '!=', exceptId)
    .executeTakeFirstOrThrow();
  return count;
}

/** The oldest admin who is not disabled. */
export async function findFirstAdmin(db: StateDatabase): Promise<UserRow | undefined> {
  return db
    .selectFrom('users')
    .selectAll()
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

export async function hasPasswords(db: StateDatabase): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
