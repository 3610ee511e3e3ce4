import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReleases } from '../../releases/releases.js';
import { releaseMetrics } from '../../releases/metrics.js';
import { Secret } from '../../src/lib/secret.js';
import { connectState, type StateDatabase } from '../../src/store/state/connect.js';
import { deliveryLog } from '../../src/store/state/delivery-log.js';
import { listDeploys } from '../../src/store/state/deploys.js';
import { migrateState } from '../../src/store/state/migrate.js';
import { appOf } from '../../test/support/open-doors.js';
import { eventually } from '../../test/support/eventually.js';
import { sharedData } from '../../test/support/shared-data.js';
import { createChangeIntake } from '../changes/intake.js';
import { changeMetrics } from '../changes/metrics.js';
import { RecordingSink, type TelemetrySink } from '../sink.js';
import { githubRoutes } from './http.js';

const secret = 'correct horse battery staple';
const now = Date.parse('2026-11-22T10:00:00Z');
const clock = { now: () => now, sleep: () => Promise.resolve() };
const sign = (body: string, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
const recorded = sharedData('wire/github');
const file = (name: string): string => readFileSync(join(recorded ?? '', name), 'utf8');
const deployed = (id: number, state?: string, more: object = {}): string =>
  JSON.stringify({
    deployment: {
      id,
      ref: 'v1.0.0',
      sha: 'f95f852bd8fca8',
      environment: 'production',
      created_at: '2026-11-22T09:00:00Z',
      ...more,
    },
    ...(state && { deployment_status: { state, created_at: '2026-11-22T09:05:00Z' } }),
    repository: { name: 'shop', full_name: 'acme/shop' },
  });

let directory: string;
let state: StateDatabase;
const registry = new Registry();
const metrics = changeMetrics(registry);
const sink = new RecordingSink();
let app: ReturnType<typeof appOf>;
let deliveries = 0;

const routes = (to: TelemetrySink = sink, withSecret = secret) => {
  const ledger = createReleases({
    state,
    seen: { since: () => Promise.resolve([]) },
    live: { emit: () => undefined },
    clock,
    logger: pino({ level: 'silent' }),
    metrics: releaseMetrics(new Registry()),
  });
  return appOf(
    githubRoutes({
      intake: createChangeIntake({ sink: to, ledger, metrics }),
      deliveries: deliveryLog(state),
      metrics,
      clock,
      secret: new Secret(withSecret),
      services: { 'acme/shop': 'checkout' },
      maxFutureMs: 3_600_000,
    }),
  );
};
const deliver = (event: string, body: string, headers: Record<string, string> = {}, to = app) =>
  request(to)
    .post('/hooks/github')
    .set({
      'Content-Type': 'application/json',
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': `delivery-${++deliveries}`,
      'X-Hub-Signature-256': sign(body),
      ...headers,
    })
    .send(body);
const counted = async (outcome: string): Promise<number> => {
  const metric = await registry.getSingleMetric('lemni_hooks_deliveries_total')?.get();
  return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lemni-github-'));
  state = connectState({ url: new Secret(''), dataDir: directory });
  await migrateState(state);
  app = routes();
});
afterAll(async () => {
  await state.destroy();
  await rm(directory, { recursive: true, force: true });
});

