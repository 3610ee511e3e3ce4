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

/** A first account, made the way a person makes it. */
async function firstAccount(): Promise<Browser> {
  const browser = new Browser(gate.http.app);
  const { url } = await gate.accounts.logins.createLink('http://localhost:4318');
  const token = new URL(url).searchParams.get('token');
  await browser.post('/api/login/link', { token }).expect(200);
  await browser.post('/api/account', admin).expect(200);
  return browser;
}

describe('the first login', () => {
  it('goes by a link, once, and asks for an account', async () => {
    await open();
    expect(await gate.accounts.logins.hasAccounts()).toBe(false);
    const browser = new Browser(gate.http.app);
    const { url } = await gate.accounts.logins.createLink('http://localhost:4318/');
    expect(url).toMatch(/^http:\/\/localhost:4318\/login\?token=[\w-]{43}$/);
    const token = new URL(url).searchParams.get('token');
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
});

describe('sessions', () => {
  it('cookie flags', async () => {
    await open();
    const browser = await firstAccount();
    expect(browser.lastSetCookie).toMatch(/^lemni_session=[\w-]{43}; Max-Age=1209600; Path=\/;/);
    expect(browser.lastSetCookie).toMatch(/HttpOnly/);
    expect(browser.lastSetCookie).toMatch(/SameSite=Strict/);
    expect(browser.lastSetCookie).not.toMatch(/Secure/);
  });

  it('logs in and out', async () => {
    await open();
    await firstAccount();
    const browser = new Browser(gate.http.app);
    await browser.post('/api/login', { email: 'ADA@example.com', password: admin.password }).expect(200);
    await browser.get('/api/me').expect(200);
    const cookie = browser.cookie;
    await browser.post('/api/logout', {}).expect(204);
    await request(gate.http.app).get('/api/me').set('Host', 'localhost').set('Cookie', cookie).expect(401);
  });
});
