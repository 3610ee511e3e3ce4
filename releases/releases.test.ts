import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeMetrics } from '../ingest/changes/metrics.js';
import { changeRoutes } from '../ingest/changes/http.js';
import { createChangeIntake } from '../ingest/changes/intake.js';
import type { List } from '../src/http/contract/common.js';
import { Change, Release, ReleaseDetail } from '../src/http/contract/changes.js';
import { Secret } from '../src/lib/secret.js';
import { connectState, type StateDatabase } from '../src/store/state/connect.js';
import { migrateState } from '../src/store/state/migrate.js';
import { openDirectTelemetry, type DirectTelemetry } from '../test/support/direct-telemetry.js';
import { appOf, testAccess } from '../test/support/open-doors.js';
import { releaseRoutes } from './api.js';
import { releaseMetrics } from './metrics.js';
import { createReleases, type Releases } from './releases.js';
import { versionsSeen } from './seen.js';

const minute = 60_000;
const start = Date.parse('2026-11-22T10:00:00Z');
let now = start;
const clock = { now: () => now, sleep: () => Promise.resolve() };
const emitted: { event: string; payload: { id: string } }[] = [];
const live = { emit: (event: string, payload: { id: string }) => emitted.push({ event, payload }) };

let directory: string;
let state: StateDatabase;
let telemetry: DirectTelemetry;
let releases: Releases;
let app: ReturnType<typeof appOf>;
/** Each test speaks of a service of its own. */
let service = '';
let count = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lemni-releases-'));
  state = connectState({ url: new Secret(''), dataDir: directory });
  await migrateState(state);
  telemetry = await openDirectTelemetry();
  const registry = new Registry();
  releases = createReleases({
    state,
    seen: versionsSeen(telemetry.reader),
    live,
    clock,
    logger: pino({ level: 'silent' }),
    metrics: releaseMetrics(registry),
  });
  const intake = createChangeIntake({
    sink: telemetry.sink,
    ledger: releases,
    metrics: changeMetrics(registry),
  });
  app = appOf(
    changeRoutes({ access: testAccess, intake, clock, maxFutureMs: 60 * minute }),
    releaseRoutes({
      access: testAccess,
      state,
      reader: telemetry.reader,
      clock,
      verdicts: { compare: () => Promise.reject(new Error('not asked here')) },
      bakeMs: 30 * minute,
    }),
  );
});
afterAll(async () => {
  await telemetry.close();
  await state.destroy();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => {
  now = start + ++count * 86_400_000;
  service = `checkout-${count}`;
  emitted.length = 0;
});

const deploy = (body: object, key = 'ingest') =>
  request(app)
    .post('/api/deploys')
    .set('X-Test-Key', key)
    .send({ service, environment: 'production', ...body });
const get = async <Body = List<Change>>(path: string): Promise<Body> => {
  const response = await request(app).get(path).set('X-Test-Role', 'viewer');
  expect(response.body.detail ?? '').toBe('');
  expect(response.status).toBe(200);
  return response.body as Body;
};
const list = async (): Promise<Release[]> => {
  const { items } = await get(`/api/releases?service=${service}`);
  return items.map((item: unknown) => Release.parse(item));
};
const at = (ms: number): string => new Date(ms).toISOString();
const byVersion = async () =>
  Object.fromEntries(
    (await list()).map((r) => [r.version, { current: r.current, previous: r.previousVersion }]),
  );
const traffic = (version: string, from: number, to: number): Promise<void> =>
  telemetry.command(
    `INSERT INTO lemni.otel_traces (Timestamp, TraceId, SpanId, SpanName, SpanKind, ServiceName, ServiceVersion, Environment)
     SELECT fromUnixTimestamp64Milli(toInt64(number * 60000 + ${from})), 't', 's', 'GET /', 'Server', '${service}', '${version}', 'production'
     FROM numbers(${Math.max(1, Math.ceil((to - from) / minute))})`,
  );

describe('POST /api/deploys', () => {
  it('is in both stores and makes a release when it is acknowledged', async () => {
    const response = await deploy({
      id: `${service}-1`,
      version: '1.4.0',
      commit: 'a1b2c3d',
      actor: 'Grace',
      url: 'https://ci.example/1',
      startedAt: at(now - 2 * minute),
      finishedAt: at(now - minute),
      commits: [
        {
          sha: 'a1b2c3d',
          message: 'Käse <script>alert(1)</script> 🧀',
          author: 'Grace',
          url: 'javascript:alert(1)',
        },
      ],
      fixes: ['problem-7'],
      attributes: { region: 'eu' },
    });
    expect(response.status).toBe(202);
    expect(response.body).toMatchObject({ id: `${service}-1`, duplicate: false });
    const changes = (await get(`/api/changes?service=${service}`)).items.map((item: unknown) =>
      Change.parse(item),
    );
    const deploys = (await get(`/api/deploys?service=${service}`)).items.map((item: unknown) =>
      Change.parse(item),
    );
    expect(changes).toEqual(deploys);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      at: at(now - minute),
      type: 'service.deployed',
      version: '1.4.0',
      status: 'succeeded',
      source: 'api',
      startedAt: at(now - 2 * minute),
      commits: [{ sha: 'a1b2c3d', message: 'Käse <script>alert(1)</script> 🧀', author: 'Grace' }],
      attributes: { region: 'eu' },
    });
    const detail = ReleaseDetail.parse(await get(`/api/releases/${response.body.releaseId}`));
    expect(detail).toMatchObject({
      version: '1.4.0',
      source: 'change',
      current: true,
      deploys: 1,
      deployedAt: at(now - minute),
      firstSeenAt: at(now - 2 * minute),
      fixes: ['problem-7'],
      commitCount: 1,
    });
    expect(detail.deployHistory).toEqual(deploys);
    expect(emitted.map(({ event }) => event)).toEqual(['change', 'release']);
  });

  it('takes the same id, and the same words without an id, for one deploy', async () => {
    for (const body of [
      { id: `${service}-x`, version: '1' },
      { version: '2', startedAt: at(now) },
      { version: '3' },
    ]) {
      const first = await deploy(body);
      now += 20 * minute;
      const second = await deploy(body);
      expect(first.status).toBe(202);
      expect(second.status).toBe(200);
      expect(second.body).toEqual({ ...first.body, duplicate: true });
    }
    expect((await get(`/api/deploys?service=${service}`)).items).toHaveLength(3);
    expect((await get(`/api/changes?service=${service}`)).items).toHaveLength(3);
  });

  it('takes many at once for one', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => deploy({ version: '9' })));
    expect(new Set(answers.map(({ body }) => body.releaseId)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect((await get(`/api/changes?service=${service}`)).items).toHaveLength(1);
  });

  it('goes on from started to succeeded under its id, and never back', async () => {
    const id = `${service}-run`;
    await deploy({ id, version: '5', status: 'started', actor: 'Ada', commits: [{ sha: 'c' }] });
    expect(await byVersion()).toEqual({ 5: { current: false, previous: null } });
    const begun = now;
    now += 3 * minute;
    await deploy({ id, version: '5', status: 'succeeded', startedAt: at(begun), finishedAt: at(now) });
    const late = await deploy({ id, version: '5', status: 'started' });
    expect(late.body.duplicate).toBe(true);
    for (const path of ['changes', 'deploys']) {
      const { items } = await get(`/api/${path}?service=${service}`);
      expect(items).toHaveLength(1);
      expect(items[0]).toMatchObject({ status: 'succeeded', actor: 'Ada', commits: [{ sha: 'c' }] });
    }
    expect((await list())[0]).toMatchObject({ status: 'succeeded', current: true, deploys: 1 });
  });

  it('knows a rollback from a repetition', async () => {
    await deploy({ version: '1' });
    now += 60 * minute;
    await deploy({ version: '2' });
    now += 60 * minute;
    const back = await deploy({ version: '1' });
    expect(back.body.duplicate).toBe(false);
    expect(await byVersion()).toEqual({
      1: { current: true, previous: '2' },
      2: { current: false, previous: '1' },
    });
    expect((await deploy({ version: '1' })).body).toEqual({ ...back.body, duplicate: true });
    now += minute;
    await deploy({ version: '2' });
    now += minute;
    // Within a retry's time only another kind, an id or a start tells it from a repetition.
    expect((await deploy({ version: '1', kind: 'rolledback' })).body.duplicate).toBe(false);
    expect((await byVersion())['1']?.current).toBe(true);
  });

  it('does not depend on the order in which deploys are told', async () => {
    const told = [
      { version: '1', finishedAt: at(now - 30 * minute) },
      { version: '2', finishedAt: at(now - 20 * minute) },
      { version: '3', finishedAt: at(now - 10 * minute), status: 'failed' },
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      service = `${service}-${order.join('')}`;
      for (const index of order) await deploy({ ...told[index] });
      expect(await byVersion()).toEqual({
        1: { current: false, previous: null },
        2: { current: true, previous: '1' },
        3: { current: false, previous: '2' },
      });
    }
  });

  it.each([
    ['no version', { version: undefined }, 400, 'version'],
    ['an empty version', { version: '' }, 400, 'version'],
    ['a number for a version', { version: 3 }, 400, 'version'],
    ['an unknown key', { version: '1', colour: 'red' }, 400, 'colour'],
    ['the far future', { version: '1', finishedAt: '2030-01-01T00:00:00Z' }, 400, 'in the future'],
    ['a time that is none', { version: '1', startedAt: 'yesterday' }, 400, 'RFC 3339'],
    ['before 1970', { version: '1', startedAt: '1969-12-31T23:59:59Z' }, 400, 'RFC 3339'],
    [
      'the end before the start',
      { version: '1', startedAt: '2026-11-22T09:00:00Z', finishedAt: '2026-11-22T08:00:00Z' },
      400,
      'before',
    ],
    [
      '501 commits',
      { version: '1', commits: Array.from({ length: 501 }, () => ({ sha: 'a' })) },
      400,
      'commits',
    ],
    [
      '101 attributes',
      { version: '1', attributes: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, 'v'])) },
      400,
      '101',
    ],
    ['a script for a link', { version: '1', url: 'javascript:alert(1)' }, 400, 'url'],
  ])('refuses %s with words', async (_what, body, status, words) => {
    const response = await deploy(body);
    expect(response.status).toBe(status);
    expect(response.body.detail).toContain(words);
    expect(await list()).toEqual([]);
  });

  it('refuses what is not JSON, too large, without a key, and an id that names something else', async () => {
    const post = () => request(app).post('/api/deploys').set('X-Test-Key', 'ingest');
    expect((await post().type('text/plain').send('{"service":"a","version":"1"}')).status).toBe(415);
    expect((await post().type('json').send('{"service":')).status).toBe(400);
    expect(
      (
        await post()
          .type('json')
          .send(`{"a":"${'x'.repeat(5_000_000)}"}`)
      ).status,
    ).toBe(413);
    expect((await deploy({ version: '1' }, 'public')).status).toBe(401);
    expect((await deploy({ version: '1' }, 'api-viewer')).status).toBe(403);
    await deploy({ id: `${service}-same`, version: '1' }, 'api');
    const conflict = await deploy({ id: `${service}-same`, version: '2' });
    expect(conflict.status).toBe(409);
    expect(conflict.body.detail).toContain('already names a deploy with version "1"');
  });

  it('keeps a deploy from a clock that is a little ahead, and says so', async () => {
    const response = await deploy({ version: '1', finishedAt: at(now + 5 * minute) });
    expect(response.status).toBe(202);
    const [change] = (await get(`/api/deploys?service=${service}`)).items;
    expect(change).toMatchObject({ at: at(now), attributes: { 'lemni.clock_ahead_ms': String(5 * minute) } });
  });

  it('is not moved by names that JavaScript knows', async () => {
    const body = `{"service":"${service}","version":"1","attributes":{"__proto__":"x","constructor":"y","toString":"z"}}`;
    const response = await request(app)
      .post('/api/deploys')
      .set('X-Test-Key', 'ingest')
      .type('json')
      .send(body);
    expect(response.status).toBe(202);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    const [change] = (await get(`/api/changes?service=${service}`)).items;
    expect(change?.attributes).toEqual({ constructor: 'y', toString: 'z' });
  });

  it('shrinks the messages of a huge list of commits', async () => {
    const commits = Array.from({ length: 500 }, (_, i) => ({ sha: `sha${i}`, message: 'm'.repeat(4000) }));
    expect((await deploy({ version: '1', commits })).status).toBe(202);
    const [change] = (await get(`/api/deploys?service=${service}`)).items;
    expect(change?.commits).toHaveLength(500);
    expect(change?.commits[499]?.message?.length).toBe(100);
    const [release] = await list();
    expect(release?.commits).toHaveLength(20);
    expect(release?.commitCount).toBe(500);
  });

  it('leaves nothing behind in state when telemetry cannot take it, so that a retry completes it', async () => {
    let full = true;
    const intake = createChangeIntake({
      sink: {
        store: (batches) => (full ? Promise.reject(new Error('full')) : telemetry.sink.store(batches)),
      },
      ledger: releases,
      metrics: changeMetrics(new Registry()),
    });
    const failing = appOf(changeRoutes({ access: testAccess, intake, clock, maxFutureMs: minute }));
    const post = () =>
      request(failing).post('/api/deploys').set('X-Test-Key', 'ingest').send({ service, version: '1' });
    expect((await post()).status).toBe(500);
    expect(await list()).toEqual([]);
    full = false;
    expect((await post()).body.duplicate).toBe(false);
    expect(await list()).toHaveLength(1);
  });
});

