import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { BadInput, Bug, Unavailable } from '../../src/lib/errors.js';
import { newUlid } from '../../src/lib/ids.js';
import { createHttp, type Http } from '../../src/http/server.js';
import { measureRequests } from '../../src/http/metrics.js';
import { openGate, type Gate, type GateOptions } from '../support/http.js';

let gate: Gate;
let stops: (() => Promise<void> | void)[] = [];
async function open(options: GateOptions = {}): Promise<Gate> {
  gate = await openGate(options);
  stops.push(gate.stop);
  return gate;
}
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});
const local = { Host: 'localhost:4318' };

function throwing(error: unknown): GateOptions {
  const router = Router();
  router.get('/api/fails', () => {
    throw error;
  });
  router.get('/api/fails/later', async () => {
    await Promise.resolve();
    throw error;
  });
  router.get('/api/fails/midway', (_request, response) => {
    response.write('{"items": [');
    throw error;
  });
  router.post('/api/json', express.json({ limit: 100 }), (request, response) => {
    response.json(request.body ?? null);
  });
  router.get('/api/items/:id', (request, response) => {
    response.json(request.params);
  });
  return { routes: () => [router] };
}

describe('errors', () => {
  const cases: readonly [string, unknown, number, string, Record<string, string>][] = [
    ['bad_request', new BadInput('bad_request', 'No.', { at: 'a.b' }), 400, 'Bad Request', {}],
    [
      'unauthenticated',
      new BadInput('unauthenticated', 'No.'),
      401,
      'Unauthorized',
      { 'www-authenticate': 'Bearer realm="lemni"' },
    ],
    ['forbidden', new BadInput('forbidden', 'No.'), 403, 'Forbidden', {}],
    ['not_found', new BadInput('not_found', 'No.'), 404, 'Not Found', {}],
    ['conflict', new BadInput('conflict', 'No.'), 409, 'Conflict', {}],
    ['too_large', new BadInput('too_large', 'No.'), 413, 'Payload Too Large', {}],
    [
      'unsupported_media_type',
      new BadInput('unsupported_media_type', 'No.'),
      415,
      'Unsupported Media Type',
      {},
    ],
    [
      'rate_limited',
      new BadInput('rate_limited', 'No.', { retryAfterSeconds: 1.2 }),
      429,
      'Too Many Requests',
      { 'retry-after': '2' },
    ],
    ['queue_full', new Unavailable('queue_full', 'No.'), 503, 'Service Unavailable', { 'retry-after': '2' }],
    [
      'store_unavailable',
      new Unavailable('store_unavailable', 'No.', { retryAfterSeconds: 30 }),
      503,
      'Service Unavailable',
      { 'retry-after': '30' },
    ],
    [
      'limit_exceeded',
      new Unavailable('limit_exceeded', 'No.'),
      429,
      'Too Many Requests',
      { 'retry-after': '2' },
    ],
  ];
  it.each(cases)('%s', async (code, error, status, title, headers) => {
    await open(throwing(error));
    for (const path of ['/api/fails', '/api/fails/later']) {
      const answer = await request(gate.http.app).get(path).set(local).expect(status);
      expect(answer.type).toBe('application/problem+json');
      expect(answer.headers).toMatchObject({ ...headers, 'cache-control': 'no-store' });
      const at = code === 'bad_request' ? { at: 'a.b' } : {};
      expect(answer.body).toEqual({ type: 'about:blank', title, status, detail: 'No.', code, ...at });
    }
    expect(gate.logged).toEqual([]);
  });

  it.each([
    ['a bug', new Bug('postgres://lemni:hunter2@db')],
    ['any error', new TypeError('cannot read hunter2 of undefined')],
    ['a text', 'hunter2'],
    ['nothing', undefined],
    ['an error with a forged status', Object.assign(new Error('hunter2'), { status: 200 })],
    ['a 5xx of a library', Object.assign(new Error('hunter2'), { status: 502, expose: true })],
  ])('%s is 500, logged once, and keeps its insides', async (_name, error) => {
    await open(throwing(error));
    const answer = await request(gate.http.app).get('/api/fails/later').set(local);
    if (error === undefined) {
      // express takes a rejection without a reason for an error of its own.
      expect(answer.status).toBe(500);
    }
    expect(answer.body).toMatchObject({ status: 500, code: 'internal', title: 'Internal Server Error' });
    expect(JSON.stringify(answer.body) + JSON.stringify(answer.headers)).not.toContain('hunter2');
    expect(gate.logged).toHaveLength(1);
    const id = answer.headers['x-request-id'];
    expect(answer.body.detail).toContain(id);
    expect(gate.logged[0]).toMatchObject({ requestId: id, path: '/api/fails/later', level: 50 });
  });

  it('after the answer began the connection is cut', async () => {
    await open(throwing(new Error('inside')));
    await expect(request(gate.http.app).get('/api/fails/midway').set(local)).rejects.toThrow(
      /aborted|hang up/,
    );
    expect(gate.logged).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{"a":', 'application/json', {}, 400, 'bad_request'],
    ['too large', JSON.stringify('x'.repeat(200)), 'application/json', {}, 413, 'too_large'],
    ['a strange charset', '{}', 'application/json; charset=x-secret', {}, 415, 'unsupported_media_type'],
    [
      'a strange encoding',
      '{}',
      'application/json',
      { 'Content-Encoding': 'x-secret' },
      415,
      'unsupported_media_type',
    ],
    ['a lie about gzip', '{}', 'application/json', { 'Content-Encoding': 'gzip' }, 400, 'bad_request'],
  ])('bodies: %s', async (_name, body, type, headers, status, code) => {
    await open(throwing(undefined));
    const answer = await request(gate.http.app)
      .post('/api/json')
      .set({ ...local, 'Content-Type': type, ...headers })
      .send(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code });
    expect(JSON.stringify(answer.body)).not.toContain('x-secret');
    expect(gate.logged).toEqual([]);
  });

  it('paths: nothing there, a bad escape, a climb', async () => {
    await open(throwing(undefined));
    const none = await request(gate.http.app)
      .get('/api/nothing')
      .set({ ...local, Accept: 'text/html' })
      .expect(404);
    expect(none.type).toBe('application/problem+json');
    expect(none.body).toMatchObject({ code: 'not_found' });
    const bad = await request(gate.http.app).get('/api/items/%E0%A4%A').set(local).expect(400);
    expect(bad.body.code).toBe('bad_request');
    await request(gate.http.app).get('/../../etc/passwd').set(local).expect(404);
    await request(gate.http.app).post('/api/items/1').set(local).expect(404);
  });
});

