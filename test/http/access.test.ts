import { Router, type RequestHandler } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { principalOf } from '../../src/http/access.js';
import type { KeyScope, Role } from '../../src/http/contract/accounts.js';
import { corsFor } from '../../src/http/cors.js';
import type { AccessControl } from '../../src/http/create-access.js';
import { openGate, type Gate, type GateOptions } from '../support/http.js';
import { Browser } from '../support/http-browser.js';

let gate: Gate;
afterEach(() => gate.stop());

function routes(access: AccessControl): readonly RequestHandler[] {
  const router = Router();
  const answer: RequestHandler = (_request, response) => {
    response.json(principalOf(response));
  };
  for (const role of ['viewer', 'responder', 'admin'] as const) {
    router.all(`/api/test/${role}`, access.role(role), answer);
  }
  router.all('/api/test/person', access.person('viewer'), answer);
  router.all('/v1/ingest', corsFor(['https://shop.example']), access.key('ingest'), answer);
  router.all('/v1/public', corsFor(['https://shop.example']), access.key('public'), answer);
  router.all('/v1/either', access.key('ingest', 'api'), answer);
  router.all('/v1/api', access.key('api'), answer);
  return [router];
}

async function open(options: GateOptions = {}): Promise<void> {
  gate = await openGate({ routes, ...options });
}

/** Lemni listens on all addresses: no neighbour without a key. */
const outside = { rules: { host: '0.0.0.0', allowedOrigins: ['https://shop.example'] } };
const local = { Host: 'localhost:4318' };

async function key(scope: KeyScope, role?: Role): Promise<string> {
  return (await gate.accounts.keys.create({ name: `${scope} key`, scope, role, by: 'test' })).key;
}

async function person(role: Role): Promise<Browser> {
  const email = `${role}@example.com`;
  const password = 'long enough password';
  await gate.accounts.users.create({ email, role, password }, 'test');
  const browser = new Browser(gate.http.app);
  await browser.post('/api/login', { email, password }).expect(200);
  return browser;
}

