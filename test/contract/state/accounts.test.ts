import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUlid } from '../../../src/lib/ids.js';
import * as accounts from '../../../src/store/state/accounts.js';
import {
  deleteAttachmentsBefore,
  findAttachment,
  insertAttachment,
} from '../../../src/store/state/attachments.js';
import { appendAudit, deleteAuditBefore, listAudit } from '../../../src/store/state/audit.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import {
  deleteDeliveriesBefore,
  forgetDelivery,
  recordDelivery,
} from '../../../src/store/state/deliveries.js';
import * as keys from '../../../src/store/state/keys.js';
import { migrateState } from '../../../src/store/state/migrate.js';
import * as sessions from '../../../src/store/state/sessions.js';
import { getSetting, lockFor, setSetting } from '../../../src/store/state/settings.js';
import { stopTwins, twins } from './twins.js';

const now = Date.parse('2026-11-22T10:00:00.123Z');
/** Text that one of two databases might treat otherwise: composed and astral characters, quotes, JSON. */
const odd = `Zoë 😀 ‮ "quoted" 'single' \\ {"a":1} %_ ${'ß'.repeat(50)}`;

function user(id: string, change: Partial<accounts.UserRow> = {}): accounts.UserRow {
  return {
    id,
    email: `${id}@example.com`,
    name: id,
    role: 'viewer',
    password_hash: 'hash',
    created_at: now,
    last_login_at: null,
    disabled: 0,
    ...change,
  };
}

function session(id: string, userId: string, change: Partial<sessions.SessionRow> = {}): sessions.SessionRow {
  return {
    id,
    user_id: userId,
    csrf_token: 'csrf',
    method: 'password',
    user_agent: 'test',
    created_at: now,
    last_seen_at: now,
    expires_at: now + 1000,
    ...change,
  };
}

function key(id: string, change: Partial<keys.KeyRow> = {}): keys.KeyRow {
  return {
    id,
    name: id,
    scope: 'ingest',
    role: 'viewer',
    hash: `hash of ${id}`,
    hint: 'lemni_ingest_abcd',
    created_by: 'cli',
    created_at: now,
    last_used_at: null,
    revoked_at: null,
    ...change,
  };
}

afterAll(stopTwins);

