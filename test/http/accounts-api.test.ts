import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGate, type Gate } from '../support/http.js';
import { Browser } from '../support/http-browser.js';

let gate: Gate;
let browser: Browser;
let ownId: string;
const admin = { email: 'ada@example.com', role: 'admin' as const, password: 'long enough password' };

beforeEach(async () => {
  gate = await openGate();
  ownId = (await gate.accounts.users.create(admin, 'test')).id;
  gate.clock.advance(1);
  browser = new Browser(gate.http.app);
  await browser.post('/api/login', { email: admin.email, password: admin.password }).expect(200);
});
afterEach(() => gate.stop());

describe('users', () => {
  const bob = { email: 'Bob@Example.com', name: 'Bob 😀', role: 'responder', password: 'long enough too' };

  it('are made, listed, changed and removed', async () => {
    const created = await browser.post('/api/users', bob).expect(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      email: 'bob@example.com',
      name: 'Bob 😀',
      role: 'responder',
      disabled: false,
      createdAt: '2026-11-22T10:00:00.001Z',
      lastLoginAt: null,
    });
    const path = `/api/users/${created.body.id}`;
    expect((await browser.patch(path, { role: 'viewer', name: 'Bob' }).expect(200)).body).toMatchObject({
      role: 'viewer',
      name: 'Bob',
    });
    const list = await browser.get('/api/users').expect(200);
    expect(list.body.items.map(({ email }: { email: string }) => email)).toEqual([
      'ada@example.com',
      'bob@example.com',
    ]);
    expect(JSON.stringify(list.body)).not.toMatch(/scrypt|password/);
    await browser.delete(path).expect(204);
    await browser.delete(path).expect(404);
    await browser.patch(path, { name: 'x' }).expect(404);
  });

  it('an address is given once, in whatever case', async () => {
    await browser.post('/api/users', bob).expect(201);
    const again = await browser.post('/api/users', { ...bob, email: 'BOB@example.com' }).expect(409);
    expect(again.body).toMatchObject({ code: 'conflict', at: 'email' });
  });

  it('the last admin stays', async () => {
    const own = `/api/users/${ownId}`;
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      const { body } = await browser.patch(own, change).expect(409);
      expect(body.detail).toBe('This is the last admin: make somebody else an admin first.');
    }
    await browser.delete(own).expect(409);
    await browser.get('/api/me').expect(200);
  });

  it('of two admins who demote each other at once, one stays', async () => {
    const other = await gate.accounts.users.create({ ...admin, email: 'eve@example.com' }, 'test');
    const outcomes = await Promise.allSettled([
      gate.accounts.users.change(ownId, { role: 'viewer' }, 'test'),
      gate.accounts.users.change(other.id, { disabled: true }, 'test'),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('somebody who was removed is out', async () => {
    const { body } = await browser.post('/api/users', bob).expect(201);
    const theirs = new Browser(gate.http.app);
    await theirs.post('/api/login', { email: bob.email, password: bob.password }).expect(200);
    const ended: string[] = [];
    gate.accounts.sessions.onEnd((ids) => ended.push(...ids));
    await browser.delete(`/api/users/${body.id}`).expect(204);
    await theirs.get('/api/me').expect(401);
    expect(ended).toHaveLength(1);
  });

  it('a viewer sees who is there and changes nobody', async () => {
    await gate.accounts.users.create({ ...admin, email: 'vera@example.com', role: 'viewer' }, 'test');
    const viewer = new Browser(gate.http.app);
    await viewer.post('/api/login', { email: 'vera@example.com', password: admin.password }).expect(200);
    await viewer.get('/api/users').expect(200);
    await viewer.post('/api/users', bob).expect(403);
    await viewer.patch(`/api/users/${ownId}`, { role: 'viewer' }).expect(403);
    await viewer.delete(`/api/users/${ownId}`).expect(403);
    await viewer.get('/api/keys').expect(403);
    await viewer.get('/api/audit').expect(403);
    await viewer.patch('/api/me', { role: 'admin' }).expect(400);
    expect((await viewer.patch('/api/me', { name: 'Vera' }).expect(200)).body.user.name).toBe('Vera');
  });

  it.each([
    [{ ...bob, role: 'owner' }, 'role'],
    [{ ...bob, email: 'no address' }, 'email'],
    [{ ...bob, password: 'short' }, 'password'],
    [{ ...bob, id: 'chosen' }, ''],
    [{}, 'email'],
  ])('refuses %j', async (input, at) => {
    const { body } = await browser.post('/api/users', input).expect(400);
    expect(body.at).toBe(at);
  });
});

describe('keys', () => {
  it('are shown once, listed, revoked', async () => {
    const created = await browser
      .post('/api/keys', { name: 'CI', scope: 'api', role: 'responder' })
      .expect(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      name: 'CI',
      scope: 'api',
      role: 'responder',
      hint: created.body.key.slice(0, 14),
      createdAt: '2026-11-22T10:00:00.001Z',
      createdBy: 'ada@example.com',
      lastUsedAt: null,
      revokedAt: null,
      key: expect.stringMatching(/^lemni_api_[\w-]{43}$/),
    });
    await browser.post('/api/keys', { name: 'app', scope: 'ingest' }).expect(201);
    const list = await browser.get('/api/keys').expect(200);
    expect(list.body.items).toHaveLength(2);
    expect(JSON.stringify(list.body)).not.toContain(created.body.key);
    const path = `/api/keys/${created.body.id}`;
    await browser.delete(path).expect(204);
    await browser.delete(path).expect(204);
    await browser.delete('/api/keys/none').expect(404);
    const after = (await browser.get('/api/keys')).body.items as { id: string; revokedAt: string | null }[];
    expect(after.find(({ id }) => id === created.body.id)?.revokedAt).toBe('2026-11-22T10:00:00.001Z');
  });
});

describe('the audit log', () => {
  it('has every deed, with who and what, and no secret', async () => {
    const step = (): void => gate.clock.advance(1);
    step();
    const { body: bob } = await browser
      .post('/api/users', { email: 'bob@example.com', role: 'viewer', password: 'long enough too' })
      .expect(201);
    step();
    await browser.patch(`/api/users/${bob.id}`, { role: 'responder', password: 'even longer password' });
    step();
    await browser.delete(`/api/users/${bob.id}`);
    step();
    const { body: key } = await browser.post('/api/keys', { name: 'CI', scope: 'api', role: 'admin' });
    step();
    await browser.delete(`/api/keys/${key.id}`);
    const { body } = await browser.get('/api/audit').expect(200);
    const told = body.items.map(({ actor, action, target }: Record<string, string>) => [
      actor,
      action,
      target,
    ]);
    expect(told.reverse()).toEqual([
      ['test', 'user.created', 'ada@example.com'],
      ['ada@example.com', 'session.started', 'ada@example.com'],
      ['ada@example.com', 'user.created', 'bob@example.com'],
      ['ada@example.com', 'user.changed', 'bob@example.com'],
      ['ada@example.com', 'user.removed', 'bob@example.com'],
      ['ada@example.com', 'key.created', 'CI'],
      ['ada@example.com', 'key.revoked', 'CI'],
    ]);
    expect(JSON.stringify(body)).not.toMatch(/scrypt|longer/);
    expect(JSON.stringify(body)).not.toContain(key.key);
  });

  it('is paged', async () => {
    for (let i = 0; i < 4; i++) {
      gate.clock.advance(1);
      await gate.accounts.keys.create({ name: `k${i}`, scope: 'ingest', by: 'test' });
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await browser.get(`/api/audit?limit=2${query}`).expect(200);
      seen.push(...body.items.map(({ target }: { target: string }) => target));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.slice(0, 4)).toEqual(['k3', 'k2', 'k1', 'k0']);
    await browser.get('/api/audit?limit=0').expect(400);
    await browser.get('/api/audit?limit=100000').expect(400);
  });
});