describe('roles', () => {
  const order: readonly Role[] = ['viewer', 'responder', 'admin'];
  const matrix = order.flatMap((has) => order.map((needs) => [has, needs] as const));

  it.each(matrix)('a person who is %s at a door for %s', async (has, needs) => {
    await open();
    const browser = await person(has);
    const status = order.indexOf(has) >= order.indexOf(needs) ? 200 : 403;
    const { body } = await browser.get(`/api/test/${needs}`).expect(status);
    if (status === 200) expect(body).toMatchObject({ kind: 'user', role: has, name: `${has}@example.com` });
    else expect(body.detail).toBe(`This needs the role ${needs}; yours is ${has}.`);
    await browser.post(`/api/test/${needs}`, {}).expect(status);
  });

  it.each(matrix)('an api key with the role %s at a door for %s', async (has, needs) => {
    await open();
    const bearer = `Bearer ${await key('api', has)}`;
    const status = order.indexOf(has) >= order.indexOf(needs) ? 200 : 403;
    for (const method of ['get', 'post', 'delete'] as const) {
      await request(gate.http.app)
        [method](`/api/test/${needs}`)
        .set({ ...local, Authorization: bearer })
        .expect(status);
    }
  });

  it('a key without a role is a viewer', async () => {
    await open();
    const Authorization = `Bearer ${await key('api')}`;
    const { body } = await request(gate.http.app)
      .get('/api/test/viewer')
      .set({ ...local, Authorization })
      .expect(200);
    expect(body).toMatchObject({ kind: 'key', scope: 'api', role: 'viewer', name: 'api key' });
  });

  it.each(['ingest', 'public'] as const)(
    'a key of scope %s never reads, whatever role it claims',
    async (scope) => {
      await open();
      const Authorization = `Bearer ${await key(scope, 'admin')}`;
      for (const path of ['/api/test/viewer', '/api/users', '/api/keys', '/api/audit']) {
        const { body } = await request(gate.http.app)
          .get(path)
          .set({ ...local, Authorization })
          .expect(403);
        expect(body.detail).toContain('can only send');
      }
    },
  );

  it('no key is a person', async () => {
    await open();
    const Authorization = `Bearer ${await key('api', 'admin')}`;
    await request(gate.http.app)
      .get('/api/me')
      .set({ ...local, Authorization })
      .expect(401);
    await request(gate.http.app)
      .get('/api/test/person')
      .set({ ...local, Authorization })
      .expect(401);
  });

  it('nobody, on loopback too, reads without a login', async () => {
    await open();
    for (const path of ['/api/test/viewer', '/api/me', '/api/users', '/api/keys', '/api/audit']) {
      const answer = await request(gate.http.app).get(path).set(local).expect(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="lemni"');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it('a role that was taken away is gone at once', async () => {
    await open();
    const browser = await person('admin');
    await person('responder').then(() => undefined);
    const other = (await gate.accounts.users.list()).find(({ role }) => role === 'responder');
    await gate.accounts.users.change(other?.id ?? '', { role: 'admin' }, 'test');
    const own = (await gate.accounts.users.list()).find(({ email }) => email === 'admin@example.com');
    await gate.accounts.users.change(own?.id ?? '', { role: 'viewer' }, 'test');
    await browser.get('/api/test/admin').expect(401);
  });
});

describe('keys', () => {
  const forms: readonly [string, (key: string) => Record<string, string>][] = [
    ['Bearer', (k) => ({ Authorization: `Bearer ${k}` })],
    ['bearer in lower case', (k) => ({ Authorization: `bearer   ${k}` })],
    ['bare', (k) => ({ Authorization: k })],
    ['X-Api-Key', (k) => ({ 'X-Api-Key': k })],
    ['Basic password', (k) => ({ Authorization: `Basic ${Buffer.from(`lemni:${k}`).toString('base64')}` })],
  ];
  it.each(forms)('are taken as %s', async (_name, form) => {
    await open(outside);
    const { body } = await request(gate.http.app)
      .post('/v1/ingest')
      .set(form(await key('ingest')))
      .expect(200);
    expect(body).toMatchObject({ kind: 'key', scope: 'ingest' });
  });

  it.each([
    ['unknown', 'Bearer lemni_ingest_nobody'],
    ['empty', 'Bearer '],
    ['a scheme that is no key', 'Digest username="x"'],
    ['very long', `Bearer ${'x'.repeat(8000)}`],
    ['broken Basic', 'Basic !!!'],
    ['a known key with one letter changed', 'changed'],
  ])('are refused: %s', async (_name, shown) => {
    // On loopback: a wrong key is not taken for no key.
    await open();
    const good = await key('ingest');
    const last = good.at(-1) === 'A' ? 'B' : 'A';
    const Authorization = shown === 'changed' ? `Bearer ${good.slice(0, -1)}${last}` : shown;
    for (const path of ['/v1/ingest', '/api/test/viewer']) {
      const { body } = await request(gate.http.app)
        .post(path)
        .set({ ...local, Authorization })
        .expect(401);
      expect(body.code).toBe('unauthenticated');
    }
  });

  it.each([
    ['ingest', '/v1/public', 403],
    ['public', '/v1/ingest', 403],
    ['api', '/v1/ingest', 403],
    ['api', '/v1/either', 200],
    ['ingest', '/v1/either', 200],
    ['public', '/v1/either', 403],
    ['ingest', '/v1/api', 403],
  ] as const)('of scope %s at %s: %d', async (scope, path, status) => {
    await open(outside);
    const Authorization = `Bearer ${await key(scope, 'admin')}`;
    const { body } = await request(gate.http.app).post(path).set({ Authorization }).expect(status);
    if (status === 403) expect(body.detail).toContain(`a key of scope ${scope}; here one of scope`);
  });

  it('revoked: at once here, soon elsewhere, and never again', async () => {
    await open(outside);
    const shown = await key('ingest');
    const send = () => request(gate.http.app).post('/v1/ingest').set('X-Api-Key', shown);
    await send().expect(200);
    const [row] = await gate.accounts.keys.list();
    await gate.accounts.keys.revoke(row?.id ?? '', 'test');
    await send().expect(401);
    // In another process only the database changes.
    const other = await gate.accounts.keys.create({ name: 'other', scope: 'ingest', by: 'test' });
    const sendOther = () => request(gate.http.app).post('/v1/ingest').set('X-Api-Key', other.key);
    await sendOther().expect(200);
    await gate.state.updateTable('keys').set({ revoked_at: 1 }).where('id', '=', other.row.id).execute();
    gate.clock.advance(15_001);
    await sendOther().expect(401);
  });

  it('go on for a while when the state database is away', async () => {
    await open(outside);
    const shown = await key('ingest');
    await request(gate.http.app).post('/v1/ingest').set('X-Api-Key', shown).expect(200);
    const { Unavailable } = await import('../../src/lib/errors.js');
    const { Keys } = await import('../../src/http/accounts/keys.js');
    const gone = () => Promise.reject(new Unavailable('store_unavailable', 'away'));
    let away = false;
    const state = new Proxy(gate.state, {
      get: (target, name) => {
        if (away && name === 'selectFrom') {
          return () => ({
            selectAll: () => ({ where: () => ({ where: () => ({ executeTakeFirst: gone }) }) }),
          });
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const keys = new Keys({
      state,
      clock: gate.clock,
      newId: () => 'id',
      log: { debug: () => undefined } as never,
    });
    expect(await keys.find(shown)).toMatchObject({ scope: 'ingest' });
    away = true;
    gate.clock.advance(10 * 60_000);
    expect(await keys.find(shown)).toMatchObject({ scope: 'ingest' });
    await expect(keys.find('lemni_ingest_unknown')).rejects.toMatchObject({ code: 'store_unavailable' });
    gate.clock.advance(10 * 60_000);
    await expect(keys.find(shown)).rejects.toMatchObject({ code: 'store_unavailable' });
    await keys.stop();
  });

  it('their last use is noted, at most once a minute', async () => {
    await open(outside);
    const shown = await key('ingest');
    const send = () => request(gate.http.app).post('/v1/ingest').set('X-Api-Key', shown).expect(200);
    const used = async () => {
      await gate.accounts.keys.stop();
      return (await gate.accounts.keys.list())[0]?.last_used_at;
    };
    await send();
    const first = gate.clock.now();
    expect(await used()).toBe(first);
    gate.clock.advance(59_000);
    await send();
    expect(await used()).toBe(first);
    gate.clock.advance(1000);
    await send();
    expect(await used()).toBe(first + 60_000);
  });

  it('only their hashes are kept', async () => {
    await open();
    const shown = await key('api');
    expect(shown).toMatch(/^lemni_api_[\w-]{43}$/);
    const rows = JSON.stringify([
      await gate.state.selectFrom('keys').selectAll().execute(),
      await gate.state.selectFrom('audit_log').selectAll().execute(),
    ]);
    expect(rows).not.toContain(shown);
    expect(rows).toContain(shown.slice(0, 14));
  });
});

describe('neighbours without a key', () => {
  it('may send while Lemni listens on loopback', async () => {
    await open();
    for (const path of ['/v1/ingest', '/v1/public', '/v1/either']) {
      const { body } = await request(gate.http.app).post(path).set(local).expect(200);
      expect(body).toMatchObject({ kind: 'loopback' });
    }
    await request(gate.http.app).post('/v1/api').set(local).expect(401);
  });

  it('need one when Lemni listens elsewhere', async () => {
    await open(outside);
    const { body } = await request(gate.http.app).post('/v1/ingest').expect(401);
    expect(body.detail).toContain('lemni keys create --scope ingest');
  });

  const strangers: readonly [string, Record<string, string>, number][] = [
    ['through a proxy', { 'X-Forwarded-For': '203.0.113.7' }, 401],
    ['through a proxy (RFC 7239)', { Forwarded: 'for=203.0.113.7' }, 401],
    ['a page of another site', { Origin: 'https://evil.example' }, 403],
    ['a page of another port', { Origin: 'http://localhost:3000' }, 403],
    ['an opaque page', { Origin: 'null' }, 403],
    ['a page without Origin', { 'Sec-Fetch-Site': 'cross-site' }, 401],
    ['a page whose name was pointed here', { Host: 'rebound.example:4318' }, 403],
    ['the same with a matching Origin', { Host: 'rebound.example', Origin: 'http://rebound.example' }, 403],
  ];
  it.each(strangers)('are not: %s', async (_name, headers, status) => {
    await open();
    for (const method of ['get', 'post'] as const) {
      await request(gate.http.app)
        [method]('/v1/ingest')
        .set({ ...local, ...headers })
        .expect(status);
    }
  });

  it('the public name of a proxy in front is no neighbour', async () => {
    await open({ rules: { publicUrl: 'https://lemni.example.com' } });
    await request(gate.http.app).post('/v1/ingest').set('Host', 'lemni.example.com').expect(401);
    await request(gate.http.app).post('/v1/ingest').set(local).expect(200);
  });

  it('pages that are allowed, and the own one, may', async () => {
    await open({ rules: { allowedOrigins: ['https://shop.example'] } });
    await request(gate.http.app)
      .post('/v1/public')
      .set({ ...local, Origin: 'https://shop.example' })
      .expect(200);
    await request(gate.http.app)
      .post('/v1/public')
      .set({ ...local, Origin: 'http://localhost:4318' })
      .expect(200);
  });
});

describe('the name in Host', () => {
  it.each([
    ['localhost', 200],
    ['localhost:4318', 200],
    ['LOCALHOST:4318', 200],
    ['127.0.0.1:4318', 200],
    ['127.1.2.3', 200],
    ['[::1]:4318', 200],
    ['lemni.localhost:4318', 200],
    ['host.docker.internal:4318', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.nip.io', 403],
    ['192.168.1.10:4318', 403],
    ['notlocalhost', 403],
    ['', 403],
  ])('"%s": %d', async (host, status) => {
    await open();
    await request(gate.http.app).post('/v1/ingest').set('Host', host).expect(status);
  });

  it('may be anything when Lemni does not listen on loopback', async () => {
    await open(outside);
    const Authorization = await key('ingest');
    await request(gate.http.app).post('/v1/ingest').set({ Host: 'monitor.lan', Authorization }).expect(200);
  });

  it('may be that of publicUrl', async () => {
    await open({ rules: { publicUrl: 'https://lemni.example.com' } });
    await request(gate.http.app).get('/api/me').set('Host', 'lemni.example.com').expect(401);
    await request(gate.http.app).get('/api/me').set('Host', 'other.example.com').expect(403);
  });
});

describe('pages of other origins', () => {
  const shop = 'https://shop.example';

  it('that are allowed may ask and send, without cookies', async () => {
    await open(outside);
    const preflight = await request(gate.http.app)
      .options('/v1/public')
      .set({ Origin: shop, 'Access-Control-Request-Method': 'POST' })
      .expect(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-max-age': '600',
    });
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    expect(preflight.headers['vary']).toContain('Origin');
    const Authorization = await key('public');
    const { headers } = await request(gate.http.app)
      .post('/v1/public')
      .set({ Origin: shop, Authorization })
      .expect(200);
    expect(headers['access-control-allow-origin']).toBe(shop);
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
  });

  it('that are not allowed may not, though they have the public key', async () => {
    await open(outside);
    const Origin = 'https://copycat.example';
    const preflight = await request(gate.http.app).options('/v1/public').set({ Origin }).expect(403);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    expect(preflight.body.detail).toContain('ingest.allowedOrigins');
    const Authorization = await key('public');
    const { headers } = await request(gate.http.app)
      .post('/v1/public')
      .set({ Origin, Authorization })
      .expect(403);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
