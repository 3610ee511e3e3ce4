import type { Clock } from '../../lib/clock.js';
import { BadInput } from '../../lib/errors.js';
import { randomToken, type NewId } from '../../lib/ids.js';
import {
  findFirstAdmin,
  findUser,
  findUserByEmail,
  hasPasswords,
  insertUser,
  updateUser,
  type UserRow,
} from '../../store/state/accounts.js';
import type { StateDatabase } from '../../store/state/connect.js';
import { insertLoginToken, useLoginToken } from '../../store/state/sessions.js';
import { hashToken } from '../credentials.js';
import { addressKey, RateLimit, type RateLimitOptions } from '../rate-limit.js';
import { audited } from './audited.js';
import type { Passwords } from './passwords.js';

export interface LoginLimits {
  readonly perAddress: RateLimitOptions;
  readonly perAccount: RateLimitOptions;
}

/**
 * Failed attempts only. The account's limit is what guessing runs into; the address's is wider, because behind
 * a proxy a whole team has one address.
 */
export const defaultLoginLimits: LoginLimits = {
  perAddress: { max: 50, windowMs: 15 * 60_000 },
  perAccount: { max: 10, windowMs: 15 * 60_000 },
};

export interface LoginsDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly passwords: Passwords;
  readonly limits?: LoginLimits;
}

const linkLifetimeMs = 3_600_000;
/** The address of the first admin until they give their own; no mail goes there. */
const firstAdminEmail = 'admin@localhost';

/** The ways in: a password, or a link that works once. */
export class Logins {
  readonly #deps: LoginsDeps;
  readonly #perAddress: RateLimit;
  readonly #perAccount: RateLimit;

  constructor(deps: LoginsDeps) {
    this.#deps = deps;
    const limits = deps.limits ?? defaultLoginLimits;
    this.#perAddress = new RateLimit(limits.perAddress, deps.clock);
    this.#perAccount = new RateLimit(limits.perAccount, deps.clock);
  }

  /** The same answer, after the same time, for a wrong password, an unknown address and a disabled account. */
  async byPassword(email: string, password: string, address: string | undefined): Promise<UserRow> {
    const { state, passwords } = this.#deps;
    const from = addressKey(address);
    const account = email.toLowerCase();
    this.#perAddress.take(from, 'failed logins from this address');
    this.#perAccount.take(account, 'failed logins for this account');
    const user = await findUserByEmail(state, account);
    const right = await passwords.verify(password, user?.password_hash ?? undefined);
    if (!user || !right || user.disabled === 1) {
      throw new BadInput('unauthenticated', 'The e-mail address or the password is wrong.');
    }
    this.#perAddress.giveBack(from);
    this.#perAccount.forget(account);
    if (user.password_hash !== null && passwords.isOutdated(user.password_hash)) {
      await updateUser(state, user.id, { password_hash: await passwords.hash(password) });
    }
    return this.#loggedIn(user, 'password');
  }

  /** Checks somebody's own password before it is changed; counts against the same limit. */
  async confirm(user: UserRow, password: string): Promise<void> {
    this.#perAccount.take(user.email, 'wrong passwords for this account');
    if (!(await this.#deps.passwords.verify(password, user.password_hash ?? undefined))) {
      throw new BadInput('forbidden', 'The current password is wrong.', { at: 'currentPassword' });
    }
    this.#perAccount.forget(user.email);
  }

  async byLink(token: string, address: string | undefined): Promise<UserRow> {
    const { state, clock } = this.#deps;
    const from = addressKey(address);
    this.#perAddress.take(from, 'failed logins from this address');
    const link = await useLoginToken(state, hashToken(token), clock.now());
    const user = link && (await this.#userOf(link.user_id));
    if (!user || user.disabled === 1) {
      throw new BadInput(
        'unauthenticated',
        'This link was used before or is older than an hour: `lemni users link` makes a new one.',
      );
    }
    this.#perAddress.giveBack(from);
    return this.#loggedIn(user, 'link');
  }

  /**
   * A link that logs in once, within an hour: as the user with that e-mail address, or as the first admin, who
   * is made when there is none. `baseUrl` is where the dashboard is.
   */
  async createLink(
    baseUrl: string,
    email?: string,
  ): Promise<{ readonly url: string; readonly expiresAt: number }> {
    const { state, clock } = this.#deps;
    const user = email === undefined ? undefined : await findUserByEmail(state, email);
    if (email !== undefined && !user) throw new BadInput('not_found', `There is no account for ${email}.`);
    const token = randomToken(32);
    const now = clock.now();
    const expiresAt = now + linkLifetimeMs;
    await state.transaction().execute(async (trx) => {
      await insertLoginToken(trx, {
        id: hashToken(token),
        user_id: user?.id ?? null,
        created_at: now,
        expires_at: expiresAt,
        used_at: null,
      });
      await audited(trx, this.#deps, {
        actor: 'cli',
        action: 'login_link.created',
        target: user?.email ?? 'the first admin',
      });
    });
    return { url: `${baseUrl.replace(/\/+$/, '')}/login?token=${token}`, expiresAt };
  }

  /** False until somebody has a password: then the start prints a link. */
  hasAccounts(): Promise<boolean> {
    return hasPasswords(this.#deps.state);
  }

  async #userOf(id: string | null): Promise<UserRow | undefined> {
    const { state, clock, newId } = this.#deps;
    if (id !== null) return findUser(state, id);
    const admin = await findFirstAdmin(state);
    if (admin) return admin;
    const now = clock.now();
    // Two links at once make one admin: the address is unique.
    await insertUser(state, {
      id: newId(now),
      email: firstAdminEmail,
      name: '',
      role: 'admin',
      password_hash: null,
      created_at: now,
      last_login_at: null,
      disabled: 0,
    });
    return findUserByEmail(state, firstAdminEmail);
  }

  async #loggedIn(user: UserRow, method: string): Promise<UserRow> {
    const { state, clock } = this.#deps;
    const now = clock.now();
    await state.transaction().execute(async (trx) => {
      await updateUser(trx, user.id, { last_login_at: now });
      await audited(trx, this.#deps, {
        actor: user.email,
        action: 'session.started',
        target: user.email,
        detail: { method },
      });
    });
    return { ...user, last_login_at: now };
  }
}