describe('lists', () => {
  it('are paged, newest first, without a gap or a repetition', async () => {
    for (let i = 0; i < 7; i++) await deploy({ version: `v${i}`, finishedAt: at(now - (i % 3) * minute) });
    for (const path of ['changes', 'deploys', 'releases']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const body = await get(`/api/${path}?service=${service}&limit=2&cursor=${cursor}`);
        expect(body.items.length).toBeLessThanOrEqual(2);
        seen.push(...body.items.map((item: { version: string }) => item.version));
        cursor = body.nextCursor ?? '';
      } while (cursor !== '');
      expect(seen.toSorted()).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6']);
      expect(seen.slice(0, 3).toSorted()).toEqual(['v0', 'v3', 'v6']);
    }
  });

  it('filter by time, environment and type, and refuse what they do not know', async () => {
    await deploy({ version: '1', finishedAt: at(now - 120 * minute) });
    await deploy({ version: '2', environment: 'staging', kind: 'upgraded' });
    const versions = async (query: string, path = 'changes'): Promise<string[]> =>
      (await get(`/api/${path}?service=${service}&${query}`)).items.map(
        (item: { version: string }) => item.version,
      );
    for (const path of ['changes', 'deploys']) {
      expect(await versions('from=now-1h', path)).toEqual(['2']);
      expect(await versions('to=now-1h', path)).toEqual(['1']);
      expect(await versions('environment=staging', path)).toEqual(['2']);
      expect(await versions('type=service.upgraded', path)).toEqual(['2']);
    }
    expect(await versions(`from=${encodeURIComponent(at(now - minute))}`, 'releases')).toEqual(['2']);
    for (const query of ['from=soon', 'limit=0', 'limit=x', 'cursor=%00', 'cursor=W10']) {
      const response = await request(app).get(`/api/releases?${query}`).set('X-Test-Role', 'viewer');
      expect(response.status).toBe(400);
    }
    const none = await request(app).get('/api/releases/rel-none').set('X-Test-Role', 'viewer');
    expect(none.status).toBe(404);
    expect((await request(app).get('/api/releases')).status).toBe(401);
  });
});