describe.each(twins)('state on $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ state, stop } = await twin.start());
  });
  afterAll(() => stop());
  beforeEach(async () => {
    for (const table of ['sessions', 'login_tokens', 'users', 'keys', 'audit_log', 'attachments'] as const) {
      await state.deleteFrom(table).execute();
    }
  });

  it('migrates again without doing anything, and twice at once', async () => {
    await Promise.all([migrateState(state), migrateState(state)]);
    const tables = (await state.introspection.getTables()).map(({ name }) => name);
    expect(tables).toEqual(expect.arrayContaining(['users', 'sessions', 'keys', 'audit_log', 'attachments']));
  });

  it('refuses the database of a newer version', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('999-future', 'x')`.execute(state);
    await expect(migrateState(state)).rejects.toThrow(/newer Lemni/);
    await sql`delete from kysely_migration where name = '999-future'`.execute(state);
  });

  describe('values', () => {
    it.each([
      ['unicode', odd],
      ['empty', ''],
      ['long', 'x'.repeat(200_000)],
    ])('text comes back as it was: %s', async (_name, text) => {
      await setSetting(state, 'text', text);
      expect(await getSetting(state, 'text')).toBe(text);
    });

    it('NUL becomes U+FFFD', async () => {
      await setSetting(state, 'nul', 'a\0b');
      expect(await getSetting(state, 'nul')).toBe('a\uFFFDb');
    });

    it('counts, sums and times are numbers', async () => {
      await accounts.insertUser(state, user('a'));
      await accounts.insertUser(state, user('b', { created_at: 4_102_444_800_000 }));
      const row = await state
        .selectFrom('users')
        .select(({ fn }) => [
          fn.countAll().as('count'),
          fn.sum('created_at').as('sum'),
          fn.max('created_at').as('max'),
        ])
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ count: 2, sum: now + 4_102_444_800_000, max: 4_102_444_800_000 });
    });

    it('booleans are 0 and 1 and cannot end the process', async () => {
      await accounts.insertUser(state, user('a'));
      const yes = true as unknown as number;
      await accounts.updateUser(state, 'a', { disabled: yes });
      expect((await accounts.findUser(state, 'a'))?.disabled).toBe(1);
    });

    it.each([
      ['undefined in a list', [undefined]],
      ['a Date', [new Date()]],
      ['NaN', [Number.NaN]],
      ['Infinity', [Infinity]],
      ['an object', [{ a: 1 }]],
    ])('refuses %s', async (_name, [value]) => {
      await expect(sql`select ${value} as x`.execute(state)).rejects.toThrow(/State parameter 1/);
    });

    it('SQL in a value stays a value', async () => {
      const evil = `'; drop table users; --`;
      await accounts.insertUser(state, user('a', { name: evil }));
      expect((await accounts.findUser(state, 'a'))?.name).toBe(evil);
      expect(await accounts.findUserByEmail(state, evil)).toBeUndefined();
    });
  });

  describe('users', () => {
    it('are found by id and by address in any case', async () => {
      expect(await accounts.insertUser(state, user('a', { email: 'Ada@Example.com', name: odd }))).toBe(true);
      const found = await accounts.findUserByEmail(state, 'ADA@example.COM');
      expect(found).toEqual(user('a', { email: 'ada@example.com', name: odd }));
      expect(await accounts.findUser(state, 'a')).toEqual(found);
      expect(await accounts.findUser(state, 'nobody')).toBeUndefined();
    });

    it('an address is given once, however many ask at once', async () => {
      const tries = Array.from({ length: 8 }, (_, i) =>
        accounts.insertUser(state, user(`u${i}`, { email: i % 2 ? 'same@example.com' : 'Same@Example.com' })),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await accounts.listUsers(state)).toHaveLength(1);
    });

    it('change and go, with their sessions and links', async () => {
      await accounts.insertUser(state, user('a'));
      expect(await accounts.updateUser(state, 'a', { name: 'Ada', role: 'admin' })).toBe(true);
      expect(await accounts.updateUser(state, 'b', { name: 'Ada' })).toBe(false);
      expect(await accounts.updateUser(state, 'a', {})).toBe(true);
      expect(await accounts.findUser(state, 'a')).toMatchObject({ name: 'Ada', role: 'admin' });
      await sessions.insertSession(state, session('s', 'a'));
      await sessions.insertLoginToken(state, {
        id: 't',
        user_id: 'a',
        created_at: now,
        expires_at: now + 1000,
        used_at: null,
      });
      expect(await accounts.deleteUser(state, 'a')).toBe(true);
      expect(await accounts.deleteUser(state, 'a')).toBe(false);
      expect(await state.selectFrom('sessions').selectAll().execute()).toEqual([]);
      expect(await state.selectFrom('login_tokens').selectAll().execute()).toEqual([]);
    });

    it('a first password is set once', async () => {
      await accounts.insertUser(state, user('a', { password_hash: null }));
      expect(await accounts.hasPasswords(state)).toBe(false);
      const account = { email: 'Ada@example.com', name: 'Ada', passwordHash: 'h1' };
      const tries = await Promise.all(
        ['h1', 'h2'].map((passwordHash) => accounts.completeUser(state, 'a', { ...account, passwordHash })),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await accounts.hasPasswords(state)).toBe(true);
      expect((await accounts.findUser(state, 'a'))?.email).toBe('ada@example.com');
    });

    it('admins who can log in are counted', async () => {
      await accounts.insertUser(state, user('a', { role: 'admin' }));
      await accounts.insertUser(state, user('b', { role: 'admin', created_at: now - 1 }));
      await accounts.insertUser(state, user('c', { role: 'admin', disabled: 1, created_at: now - 2 }));
      await accounts.insertUser(state, user('d'));
      expect(await accounts.countOtherAdmins(state, 'a')).toBe(1);
      expect((await accounts.findFirstAdmin(state))?.id).toBe('b');
    });
  });

  describe('sessions', () => {
    it('hold until they are over, for those who are not disabled', async () => {
      await accounts.insertUser(state, user('a'));
      await sessions.insertSession(state, session('s', 'a', { user_agent: odd }));
      const found = await sessions.findSession(state, 's', now);
      expect(found).toEqual({ ...session('s', 'a', { user_agent: odd }), user: user('a') });
      expect(await sessions.findSession(state, 's', now + 1000)).toBeUndefined();
      await sessions.touchSession(state, 's', { lastSeenAt: now + 5, expiresAt: now + 2000 });
      expect((await sessions.findSession(state, 's', now + 1000))?.last_seen_at).toBe(now + 5);
      await accounts.updateUser(state, 'a', { disabled: 1 });
      expect(await sessions.findSession(state, 's', now)).toBeUndefined();
    });

    it('end one by one, all but one, and the oldest of too many', async () => {
      await accounts.insertUser(state, user('a'));
      await accounts.insertUser(state, user('b'));
      for (let i = 0; i < 5; i++) {
        await sessions.insertSession(state, session(`s${i}`, 'a', { last_seen_at: now + i }));
      }
      await sessions.insertSession(state, session('other', 'b'));
      expect(await sessions.trimSessions(state, 'a', 4)).toEqual(['s0']);
      expect(await sessions.deleteSessions(state, { id: 's1' })).toEqual(['s1']);
      expect((await sessions.deleteSessions(state, { userId: 'a', exceptId: 's3' })).sort()).toEqual([
        's2',
        's4',
      ]);
      expect(await sessions.deleteSessions(state, { userId: 'a' })).toEqual(['s3']);
      expect(await sessions.findSession(state, 'other', now)).toBeDefined();
      await sessions.deleteExpired(state, now + 1000);
      expect(await state.selectFrom('sessions').selectAll().execute()).toEqual([]);
    });

    it('need a user', async () => {
      await expect(sessions.insertSession(state, session('s', 'nobody'))).rejects.toThrow(/foreign key/i);
    });

    it('a login link works once, even for two at once, and not when it is over', async () => {
      const token = { user_id: null, created_at: now, expires_at: now + 1000, used_at: null };
      await sessions.insertLoginToken(state, { ...token, id: 't' });
      const used = await Promise.all([1, 2, 3].map(() => sessions.useLoginToken(state, 't', now + 1)));
      expect(used.filter(Boolean)).toEqual([{ ...token, id: 't', used_at: now + 1 }]);
      await sessions.insertLoginToken(state, { ...token, id: 'old' });
      expect(await sessions.useLoginToken(state, 'old', now + 1000)).toBeUndefined();
      await sessions.deleteFirstAdminLinks(state);
      expect(await sessions.useLoginToken(state, 'old', now)).toBeUndefined();
    });
  });

  it('keys are found by hash until they are revoked', async () => {
    await keys.insertKey(state, key('k1', { name: odd }));
    await keys.insertKey(state, key('k2', { created_at: now + 1 }));
    await expect(keys.insertKey(state, key('k3', { hash: 'hash of k1' }))).rejects.toThrow(/unique/i);
    expect(await keys.findKeyByHash(state, 'hash of k1')).toEqual(key('k1', { name: odd }));
    await keys.touchKey(state, 'k1', now + 7);
    expect((await keys.listKeys(state)).map(({ id, last_used_at }) => [id, last_used_at])).toEqual([
      ['k2', null],
      ['k1', now + 7],
    ]);
    expect((await keys.revokeKey(state, 'k1', now + 9))?.revoked_at).toBeNull();
    expect((await keys.revokeKey(state, 'k1', now + 10))?.revoked_at).toBe(now + 9);
    expect(await keys.revokeKey(state, 'none', now)).toBeUndefined();
    expect(await keys.findKeyByHash(state, 'hash of k1')).toBeUndefined();
  });

  it('the audit log is read backwards, page by page', async () => {
    const ids = Array.from({ length: 5 }, (_, i) => newUlid(now + i));
    for (const [i, id] of ids.entries()) {
      await appendAudit(state, {
        id,
        at: now + i,
        actor: 'ada@example.com',
        action: 'key.created',
        target: odd,
        detail: { i, odd },
      });
    }
    const first = await listAudit(state, { limit: 3 });
    expect(first.map(({ id }) => id)).toEqual(ids.slice(2).reverse());
    expect(first[0]).toMatchObject({ target: odd, detail: { i: 4, odd } });
    expect((await listAudit(state, { limit: 3, before: first[2]?.id })).map(({ id }) => id)).toEqual(
      ids.slice(0, 2).reverse(),
    );
    await deleteAuditBefore(state, now + 4);
    expect(await listAudit(state, { limit: 10 })).toHaveLength(1);
  });

  it.each([0, 1, 2 * 1024 * 1024, 8 * 1024 * 1024])('an attachment of %d bytes comes back', async (size) => {
    const bytes = randomBytes(size);
    const attachment = { id: `a${size}`, contentType: 'image/png', bytes, createdAt: now };
    await insertAttachment(state, attachment);
    await insertAttachment(state, { ...attachment, bytes: Buffer.from('a retry changes nothing') });
    const found = await findAttachment(state, attachment.id);
    expect(found?.bytes).toBeInstanceOf(Buffer);
    expect(found?.bytes.equals(bytes)).toBe(true);
    expect(found).toMatchObject({ contentType: 'image/png', createdAt: now });
    expect(found?.sha256).toMatch(/^[0-9a-f]{64}$/);
    await deleteAttachmentsBefore(state, now + 1);
    expect(await findAttachment(state, attachment.id)).toBeUndefined();
  });

  it('a delivery is new once for each source, even for many at once', async () => {
    const delivery = { source: 'github', deliveryId: odd, at: now };
    const seen = await Promise.all(Array.from({ length: 8 }, () => recordDelivery(state, delivery)));
    expect(seen.filter(Boolean)).toHaveLength(1);
    expect(await recordDelivery(state, { ...delivery, source: 'gitlab' })).toBe(true);
    await forgetDelivery(state, 'github', odd);
    expect(await recordDelivery(state, delivery)).toBe(true);
    await deleteDeliveriesBefore(state, now + 1);
    expect(await recordDelivery(state, delivery)).toBe(true);
  });

  it('a failed transaction leaves nothing', async () => {
    const failed = state.transaction().execute(async (trx) => {
      await accounts.insertUser(trx, user('a'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await accounts.findUser(state, 'a')).toBeUndefined();
  });

  it('a lock is held until the transaction ends', async () => {
    const order: string[] = [];
    const hold = (name: string): Promise<void> =>
      state.transaction().execute(async (trx) => {
        await lockFor(trx, 'test');
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push(`${name} out`);
      });
    await Promise.all([hold('a'), hold('b')]);
    expect(order.map((entry) => entry.split(' ')[1])).toEqual(['in', 'out', 'in', 'out']);
  });
});