describe('headers', () => {
  it('of every answer', async () => {
    await open(throwing(undefined));
    const { headers } = await request(gate.http.app).get('/api/items/1').set(local).expect(200);
    expect(headers['content-security-policy']?.split(';').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'self'",
      "font-src 'self' data:",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data: blob:",
      "object-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "worker-src 'self' blob:",
    ]);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': expect.stringMatching(/^[0-9A-Z]{26}$/),
    });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('a sender does not choose the request id', async () => {
    await open(throwing(undefined));
    const { headers } = await request(gate.http.app)
      .get('/api/items/1')
      .set({ ...local, 'X-Request-Id': 'forged' });
    expect(headers['x-request-id']).not.toBe('forged');
  });
});

describe('the dashboard', () => {
  function built(): string {
    const directory = mkdtempSync(join(tmpdir(), 'lemni-dashboard-'));
    stops.push(() => rmSync(directory, { recursive: true, force: true }));
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Lemni</title>');
    writeFileSync(join(directory, 'assets/main-abc123.js'), `console.log('${'lemni '.repeat(1000)}')`);
    writeFileSync(join(directory, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    return directory;
  }
  const navigation = { ...local, Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  const metricsRoute: GateOptions = {
    routes: () => [
      ((request, response, next) => {
        if (request.path === '/metrics') response.type('text/plain').send('lemni_build_info 1\n');
        else next();
      }) satisfies RequestHandler,
    ],
  };

  it.each([
    '/',
    '/logs',
    '/traces/0af7651916cd43dd8448eb211c80319c',
    '/login?token=x',
    '/settings/keys',
    '/metrics',
  ])('its page answers %s', async (path) => {
    await open({ dashboardDir: built(), ...metricsRoute });
    const { headers, text } = await request(gate.http.app).get(path).set(navigation).expect(200);
    expect(text).toContain('<title>Lemni</title>');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    await request(gate.http.app).head(path).set(navigation).expect(200);
  });

  it.each(['/api/nothing', '/v1/nothing', '/hooks/nothing', '/assets/old-123.js', '/-/nothing'])(
    'its page does not answer %s',
    async (path) => {
      await open({ dashboardDir: built() });
      const { type } = await request(gate.http.app).get(path).set(navigation).expect(404);
      expect(type).toBe('application/problem+json');
    },
  );

  it('machines get no page', async () => {
    await open({ dashboardDir: built(), ...metricsRoute });
    await request(gate.http.app).get('/logs').set(local).expect(404);
    await request(gate.http.app).post('/logs').set(navigation).expect(404);
    const scrape = await request(gate.http.app)
      .get('/metrics')
      .set({ ...local, Accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1' })
      .expect(200);
    expect(scrape.text).toBe('lemni_build_info 1\n');
  });

  it('files: hashed ones for good, packed on the way, none from elsewhere', async () => {
    await open({ dashboardDir: built() });
    const asset = '/assets/main-abc123.js';
    const plain = await request(gate.http.app)
      .get(asset)
      .set({ ...local, 'Accept-Encoding': 'identity' })
      .expect(200);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    for (const encoding of ['br', 'gzip']) {
      const packed = await request(gate.http.app)
        .get(asset)
        .set({ ...local, 'Accept-Encoding': encoding })
        .buffer(true)
        .expect(200);
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(packed.headers['vary']).toContain('Accept-Encoding');
      expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(packed.text).toBe(plain.text);
      expect(Number(packed.headers['content-length'])).toBeLessThan(500);
    }
    await request(gate.http.app).get('/favicon.svg').set(local).expect(200);
    await request(gate.http.app).get('/assets/../../../etc/passwd').set(local).expect(404);
    await request(gate.http.app).get('/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd').set(local).expect(404);
    await request(gate.http.app).get('/assets/').set(local).expect(404);
  });

  it('says when it is not built', async () => {
    await open({ dashboardDir: join(tmpdir(), 'lemni-not-built') });
    const { text } = await request(gate.http.app).get('/').set(navigation).expect(404);
    expect(text).toContain('npm run build');
  });
});

describe('the server', () => {
  function bare(change: Partial<Parameters<typeof createHttp>[0]> = {}): Http {
    const http = createHttp({
      rules: { host: '127.0.0.1', publicUrl: '', allowedOrigins: [] },
      port: 0,
      routers: [],
      log: pino({ level: 'silent' }),
      clock: gate.clock,
      newId: newUlid,
      ...change,
    });
    stops.push(() => http.stop());
    return http;
  }

  it('says why it cannot listen', async () => {
    await open();
    const { port } = await bare().start();
    await expect(bare({ port }).start()).rejects.toThrow(
      new RegExp(`Port ${port} on 127.0.0.1 is in use by another program .* --port or LEMNI_PORT`),
    );
    const elsewhere = { host: '203.0.113.1', publicUrl: '', allowedOrigins: [] };
    await expect(bare({ rules: elsewhere }).start()).rejects.toThrow(
      /"203.0.113.1" is no address of this machine/,
    );
  });

  it('lets a request end that is in flight, and takes no other', async () => {
    await open();
    let release: (() => void) | undefined;
    const router = Router();
    router.get('/slow', async (_request, response) => {
      await new Promise<void>((resolve) => (release = resolve));
      response.send('done');
    });
    const http = bare({ routers: [router] });
    const { port } = await http.start();
    const agent = new Agent({ keepAlive: true });
    const answer = new Promise<string>((resolve, reject) => {
      httpGet({ port, path: '/slow', agent }, (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
        incoming.on('end', () => resolve(text));
      }).on('error', reject);
    });
    await expect.poll(() => release).toBeDefined();
    const stopped = http.stop();
    await expect(fetch(`http://127.0.0.1:${port}/slow`)).rejects.toThrow();
    release?.();
    expect(await answer).toBe('done');
    await stopped;
    await http.stop();
    agent.destroy();
  });

  it('stops in time though a request never ends and a connection is idle', async () => {
    await open();
    const router = Router();
    router.get('/never', () => undefined);
    const http = bare({ routers: [router], drainMs: 200 });
    const { port } = await http.start();
    const idle = connect(port, '127.0.0.1');
    const never = fetch(`http://127.0.0.1:${port}/never`).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = Date.now();
    await http.stop();
    expect(Date.now() - before).toBeLessThan(2000);
    expect(await never).toBeInstanceOf(Error);
    idle.destroy();
  });

  it('stops before it has started', async () => {
    await open();
    await bare().stop();
  });

  it('garbage on the line does not end it', async () => {
    await open();
    const http = bare();
    const { port } = await http.start();
    for (const bytes of [
      '\x16\x03\x01\x02\x00',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\nX: ${'y'.repeat(50_000)}\r\n`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  it('counts requests by route, never by path', async () => {
    await open();
    const registry = new Registry();
    const router = Router();
    router.get('/api/items/:id', (_request, response) => void response.json({}));
    const { app } = bare({ before: [measureRequests(registry)], routers: [router] });
    await request(app).get('/api/items/1').set(local);
    await request(app).get('/api/items/2').set(local);
    await request(app).get('/secret-path').set(local);
    const text = await registry.metrics();
    expect(text).toContain('lemni_http_requests_total{method="GET",route="/api/items/:id",status="200"} 2');
    expect(text).toContain('lemni_http_requests_total{method="GET",route="none",status="404"} 1');
    expect(text).not.toContain('secret-path');
  });
});