describe('POST /api/changes', () => {
  it('keeps a change that makes no release, once', async () => {
    const post = () =>
      request(app)
        .post('/api/changes')
        .set('X-Test-Key', 'ingest')
        .send({
          type: 'environment.modified',
          service,
          url: 'https://flags.example/7',
          at: at(now - minute),
        });
    expect((await post()).body.releaseId).toBe('');
    await post();
    const { items } = await get(`/api/changes?service=${service}`);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ type: 'environment.modified', at: at(now - minute) });
    expect(await list()).toEqual([]);
  });
});

describe('versions that telemetry carries', () => {
  it('become releases, and the newest that is still carried is the current one', async () => {
    await traffic('1.0', now - 60 * minute, now - 2 * minute);
    await traffic('1.1', now - 20 * minute, now - 2 * minute);
    await releases.pass();
    expect(await list()).toMatchObject([
      { version: '1.1', source: 'telemetry', current: true, previousVersion: '1.0', deployedAt: null },
      { version: '1.0', source: 'telemetry', current: false, firstSeenAt: at(now - 60 * minute) },
    ]);
    expect(emitted.filter(({ event }) => event === 'release')).toHaveLength(2);
    emitted.length = 0;
    await releases.pass();
    expect(emitted).toEqual([]);
    // Rolled back without a word: 1.1 falls silent.
    now += 30 * minute;
    await traffic('1.0', now - 14 * minute, now);
    await releases.pass();
    expect((await byVersion())['1.0']?.current).toBe(true);
  });

  it('join the release that a deploy told of', async () => {
    const told = await deploy({
      version: '2.0',
      startedAt: at(now - 5 * minute),
      finishedAt: at(now - 4 * minute),
    });
    await traffic('2.0', now - 3 * minute, now);
    await releases.pass();
    const all = await list();
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      id: told.body.releaseId,
      source: 'change',
      telemetryFirstAt: at(now - 3 * minute),
      firstSeenAt: at(now - 5 * minute),
    });
  });

  it('do not make the current version when services carry other names for versions', async () => {
    await traffic('0.0.1', now - 60 * minute, now);
    await deploy({ version: 'a1b2c3d', finishedAt: at(now - 40 * minute) });
    await releases.pass();
    expect(await byVersion()).toEqual({
      '0.0.1': { current: false, previous: null },
      a1b2c3d: { current: true, previous: '0.0.1' },
    });
  });

  it('are found in logs and metric series too', async () => {
    await telemetry.command(
      `INSERT INTO lemni.otel_logs (Timestamp, ServiceName, ServiceVersion, Environment, Body) VALUES (fromUnixTimestamp64Milli(${now}), '${service}', 'from-logs', '', 'x')`,
    );
    await telemetry.command(
      `INSERT INTO lemni.metric_series (Id, Name, ServiceName, ServiceVersion, SeenAt) VALUES (1, 'm', '${service}', 'from-metrics', fromUnixTimestamp64Milli(${now}))`,
    );
    await releases.pass();
    expect((await list()).map(({ version }) => version).toSorted()).toEqual(['from-logs', 'from-metrics']);
  });
});

