import type { Clock } from '../../lib/clock.js';
import { BadInput } from '../../lib/errors.js';
import type { NewId } from '../../lib/ids.js';
import {
  completeUser,
  countOtherAdmins,
  deleteUser,
  findUser,
  insertUser,
  listUsers,
  updateUser,
  type UserRow,
} from '../../store/state/accounts.js';
import type { StateDatabase } from '../../store/state/connect.js';
import { deleteFirstAdminLinks } from '../../store/state/sessions.js';
import { lockFor } from '../../store/state/settings.js';
import type { Role } from '../contract/accounts.js';
import { audited } from './audited.js';
import type { Passwords } from './passwords.js';
import type { Sessions } from './sessions.js';

export interface UsersDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}

export interface NewUser {
  readonly email: string;
  readonly name?: string | undefined;
  readonly role: Role;
  readonly password: string;
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
}

/** People and what they may do. `by` is who does it, for the audit log. */
export class Users {
  readonly #deps: UsersDeps;

  constructor(deps: UsersDeps) {
    this.#deps = deps;
  }

  list(): Promise<UserRow[]> {
    return listUsers(this.#deps.state);
  }

  async get(id: string): Promise<UserRow> {
    const user = await findUser(this.#deps.state, id);
    if (!user) throw noSuchUser(id);
    return user;
  }

  async create(input: NewUser, by: string): Promise<UserRow> {
    const { state, clock, newId, passwords } = this.#deps;
    const passwordHash = await passwords.hash(input.password);
    const now = clock.now();
    const user: UserRow = {
      id: newId(now),
      email: input.email.toLowerCase(),
      name: input.name ?? '',
      role: input.role,
      password_hash: passwordHash,
      created_at: now,
      last_login_at: null,
      disabled: 0,
    };
    await state.transaction().execute(async (trx) => {
      if (!(await insertUser(trx, user))) throw emailTaken(user.email);
      await audited(trx, this.#deps, {
        actor: by,
        action: 'user.created',
        target: user.email,
        detail: { id: user.id, role: user.role },
      });
    });
    return user;
  }

  /** A new role, password or `disabled` ends the user's sessions, but for `keepSession`. */
  async change(id: string, change: UserChange, by: string, keepSession?: string): Promise<UserRow> {
    const { state, passwords, sessions } = this.#deps;
    const { name, role, disabled, password } = change;
    const values = {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }),
      ...(password === undefined ? {} : { password_hash: await passwords.hash(password) }),
    };
    const user = await state.transaction().execute(async (trx) => {
      await lockFor(trx, 'admins');
      const before = await findUser(trx, id);
      if (!before) throw noSuchUser(id);
      const staysAdmin = (role ?? before.role) === 'admin' && !(disabled ?? before.disabled === 1);
      if (!staysAdmin) await this.#keepAnAdmin(trx, before);
      await updateUser(trx, id, values);
      const { password_hash: _, ...detail } = values;
      await audited(trx, this.#deps, {
        actor: by,
        action: 'user.changed',
        target: before.email,
        detail: { id, ...detail, ...(password === undefined ? {} : { password: 'changed' }) },
      });
      return { ...before, ...values };
    });
    if (password !== undefined || disabled === true || role !== undefined) {
      await sessions.end({ userId: id, exceptId: keepSession });
    }
    return user;
  }

  async remove(id: string, by: string): Promise<void> {
    const { state, sessions } = this.#deps;
    await state.transaction().execute(async (trx) => {
      await lockFor(trx, 'admins');
      const user = await findUser(trx, id);
      if (!user) throw noSuchUser(id);
      await this.#keepAnAdmin(trx, user);
      await sessions.end({ userId: id }, trx);
      await deleteUser(trx, id);
      await audited(trx, this.#deps, {
        actor: by,
        action: 'user.removed',
        target: user.email,
        detail: { id },
      });
    });
  }

  /** The first account: whoever came by the first link says who they are and chooses a password. */
  async complete(
    id: string,
    account: { readonly email: string; readonly name: string; readonly password: string },
  ): Promise<UserRow> {
    const { state, passwords, sessions } = this.#deps;
    const passwordHash = await passwords.hash(account.password);
    const email = account.email.toLowerCase();
    await state.transaction().execute(async (trx) => {
      await lockFor(trx, 'admins');
      const taken = (await listUsers(trx)).some((user) => user.email === email && user.id !== id);
      if (taken) throw emailTaken(email);
      if (!(await completeUser(trx, id, { email, name: account.name, passwordHash }))) {
        throw new BadInput('conflict', 'This account has a password already: change it in the settings.');
      }
      await deleteFirstAdminLinks(trx);
      await audited(trx, this.#deps, {
        actor: email,
        action: 'user.completed',
        target: email,
        detail: { id },
      });
    });
    await sessions.end({ userId: id });
    return this.get(id);
  }

  async #keepAnAdmin(trx: StateDatabase, leaving: UserRow): Promise<void> {
    if (leaving.role !== 'admin' || leaving.disabled === 1) return;
    if ((await countOtherAdmins(trx, leaving.id)) > 0) return;
    throw new BadInput('conflict', 'This is the last admin: make somebody else an admin first.');
  }
}

function noSuchUser(id: string): BadInput {
  return new BadInput('not_found', `There is no user with the id ${id.slice(0, 100)}.`);
}

function emailTaken(email: string): BadInput {
  return new BadInput('conflict', `There is an account for ${email} already.`, { at: 'email' });
}
