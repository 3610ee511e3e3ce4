import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/http/contract/changes.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import type { LogRecord, MetricName, Trace, TraceSummary } from '../../src/http/contract/telemetry.js';
import { eventually } from '../support/eventually.js';
import { cleanEnvironment, freePort, Lemni } from '../support/lemni.js';
import { Session } from '../support/session.js';

/**
 * @lemni/sdk as an app uses it: an Express app in a directory and a process of its own, started with
 * `--import @lemni/sdk/register`, against the built product.
 */
const commit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const directory = mkdtempSync(join(tmpdir(), 'lemni-sdk-'));
let lemni: Lemni;
let session: Session;

const routes = `
  const app = express();
  const log = pino();
  app.use(express.json());
  app.post('/carts/:id', async (request, response) => {
    setUser('user-7');
    log.info({ articles: 3 }, 'cart is priced');
    const answer = await fetch('http://127.0.0.1:' + server.address().port + '/price');
    response.json(await answer.json());
  });
  app.get('/price', (_request, response) => response.json({ cents: 1999 }));
  app.get('/boom', async () => { throw new TypeError('the cart is null'); });
  app.post('/say', async (request, response) => {
    setUser('user-8');
    response.json(await feedback({ rating: 1, message: 'Paying failed', page: 'https://shop.example/cart' }));
  });
  app.post('/deployed', async (_request, response) => response.json(await deploy({ actor: 'ada', startedAt: new Date(1795000000000) })));
  app.get('/die', () => { setTimeout(() => { throw new RangeError('last words'); }); });
  app.get('/exit', () => process.exit(3));
  app.use((error, _request, response, _next) => response.status(500).json({ error: error.message }));
  const server = app.listen(Number(process.env.PORT), '127.0.0.1');
`;

/** The same app twice, as teams write them. */
const apps = {
  esm: {
    file: 'main.mjs',
    source: `import express from 'express';\nimport { pino } from 'pino';\nimport { deploy, feedback, setUser } from '@lemni/sdk';\n${routes}`,
  },
  cjs: {
    file: 'main.cjs',
    source: `const express = require('express');\nconst { pino } = require('pino');\nconst { deploy, feedback, setUser } = require('@lemni/sdk');\n${routes}`,
  },
} as const;

interface App {
  readonly url: string;
  readonly child: ChildProcess;
  readonly said: () => string;
}
const running: ChildProcess[] = [];

async function start(kind: keyof typeof apps, name: string, env: Record<string, string> = {}): Promise<App> {
  const place = join(directory, name);
  if (!existsSync(place)) {
    mkdirSync(place);
    symlinkSync(resolve('node_modules'), join(place, 'node_modules'));
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.4.0' }));
    writeFileSync(join(place, apps[kind].file), apps[kind].source);
  }
  const port = await freePort();
  const { NODE_ENV: _, ...inherited } = cleanEnvironment();
  const child = spawn(process.execPath, ['--import', '@lemni/sdk/register', apps[kind].file], {
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      PORT: String(port),
      LEMNI_URL: lemni.url,
      LEMNI_ENVIRONMENT: 'production',
      RENDER_GIT_COMMIT: commit,
      ...env,
    },
  });
  running.push(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    async () => (await fetch(`${url}/price`)).ok,
    (ok) => ok,
    20_000,
  );
  return { url, child, said: () => said };
}

async function ended({ child }: App): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

const post = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });

async function traces(query: string): Promise<Trace[]> {
  const { items } = await session.get<{ items: TraceSummary[] }>(`/api/traces?${query}`);
  return Promise.all(items.map(({ traceId }) => session.get<Trace>(`/api/traces/${traceId}`)));
}

beforeAll(async () => {
  lemni = await Lemni.start();
  session = await Session.byLink(lemni);
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await lemni.remove();
  rmSync(directory, { recursive: true, force: true });
});