describe('the last deploy', () => {
  it('is the newest that had begun, told or seen', async () => {
    expect(await releases.lastDeploy(service, 'production', now)).toBeNull();
    await deploy({ version: '1', actor: 'Ada', finishedAt: at(now - 60 * minute) });
    await deploy({ version: '2', startedAt: at(now - 30 * minute), finishedAt: at(now - 10 * minute) });
    await deploy({ version: '3', finishedAt: at(now - minute), status: 'canceled' });
    const last = (when: number, environment = 'production') =>
      releases.lastDeploy(service, environment, when);
    expect(await last(now)).toMatchObject({ service, version: '2', at: now - 10 * minute, actor: '' });
    expect(await last(now - 20 * minute)).toMatchObject({ version: '2', at: now - 30 * minute });
    expect(await last(now - 40 * minute)).toMatchObject({ version: '1', actor: 'Ada' });
    expect(await last(now - 70 * minute)).toBeNull();
    expect(await last(now, 'staging')).toBeNull();
    expect((await last(now, ''))?.version).toBe('2');
    await traffic('2', now - 12 * minute, now);
    await traffic('2.1', now - 5 * minute, now);
    await releases.pass();
    expect(await last(now)).toMatchObject({ version: '2.1', at: now - 5 * minute });
    expect(await last(now - 6 * minute)).toMatchObject({ version: '2' });
  });
});

describe('the watch', () => {
  it('goes on after telemetry was away, and stops', async () => {
    let passes = 0;
    const sleeping: (() => void)[] = [];
    const watch = createReleases({
      state,
      seen: {
        since: () => {
          passes++;
          return passes === 1 ? Promise.reject(new Error('away')) : Promise.resolve([]);
        },
      },
      live,
      clock: {
        now: () => now,
        sleep: (_ms, signal) =>
          new Promise((resolve) => {
            sleeping.push(resolve);
            signal?.addEventListener('abort', () => resolve());
          }),
      },
      logger: pino({ level: 'silent' }),
      metrics: releaseMetrics(new Registry()),
    });
    watch.start();
    await expect.poll(() => sleeping.length).toBe(1);
    sleeping.pop()?.();
    await expect.poll(() => passes).toBe(2);
    await watch.stop();
  });
});
