import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.js';
import { BadInput, Unavailable } from '../../lib/errors.js';
import { randomToken, type NewId } from '../../lib/ids.js';
import type { StateDatabase } from '../../store/state/connect.js';
import {
  findKeyByHash,
  insertKey,
  listKeys,
  revokeKey,
  touchKey,
  type KeyRow,
} from '../../store/state/keys.js';
import type { KeyScope, Role } from '../contract/accounts.js';
import { hashToken } from '../credentials.js';
import { audited } from './audited.js';

export interface KeysDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
}

export interface NewKey {
  readonly name: string;
  readonly scope: KeyScope;
  /** For `api` keys; the others cannot read, whatever it says. */
  readonly role?: Role | undefined;
  /** Who makes it, for the list and the audit log: an e-mail address, `cli`. */
  readonly by: string;
}

/** A revocation in another process is seen after this long, ms; one in this process at once. */
const freshMs = 15_000;
/** With the state database away, a key that was good goes on being good for this long, ms. */
const staleMs = 15 * 60_000;
/** How long a sender with a key that was good waits for the state database to confirm it, ms. */
const patienceMs = 1000;
/** After a confirmation that did not come, the next one is asked for this much later, ms. */
const askAgainMs = 5000;
/** `last_used_at` is written at most this often, ms: it is for people. */
const usedEveryMs = 60_000;

interface Cached {
  readonly row: KeyRow;
  readonly freshUntil: number;
  /** Until then it counts as it is, since the state database did not answer. */
  readonly leaveUntil: number;
}

/** Keys: made, listed, revoked, and found again on every request. */
export class Keys {
  readonly #deps: KeysDeps;
  readonly #cache = new LRUCache<string, Cached>({ max: 1000 });
  readonly #used = new LRUCache<string, number>({ max: 1000 });
  readonly #lookups = new Map<string, Promise<KeyRow | undefined>>();
  readonly #writes = new Set<Promise<void>>();

  constructor(deps: KeysDeps) {
    this.#deps = deps;
  }

  /** The key itself is in the answer and nowhere else. */
  async create(input: NewKey): Promise<{ readonly row: KeyRow; readonly key: string }> {
    const { state, clock, newId } = this.#deps;
    // The prefix lets secret scanners find a key that slipped into a repository.
    const key = `lemni_${input.scope}_${randomToken(32)}`;
    const now = clock.now();
    const row: KeyRow = {
      id: newId(now),
      name: input.name,
      scope: input.scope,
      role: input.scope === 'api' ? (input.role ?? 'viewer') : 'viewer',
      hash: hashToken(key),
      hint: key.slice(0, `lemni_${input.scope}_`.length + 4),
      created_by: input.by,
      created_at: now,
      last_used_at: null,
      revoked_at: null,
    };
    await state.transaction().execute(async (trx) => {
      await insertKey(trx, row);
      await audited(trx, this.#deps, {
        actor: input.by,
        action: 'key.created',
        target: input.name,
        detail: { id: row.id, scope: row.scope, role: row.role, hint: row.hint },
      });
    });
    return { row, key };
  }

  list(): Promise<KeyRow[]> {
    return listKeys(this.#deps.state);
  }

  async revoke(id: string, by: string): Promise<void> {
    const { state, clock } = this.#deps;
    const key = await state.transaction().execute(async (trx) => {
      const before = await revokeKey(trx, id, clock.now());
      if (before?.revoked_at === null) {
        const detail = { id, scope: before.scope, hint: before.hint };
        await audited(trx, this.#deps, { actor: by, action: 'key.revoked', target: before.name, detail });
      }
      return before;
    });
    if (!key) throw new BadInput('not_found', `There is no key with the id ${id.slice(0, 100)}.`);
    this.#cache.delete(key.hash);
  }

  /** The key that a sender shows, unless it is unknown or revoked. */
  async find(key: string): Promise<KeyRow | undefined> {
    // Nothing that long was ever given out; hashing megabytes is work that a stranger must not cause.
    if (key === '' || key.length > 200) return undefined;
    const hash = hashToken(key);
    const now = this.#deps.clock.now();
    const cached = this.#cache.get(hash);
    if (cached && cached.freshUntil > now) return this.#seen(cached.row, now);
    const usable = cached && now - cached.freshUntil < staleMs ? cached : undefined;
    if (usable && usable.leaveUntil > now) return usable.row;
    try {
      const row = await (usable ? inTime(this.#lookup(hash)) : this.#lookup(hash));
      if (!row) {
        this.#cache.delete(hash);
        return undefined;
      }
      this.#cache.set(hash, { row, freshUntil: now + freshMs, leaveUntil: 0 });
      return this.#seen(row, now);
    } catch (error) {
      // Telemetry must not stop because PostgreSQL restarts, or is silent.
      if (!usable || !(error instanceof Unavailable)) throw error;
      this.#cache.set(hash, { ...usable, leaveUntil: now + askAgainMs });
      return usable.row;
    }
  }

  /** Waits for what is being written. */
  async stop(): Promise<void> {
    await Promise.all(this.#writes);
  }

  /** Many requests with the same key ask the database once. */
  #lookup(hash: string): Promise<KeyRow | undefined> {
    let running = this.#lookups.get(hash);
    if (!running) {
      running = findKeyByHash(this.#deps.state, hash).finally(() => this.#lookups.delete(hash));
      this.#lookups.set(hash, running);
    }
    return running;
  }

  #seen(row: KeyRow, now: number): KeyRow {
    const last = this.#used.get(row.id) ?? row.last_used_at ?? 0;
    if (now - last >= usedEveryMs) {
      this.#used.set(row.id, now);
      const write = touchKey(this.#deps.state, row.id, now)
        .catch((error: unknown) =>
          this.#deps.log.debug({ err: error }, 'the last use of a key was not noted'),
        )
        .finally(() => this.#writes.delete(write));
      this.#writes.add(write);
    }
    return row;
  }
}

/** The work's result, or `Unavailable` when it takes too long; the work then ends unheard. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable('store_unavailable', 'The state database does not answer.')),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