describe.each(['esm', 'cjs'] as const)('an Express app (%s)', (kind) => {
  const name = `shop-${kind}`;
  let app: App;
  beforeAll(async () => {
    app = await start(kind, name);
  });

  it('sends its requests with name, version, commit, environment, user and session', async () => {
    const answer = await post(`${app.url}/carts/7`, { baggage: 'session.id=session-1' });
    expect(await answer.json()).toEqual({ cents: 1999 });
    const [trace] = await eventually(
      () => traces(`service=${name}&operation=${encodeURIComponent('POST /carts/:id')}`),
      ([found]) => found !== undefined && found.spans.length >= 4 && found.logs.length > 0,
    );
    const server = trace?.spans.find(({ name: span }) => span === 'POST /carts/:id');
    expect(server).toMatchObject({
      kind: 'Server',
      service: name,
      version: '1.4.0',
      environment: 'production',
      resource: { 'vcs.ref.head.revision': commit, 'service.instance.id': expect.any(String) as string },
      attributes: { 'http.route': '/carts/:id', 'user.id': 'user-7', 'session.id': 'session-1' },
    });
    expect(server?.resource).not.toHaveProperty('process.command_args');
    // Through fetch into the second request: one trace.
    expect(trace?.spans.map(({ name: span, kind: of }) => `${of} ${span}`)).toEqual(
      expect.arrayContaining(['Client GET', 'Server GET /price']),
    );
    expect(trace?.logs).toMatchObject([
      {
        body: 'cart is priced',
        service: name,
        version: '1.4.0',
        severityNumber: 9,
        attributes: { articles: '3', 'user.id': 'user-7' },
      } satisfies Partial<LogRecord>,
    ]);
  });

  it('records the exception that a request ends with', async () => {
    expect((await fetch(`${app.url}/boom`)).status).toBe(500);
    const [trace] = await eventually(
      () => traces(`service=${name}&status=error`),
      (found) => found.length > 0,
    );
    expect(trace?.spans.find(({ kind: of }) => of === 'Server')?.status).toBe('Error');
    expect(trace?.spans.flatMap(({ events }) => events)).toMatchObject([
      {
        name: 'exception',
        attributes: { 'exception.type': 'TypeError', 'exception.message': 'the cart is null' },
      },
    ]);
  });

  it('passes feedback on with the user and the trace of the request', async () => {
    const { id } = (await (await post(`${app.url}/say`)).json()) as { id: string };
    const [said] = await eventually(
      () => session.get<{ items: Feedback[] }>(`/api/feedback?service=${name}`).then(({ items }) => items),
      (items) => items.length === 1,
    );
    expect(said).toMatchObject({
      ...{ id, rating: 1, message: 'Paying failed', version: '1.4.0', environment: 'production' },
      ...{ userId: 'user-8', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    });
  });

  it('tells its deploy, and twice is once', async () => {
    const first = (await (await post(`${app.url}/deployed`)).json()) as { id: string; duplicate: boolean };
    const second = (await (await post(`${app.url}/deployed`)).json()) as { id: string; duplicate: boolean };
    expect(first.duplicate).toBe(false);
    expect(second).toMatchObject({ id: first.id, duplicate: true });
    const { items } = await session.get<{ items: Change[] }>(`/api/deploys?service=${name}`);
    expect(items).toMatchObject([{ version: '1.4.0', environment: 'production', commit, actor: 'ada' }]);
  });

  it('sends what waits when it crashes, and crashes as it would have', async () => {
    await fetch(`${app.url}/die`).catch(() => undefined);
    expect(await ended(app)).toBe(1);
    expect(app.said()).toContain('RangeError: last words');
    const [fatal] = await eventually(
      () =>
        session
          .get<{ items: LogRecord[] }>(`/api/logs?query=${encodeURIComponent(`service:${name} level:fatal`)}`)
          .then(({ items }) => items),
      (items) => items.length > 0,
    );
    expect(fatal).toMatchObject({
      body: 'RangeError: last words',
      version: '1.4.0',
      attributes: { 'exception.type': 'RangeError', 'exception.origin': 'uncaughtException' },
    });
  });
});

it('sends spans, logs and metrics of its last second on SIGTERM, which still ends it', async () => {
  const app = await start('esm', 'ended-by-signal');
  await post(`${app.url}/carts/1`);
  app.child.kill('SIGTERM');
  await ended(app);
  expect(app.child.signalCode).toBe('SIGTERM');
  await eventually(
    () => traces('service=ended-by-signal'),
    (found) => found.some(({ spans }) => spans.some(({ name }) => name === 'POST /carts/:id')),
  );
  const { items } = await eventually(
    () => session.get<{ items: MetricName[] }>('/api/metrics?search=http_server_request_duration'),
    ({ items: found }) => found.length > 0,
  );
  expect(items.map(({ name }) => name)).toContain('http_server_request_duration_seconds_count');
});

it('keeps the exit code of process.exit, and its last request', async () => {
  const app = await start('cjs', 'ended-by-exit');
  await post(`${app.url}/carts/1`);
  await fetch(`${app.url}/exit`).catch(() => undefined);
  expect(await ended(app)).toBe(3);
  await eventually(
    () => traces('service=ended-by-exit'),
    (found) => found.some(({ spans }) => spans.some(({ name }) => name === 'POST /carts/:id')),
  );
});

it.each([
  ['nobody listens', undefined],
  ['nobody answers', true],
])('is no burden when Lemni is away: %s', async (_how, hangs) => {
  const hole = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(hole, 'listening');
  const address = hole.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  if (hangs !== true) hole.close();
  const app = await start('esm', `away-${String(hangs)}`, { LEMNI_URL: `http://127.0.0.1:${port}` });
  for (let i = 0; i < 20; i++) expect((await post(`${app.url}/carts/${i}`)).status).toBe(200);
  const asked = Date.now();
  app.child.kill('SIGTERM');
  await ended(app);
  expect(app.child.signalCode).toBe('SIGTERM');
  // A second at most for the last words; the rest is the machine's.
  expect(Date.now() - asked).toBeLessThan(8000);
  // Quiet: nothing but the app's own lines.
  expect(
    app
      .said()
      .split('\n')
      .filter((line) => line !== '' && !line.includes('cart is priced')),
  ).toEqual([]);
  hole.close();
});

it('lets OpenTelemetry’s own variables win', async () => {
  const app = await start('esm', 'renamed', {
    OTEL_SERVICE_NAME: 'told-by-otel',
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=9.9.9,deployment.environment.name=staging',
    OTEL_EXPORTER_OTLP_ENDPOINT: lemni.url,
    LEMNI_URL: 'http://127.0.0.1:1',
  });
  await post(`${app.url}/carts/1`);
  const [trace] = await eventually(
    () => traces('service=told-by-otel'),
    (found) => found.length > 0,
  );
  expect(trace?.spans[0]).toMatchObject({ version: '9.9.9', environment: 'staging' });
});