describe('POST /hooks/github', () => {
  it('holds no more than fits of what strangers send, and has room again when they are gone', async () => {
    const server = routes().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // It listens on a port.
    const strangers = Array.from({ length: 2 }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(
        'POST /hooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Hub-Signature-256: sha256=00\r\n' +
          'Content-Type: application/json\r\nContent-Length: 26214400\r\n\r\n{',
      );
      return socket;
    });
    const ping = async (): Promise<number> => {
      const body = '{"zen":"Speak like a human.","hook_id":1}';
      const response = await fetch(`http://127.0.0.1:${port}/hooks/github`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-GitHub-Event': 'ping',
          'X-GitHub-Delivery': `delivery-${++deliveries}`,
          'X-Hub-Signature-256': sign(body),
        },
        body,
      });
      return response.status;
    };
    try {
      expect(await eventually(ping, (status) => status !== 200)).toBe(429);
      for (const socket of strangers) socket.destroy();
      expect(await eventually(ping, (status) => status !== 429)).toBe(200);
    } finally {
      for (const socket of strangers) socket.destroy();
      server.close();
    }
  });

  it('answers a ping', async () => {
    const response = await deliver('ping', '{"zen":"Speak like a human.","hook_id":1}');
    expect([response.status, response.body]).toEqual([200, { pong: true }]);
  });

  it('makes one deploy of a deployment and its statuses, in whatever order they come', async () => {
    const order = ['in_progress', undefined, 'success', 'inactive', 'in_progress'];
    for (const step of order) {
      const response = await deliver(
        step === undefined ? 'deployment' : 'deployment_status',
        deployed(1, step),
      );
      expect(response.status).toBe(202);
    }
    const deploys = await listDeploys(state, { service: 'checkout', limit: 10 });
    expect(deploys.map(({ change }) => change)).toMatchObject([
      {
        id: 'github:acme/shop:deployment:1',
        status: 'succeeded',
        version: 'v1.0.0',
        source: 'github',
        startedAt: Date.parse('2026-11-22T09:00:00Z'),
        at: Date.parse('2026-11-22T09:05:00Z'),
      },
    ]);
    expect(sink.batches).toHaveLength(2);
  });

  it.skipIf(recorded === undefined)('takes recorded deliveries, as JSON and as forms', async () => {
    for (const [event, name, outcome] of [
      ['ping', 'ping.default.json', { pong: true }],
      ['deployment', 'deployment.created.json', { duplicate: false }],
      ['deployment_status', 'deployment_status.created.json', { duplicate: false }],
      ['workflow_run', 'workflow_run.completed.1.json', { releaseId: '' }],
      ['pull_request', 'pull_request.opened.json', { ignored: 'events "pull_request" are not used' }],
    ] as const) {
      const json = await deliver(event, file(name));
      expect(json.body).toMatchObject(outcome);
      const form = `payload=${encodeURIComponent(file(name))}`;
      const again = await deliver(event, form, { 'Content-Type': 'application/x-www-form-urlencoded' });
      expect(again.status).toBe(json.status);
    }
    const deploys = await listDeploys(state, { service: 'Hello-World', limit: 10 });
    expect(deploys.map(({ change: { status, version } }) => [status, version])).toEqual([
      ['succeeded', 'f95f852'],
    ]);
  });

  it('works a delivery off once', async () => {
    const headers = { 'X-GitHub-Delivery': 'the-same' };
    const before = sink.batches.length;
    expect((await deliver('deployment', deployed(2), headers)).body.duplicate).toBe(false);
    expect((await deliver('deployment', deployed(2), headers)).body).toEqual({ duplicate: true });
    // A replay under another delivery id, which no signature covers, changes nothing either.
    expect((await deliver('deployment', deployed(2))).body.duplicate).toBe(true);
    expect(sink.batches.length).toBe(before + 1);
    expect(await counted('duplicate')).toBe(1);
  });

  it('works a delivery off at the second attempt when the first failed', async () => {
    let full = true;
    const to = routes({ store: () => (full ? Promise.reject(new Error('full')) : Promise.resolve()) });
    const headers = { 'X-GitHub-Delivery': 'again' };
    expect((await deliver('deployment', deployed(3), headers, to)).status).toBe(500);
    full = false;
    expect((await deliver('deployment', deployed(3), headers, to)).body.duplicate).toBe(false);
  });

  it.each([
    ['no signature', { 'X-Hub-Signature-256': undefined }],
    ['another secret', { 'X-Hub-Signature-256': sign(deployed(9), 'guess') }],
    ['a signature of another body', { 'X-Hub-Signature-256': sign(deployed(8)) }],
    ['the old SHA-1', { 'X-Hub-Signature-256': 'sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
    ['a short one', { 'X-Hub-Signature-256': 'sha256=00' }],
  ])('refuses %s', async (_what, headers) => {
    const response = request(app).post('/hooks/github').set({
      'Content-Type': 'application/json',
      'X-GitHub-Event': 'deployment',
      'X-GitHub-Delivery': 'bad',
    });
    if (headers['X-Hub-Signature-256'] !== undefined)
      response.set('X-Hub-Signature-256', headers['X-Hub-Signature-256']);
    expect((await response.send(deployed(9))).status).toBe(401);
  });

  it('is off without a secret, and says how to turn it on', async () => {
    const body = deployed(9);
    const response = await deliver(
      'deployment',
      body,
      { 'X-Hub-Signature-256': sign(body, '') },
      routes(sink, ''),
    );
    expect(response.status).toBe(403);
    expect(response.body.detail).toContain('hooks.github.secret');
  });

  it.each([
    ['what is no JSON', 'deployment', 'hello', {}, 400],
    [
      'a form without a payload',
      'deployment',
      'a=b',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['a deployment without one', 'deployment', '{"repository":{"name":"a","full_name":"b/a"}}', {}, 400],
    ['a time that is none', 'deployment', deployed(9, undefined, { created_at: 'noon' }), {}, 400],
    ['no event', '', '{}', {}, 400],
    ['no delivery', 'push', '{}', { 'X-GitHub-Delivery': '' }, 400],
    ['an empty body', 'push', '', {}, 400],
    ['more than 25 MB', 'push', `"${'x'.repeat(25 * 1024 * 1024)}"`, {}, 413],
    ['a compressed body', 'push', '{}', { 'Content-Encoding': 'gzip' }, 415],
  ])('refuses %s', async (_what, event, body, headers, status) => {
    const response = await deliver(event, body, headers);
    expect(response.status).toBe(status);
    expect(response.body.detail.length).toBeGreaterThan(10);
  });
});
