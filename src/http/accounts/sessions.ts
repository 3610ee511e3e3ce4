import type { Clock } from '../../lib/clock.js';
import { randomToken } from '../../lib/ids.js';
import type { StateDatabase } from '../../store/state/connect.js';
import {
  deleteExpired,
  deleteSessions,
  findSession,
  insertSession,
  touchSession,
  trimSessions,
  type SessionChoice,
  type SessionWithUser,
} from '../../store/state/sessions.js';
import { hashToken } from '../credentials.js';

export interface SessionsDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  /** A session lasts this long after its last use, ms. */
  readonly lifetimeMs: number;
}

export type LoginMethod = 'password' | 'link';

/** The use of a session is written at most this often, ms. */
const touchEveryMs = 60_000;
/** Browsers one person may be logged in with; the one unused for longest goes first. */
const maxPerUser = 50;

/** Logins that live in a cookie. The database has only hashes of their tokens. */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #listeners: ((ids: readonly string[]) => void)[] = [];

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  get lifetimeMs(): number {
    return this.#deps.lifetimeMs;
  }

  /** Always a new token: one that the browser had before the login is worth nothing after it. */
  async begin(
    userId: string,
    method: LoginMethod,
    userAgent: string,
  ): Promise<{ readonly token: string; readonly id: string }> {
    const { state, clock, lifetimeMs } = this.#deps;
    const now = clock.now();
    const token = randomToken(32);
    const id = hashToken(token);
    await deleteExpired(state, now);
    await insertSession(state, {
      id,
      user_id: userId,
      csrf_token: randomToken(32),
      method,
      user_agent: userAgent.slice(0, 300),
      created_at: now,
      last_seen_at: now,
      expires_at: now + lifetimeMs,
    });
    this.#ended(await trimSessions(state, userId, maxPerUser));
    return { token, id };
  }

  /** The session of a cookie's token. `renewed`: it lasts longer now, so the cookie must be sent again. */
  async find(
    token: string,
  ): Promise<{ readonly session: SessionWithUser; readonly renewed: boolean } | undefined> {
    if (token === '' || token.length > 200) return undefined;
    const { state, clock, lifetimeMs } = this.#deps;
    const now = clock.now();
    const session = await findSession(state, hashToken(token), now);
    if (!session) return undefined;
    const renewed = now - session.last_seen_at >= touchEveryMs;
    if (renewed) await touchSession(state, session.id, { lastSeenAt: now, expiresAt: now + lifetimeMs });
    return { session, renewed };
  }

  /** Whether it still holds; asks without counting as use. */
  async isAlive(id: string): Promise<boolean> {
    return (await findSession(this.#deps.state, id, this.#deps.clock.now())) !== undefined;
  }

  /** In a transaction: give it as `db`. */
  async end(which: SessionChoice, db: StateDatabase = this.#deps.state): Promise<void> {
    this.#ended(await deleteSessions(db, which));
  }

  /** Told the ids of sessions that ended, so that open connections can be cut. */
  onEnd(listener: (ids: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  #ended(ids: readonly string[]): void {
    if (ids.length > 0) for (const listener of this.#listeners) listener(ids);
  }
}
