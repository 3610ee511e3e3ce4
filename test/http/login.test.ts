import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { openGate, type Gate, type GateOptions } from '../support/http.js';
import { Browser } from '../support/http-browser.js';

let gate: Gate;
async function open(options?: GateOptions): Promise<Gate> {
  gate = await openGate(options);
  return gate;
}
afterEach(() => gate.stop());

const admin = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };
const local = { Host: 'localhost:4318' };

function linkToken(url: string): string {
  return new URL(url).searchParams.get('token') ?? '';
}

/** A first account, made the way a person makes it. */
async function firstAccount(headers: Record<string, string> = {}): Promise<Browser> {
  const browser = new Browser(gate.http.app, headers);
  const { url } = await gate.accounts.logins.createLink('http://localhost:4318');
  await browser.post('/api/login/link', { token: linkToken(url) }).expect(200);
  await browser.post('/api/account', admin).expect(200);
  return browser;
}

async function logIn(email: string, password: string): Promise<Browser> {
  const browser = new Browser(gate.http.app);
  await browser.post('/api/login', { email, password }).expect(200);
  return browser;
}

describe('the first login', () => {
  it('goes by a link, once, and asks for an account', async () => {
    await open();
    expect(await gate.accounts.logins.hasAccounts()).toBe(false);
    const browser = new Browser(gate.http.app);
    const { url, expiresAt } = await gate.accounts.logins.createLink('http://localhost:4318/');
    expect(url).toMatch(/^http:\/\/localhost:4318\/login\?token=[\w-]{43}$/);
    expect(expiresAt).toBe(gate.clock.now() + 3_600_000);
    const token = linkToken(url);
    const first = await browser.post('/api/login/link', { token }).expect(200);
    expect(first.body).toMatchObject({ needsAccount: true, user: { role: 'admin' } });
    const second = await new Browser(gate.http.app).post('/api/login/link', { token }).expect(401);
    expect(second.body.detail).toMatch(/used before/);
    const account = await browser.post('/api/account', admin).expect(200);
    expect(account.body).toMatchObject({ needsAccount: false, user: { email: admin.email, name: 'Ada' } });
    expect(await gate.accounts.logins.hasAccounts()).toBe(true);
    expect((await browser.get('/api/me').expect(200)).body.user.email).toBe(admin.email);
    await browser.post('/api/account', admin).expect(409);
  });

  it('not after an hour', async () => {
    await open();
    const { url } = await gate.accounts.logins.createLink('http://x');
    gate.clock.advance(3_600_000);
    await new Browser(gate.http.app).post('/api/login/link', { token: linkToken(url) }).expect(401);
  });

  it('two links make one admin, and the account makes the rest of them worthless', async () => {
    await open();
    const links = await Promise.all([1, 2, 3].map(() => gate.accounts.logins.createLink('http://x')));
    const [one, two, three] = links.map(({ url }) => ({ token: linkToken(url) }));
    const browsers = [new Browser(gate.http.app), new Browser(gate.http.app)] as const;
    await Promise.all([
      browsers[0].post('/api/login/link', one ?? {}).expect(200),
      browsers[1].post('/api/login/link', two ?? {}).expect(200),
    ]);
    expect(await gate.accounts.users.list()).toHaveLength(1);
    await browsers[0].post('/api/account', admin).expect(200);
    await browsers[1].get('/api/me').expect(401);
    await new Browser(gate.http.app).post('/api/login/link', three ?? {}).expect(401);
  });

  it('a link for somebody who forgot the password lets them choose a new one', async () => {
    await open();
    await firstAccount();
    const { url } = await gate.accounts.logins.createLink('http://x', 'ADA@example.com');
    const browser = new Browser(gate.http.app);
    const me = await browser.post('/api/login/link', { token: linkToken(url) }).expect(200);
    expect(me.body.needsAccount).toBe(false);
    await browser.patch('/api/me', { password: 'another long password' }).expect(200);
    await logIn(admin.email, 'another long password');
    await expect(gate.accounts.logins.createLink('http://x', 'nobody@example.com')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it.each([
    ['a short password', { ...admin, password: 'short' }, 'password'],
    ['no address', { ...admin, email: 'ada' }, 'email'],
    ['a role that nobody asked for', { ...admin, role: 'admin' }, ''],
  ])('refuses %s', async (_name, input, at) => {
    await open();
    const browser = new Browser(gate.http.app);
    const { url } = await gate.accounts.logins.createLink('http://x');
    await browser.post('/api/login/link', { token: linkToken(url) });
    const { body } = await browser.post('/api/account', input).expect(400);
    expect(body).toMatchObject({ code: 'bad_request', at });
  });
});

describe('the cookie', () => {
  it('is for this host over HTTP', async () => {
    await open();
    const browser = await firstAccount();
    expect(browser.lastSetCookie).toMatch(
      /^lemni_session=[\w-]{43}; Max-Age=1209600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
  });

  it('is bound to the host over HTTPS', async () => {
    await open({ rules: { publicUrl: 'https://lemni.example.com' } });
    const browser = await firstAccount({ Host: 'lemni.example.com' });
    expect(browser.lastSetCookie).toMatch(
      /^__Host-lemni_session=[\w-]{43}; Max-Age=1209600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
    const { headers } = await browser.get('/api/me').expect(200);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('goes at the logout, and is worth nothing afterwards', async () => {
    await open();
    await firstAccount();
    const browser = await logIn(admin.email, admin.password);
    const { cookie } = browser;
    await browser.post('/api/logout', {}).expect(204);
    expect(browser.lastSetCookie).toMatch(/^lemni_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
    await request(gate.http.app).get('/api/me').set(local).set('Cookie', cookie).expect(401);
  });

  it('a login takes no session that was there before (fixation), and ends it', async () => {
    await open();
    await firstAccount();
    const browser = new Browser(gate.http.app);
    browser.cookie = 'lemni_session=chosen-by-somebody-else';
    await browser.post('/api/login', { email: admin.email, password: admin.password }).expect(200);
    expect(browser.cookie).not.toContain('chosen-by-somebody-else');
    const first = browser.cookie;
    await browser.post('/api/login', { email: admin.email, password: admin.password }).expect(200);
    expect(browser.cookie).not.toBe(first);
    await request(gate.http.app).get('/api/me').set(local).set('Cookie', first).expect(401);
  });

  it('lasts as long as it is used', async () => {
    await open();
    const browser = await firstAccount();
    const day = 86_400_000;
    gate.clock.advance(13 * day);
    const before = browser.lastSetCookie;
    await browser.get('/api/me').expect(200);
    expect(browser.lastSetCookie).not.toBe('');
    expect(before).toContain(browser.cookie);
    gate.clock.advance(13 * day);
    await browser.get('/api/me').expect(200);
    gate.clock.advance(15 * day);
    await browser.get('/api/me').expect(401);
  });

  it('the database has no token in it', async () => {
    await open();
    const browser = await firstAccount();
    const token = browser.cookie.split('=')[1] ?? '';
    expect(token).toHaveLength(43);
    const rows = JSON.stringify([
      await gate.state.selectFrom('sessions').selectAll().execute(),
      await gate.state.selectFrom('login_tokens').selectAll().execute(),
      await gate.state.selectFrom('audit_log').selectAll().execute(),
      gate.logged,
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(admin.password);
  });
});

describe('passwords', () => {
  it('do not tell whether an account exists', async () => {
    await open();
    await firstAccount();
    const wrong = await new Browser(gate.http.app)
      .post('/api/login', { email: admin.email, password: 'wrong' })
      .expect(401);
    const unknown = await new Browser(gate.http.app)
      .post('/api/login', { email: 'nobody@example.com', password: 'wrong' })
      .expect(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(wrong.body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      code: 'unauthenticated',
      detail: 'The e-mail address or the password is wrong.',
    });
  });

  it('are not taken from the disabled, nor from those without one', async () => {
    await open();
    const browser = await firstAccount();
    const input = { email: 'bob@example.com', role: 'viewer', password: 'long enough password' };
    const { body } = await browser.post('/api/users', input).expect(201);
    await logIn(input.email, input.password);
    await browser.patch(`/api/users/${body.id}`, { disabled: true }).expect(200);
    await new Browser(gate.http.app).post('/api/login', input).expect(400);
    const { email, password } = input;
    await new Browser(gate.http.app).post('/api/login', { email, password }).expect(401);
  });

  it('changed: every other session ends', async () => {
    await open();
    const browser = await firstAccount();
    const other = await logIn(admin.email, admin.password);
    const password = 'a new long password';
    await browser.patch('/api/me', { password }).expect(400);
    const wrong = await browser.patch('/api/me', { password, currentPassword: 'no' }).expect(403);
    expect(wrong.body.at).toBe('currentPassword');
    await browser.patch('/api/me', { password, currentPassword: admin.password }).expect(200);
    await browser.get('/api/me').expect(200);
    await other.get('/api/me').expect(401);
    await logIn(admin.email, password);
  });

  it('an admin cannot change their own by the side door', async () => {
    await open();
    const browser = await firstAccount();
    const { body } = await browser.get('/api/me');
    await browser.patch(`/api/users/${body.user.id}`, { password: 'a new long password' }).expect(400);
  });

  it('are hashed again at the next login when the costs have grown', async () => {
    await open();
    await firstAccount();
    const old = '$scrypt$ln=2,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$';
    const { scryptSync } = await import('node:crypto');
    const hash = scryptSync('old password', Buffer.alloc(16), 32, { N: 4, r: 8, p: 1 }).toString('base64');
    await gate.state
      .updateTable('users')
      .set({ password_hash: old + hash.replace('=', '') })
      .execute();
    await logIn(admin.email, 'old password');
    const { password_hash } = await gate.state
      .selectFrom('users')
      .select('password_hash')
      .executeTakeFirstOrThrow();
    expect(password_hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/);
    await logIn(admin.email, 'old password');
  });
});

describe('rate limits', () => {
  const limits = {
    perAddress: { max: 6, windowMs: 60_000 },
    perAccount: { max: 3, windowMs: 60_000 },
  };

  it('an account, from whatever address', async () => {
    await open({ loginLimits: limits });
    await firstAccount();
    const browser = new Browser(gate.http.app);
    const wrong = { email: admin.email, password: 'wrong' };
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => new Browser(gate.http.app).post('/api/login', wrong)),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429]);
    const right = { email: 'ADA@example.com', password: admin.password };
    const limited = await browser.post('/api/login', right).expect(429);
    expect(limited.body.code).toBe('rate_limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    gate.clock.advance(60_000);
    await browser.post('/api/login', right).expect(200);
    for (let i = 0; i < 10; i++) await browser.post('/api/login', right).expect(200);
  });

  it('an address, for whatever account and link', async () => {
    await open({ loginLimits: limits });
    const tries: number[] = [];
    for (let i = 0; i < 5; i++) {
      const { status } = await new Browser(gate.http.app).post('/api/login', {
        email: `u${i}@example.com`,
        password: 'wrong',
      });
      tries.push(status);
    }
    for (let i = 0; i < 3; i++) {
      tries.push((await new Browser(gate.http.app).post('/api/login/link', { token: 'guess' })).status);
    }
    expect(tries).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
  });

  it('a forged X-Forwarded-For is no other address, unless the proxy is trusted', async () => {
    await open({ loginLimits: limits });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const browser = new Browser(gate.http.app, { 'X-Forwarded-For': `203.0.113.${i}` });
      statuses.push((await browser.post('/api/login', { email: `u${i}@x.de`, password: 'x' })).status);
    }
    expect(statuses.slice(6)).toEqual([429, 429]);
    await gate.stop();
    await open({ loginLimits: limits, trustedProxies: ['loopback'] });
    for (let i = 0; i < 8; i++) {
      const browser = new Browser(gate.http.app, { 'X-Forwarded-For': `203.0.113.${i}` });
      await browser.post('/api/login', { email: `u${i}@x.de`, password: 'x' }).expect(401);
    }
  });
});

describe('what another site sends', () => {
  it.each([
    ['no CSRF token', {}, false],
    ['another CSRF token', {}, 'x'.repeat(43)],
    ['another origin', { Origin: 'https://evil.example' }, true],
    ['an opaque origin', { Origin: 'null' }, true],
    ['another port', { Origin: 'http://localhost:3000' }, true],
    ['no origin, but the browser tells', { 'Sec-Fetch-Site': 'cross-site' }, true],
    ['a sister site', { 'Sec-Fetch-Site': 'same-site' }, true],
  ])('is not carried out: %s', async (_name, headers, token) => {
    await open();
    const browser = await firstAccount();
    const test = request(gate.http.app)
      .post('/api/keys')
      .set(local)
      .set(headers)
      .set('Cookie', browser.cookie);
    if (token !== false) void test.set('X-CSRF-Token', token === true ? browser.csrfToken : token);
    const { body } = await test.send({ name: 'stolen', scope: 'api', role: 'admin' }).expect(403);
    expect(body.code).toBe('forbidden');
    expect(await gate.accounts.keys.list()).toEqual([]);
  });

  it('the own page is served, by any name it has', async () => {
    await open({ rules: { publicUrl: 'https://lemni.example.com' } });
    const browser = await firstAccount({ Host: 'lemni.example.com', Origin: 'https://lemni.example.com' });
    await browser.post('/api/keys', { name: 'k', scope: 'ingest' }).expect(201);
  });

  it('cannot log a victim in as somebody else', async () => {
    await open();
    await firstAccount();
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
      await new Browser(gate.http.app, headers)
        .post('/api/login', { email: admin.email, password: admin.password })
        .expect(403);
    }
    const form = await request(gate.http.app)
      .post('/api/login')
      .set(local)
      .type('form')
      .send({ email: admin.email, password: admin.password })
      .expect(400);
    expect(form.headers['set-cookie']).toBeUndefined();
  });
});

describe('odd bodies', () => {
  it.each([
    ['cut off', '{"email": "a', 400],
    ['an array', '[]', 400],
    ['null', 'null', 400],
    ['numbers', '{"email": 1, "password": 2}', 400],
    ['huge', JSON.stringify({ email: 'a', password: 'x'.repeat(100_000) }), 413],
    ['a long password', JSON.stringify({ email: 'a@b.de', password: 'x'.repeat(2000) }), 400],
    ['a prototype', '{"__proto__": {"x": 1}, "email": "a@b.de", "password": "x"}', 400],
  ])('%s', async (_name, body, status) => {
    await open();
    const answer = await request(gate.http.app)
      .post('/api/login')
      .set(local)
      .set('Content-Type', 'application/json')
      .send(body);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'about:blank', status });
    expect(JSON.stringify(answer.body)).not.toContain('xxxx');
  });
});
