import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toChange, type ToldChange } from '../../ingest/changes/change.js';
import type { List } from '../../src/http/contract/common.js';
import { Release, ReleaseDetail } from '../../src/http/contract/changes.js';
import { Comparison } from '../../src/http/contract/verdicts.js';
import { createReleaseData } from '../../src/query/releases/release-data.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { verdictOf } from '../../src/store/state/verdicts.js';
import { openDirectTelemetry, type DirectTelemetry } from '../../test/support/direct-telemetry.js';
import { appOf, testAccess } from '../../test/support/open-doors.js';
import { freshSqlite } from '../../test/support/state.js';
import { releaseRoutes } from '../api.js';
import { releaseMetrics } from '../metrics.js';
import { createReleases, type Releases } from '../releases.js';
import { versionsSeen } from '../seen.js';
import { verdictMetrics } from './metrics.js';
import type { ReleaseData } from './ports.js';
import { createVerdicts, type Verdicts } from './verdicts.js';

const minute = 60_000;
const start = Date.parse('2026-11-22T10:00:00Z');
const bakeMs = 30 * minute;
let now = start;
const clock = { now: () => now, sleep: () => Promise.resolve() };
const emitted: { service: string; verdict?: { state: string } }[] = [];
const live = {
  emit: (_event: string, payload: unknown) => emitted.push(payload as (typeof emitted)[number]),
};

let telemetry: DirectTelemetry;
let state: StateDatabase;
let stopState: () => Promise<void>;
let releases: Releases;
let data: ReleaseData;
let app: ReturnType<typeof appOf>;
/** Reads of telemetry besides the question which places were seen. */
let reads = 0;
/** Each test speaks of a service of its own, a day apart. */
let service = '';
let count = 0;

beforeAll(async () => {
  ({ state, stop: stopState } = await freshSqlite());
  telemetry = await openDirectTelemetry();
  releases = createReleases({
    state,
    seen: versionsSeen(telemetry.reader),
    live,
    clock,
    logger: pino({ level: 'silent' }),
    metrics: releaseMetrics(new Registry()),
  });
  const asked = createReleaseData(telemetry.reader);
  data = {
    ...asked,
    presence: (question) => {
      reads++;
      return asked.presence(question);
    },
  };
  app = appOf(
    releaseRoutes({
      ...{ access: testAccess, state, reader: telemetry.reader, clock, bakeMs },
      verdicts: verdicts(),
    }),
  );
});
afterAll(async () => {
  await telemetry.close();
  await stopState();
});
beforeEach(() => {
  now = start + ++count * 86_400_000;
  service = `checkout-${count}`;
  reads = 0;
  emitted.length = 0;
});

const verdicts = (): Verdicts =>
  createVerdicts({
    ...{ state, data, clock },
    config: { bakeTime: bakeMs, minRequests: 100, grace: 10 * minute },
    live,
    logger: pino({ level: 'silent' }),
    metrics: verdictMetrics(new Registry()),
  });
const deploy = (version: string, at: number, more: Partial<ToldChange> = {}) =>
  releases.record(
    toChange(
      {
        type: 'service.deployed',
        service,
        environment: 'production',
        version,
        finishedAt: new Date(at).toISOString(),
        ...more,
      },
      { source: 'api', now, maxFutureMs: 60 * minute },
    ),
  );

interface Traffic {
  readonly version: string;
  readonly from: number;
  readonly to: number;
  readonly perMinute?: number;
  /** Every so many fails; 0: none. */
  readonly failEvery?: number;
  readonly ms?: number;
  readonly operation?: string;
  readonly of?: string;
}

const traffic = ({ version, from, to, perMinute = 20, failEvery = 0, ms = 50, operation, of }: Traffic) =>
  telemetry.command(
    `INSERT INTO lemni.otel_traces (Timestamp, TraceId, SpanId, SpanName, SpanKind, ServiceName, ServiceVersion, Environment, Duration, StatusCode)
     SELECT fromUnixTimestamp64Milli(toInt64(${from} + number * ${Math.floor(minute / perMinute)})), 't', 's', '${operation ?? 'GET /'}', 'Server',
       '${of ?? service}', '${version}', 'production', toUInt64((${ms} + cityHash64(number) % 20) * 1000000),
       ${failEvery === 0 ? "'Ok'" : `if(number % ${failEvery} = 0, 'Error', 'Ok')`}
     FROM numbers(${Math.max(0, Math.floor(((to - from) / minute) * perMinute))})`,
  );
const logs = (
  version: string,
  from: number,
  to: number,
  line: { body: string; severity: number; pattern: number },
) =>
  telemetry.command(
    `INSERT INTO lemni.otel_logs (Timestamp, Body, SeverityNumber, ServiceName, ServiceVersion, Environment, Fingerprint)
     SELECT fromUnixTimestamp64Milli(toInt64(${from} + number * 10000)), '${line.body}', ${line.severity}, '${service}', '${version}', 'production', ${line.pattern}
     FROM numbers(${Math.floor((to - from) / 10_000)})`,
  );
const get = async <Body>(path: string, status = 200): Promise<Body> => {
  const response = await request(app).get(path).set('X-Test-Role', 'viewer');
  expect(response.body.detail ?? '').toBe(status === 200 ? '' : response.body.detail);
  expect(response.status).toBe(status);
  return response.body as Body;
};
const list = async (): Promise<Record<string, Release>> => {
  const { items } = await get<List<unknown>>(`/api/releases?service=${service}`);
  return Object.fromEntries(items.map((item) => Release.parse(item)).map((item) => [item.version, item]));
};
const detail = async (version: string): Promise<ReleaseDetail> => {
  const release = (await list())[version];
  return ReleaseDetail.parse(await get(`/api/releases/${release?.id}`));
};
/** The old version until the deploy, the new one after it; telemetry was watched. */
const rollout = async (after: Partial<Traffic> = {}, before: Partial<Traffic> = {}) => {
  const at = now;
  await traffic({ version: '1.0', from: at - 60 * minute, to: at, ...before });
  await deploy('1.0', at - 60 * minute);
  await traffic({ version: '1.1', from: at, to: at + bakeMs, ...after });
  await deploy('1.1', at);
  return at;
};
const bake = async (at: number): Promise<void> => {
  now = at + bakeMs + minute;
  await releases.pass();
  await verdicts().pass();
};

describe('a verdict', () => {
  it('is healthy when nothing moved, with numbers, and is told live once', async () => {
    const at = await rollout();
    const before = (await list())['1.1'];
    expect(before?.verdict).toMatchObject({
      state: 'baking',
      bakeUntil: new Date(at + bakeMs).toISOString(),
    });
    await bake(at);
    const { judgement, verdict } = await detail('1.1');
    expect(verdict?.sentence).toMatch(
      /^checkout-\d+ 1.1 is as good as 1.0: 0 % of 600 requests failed \(0 % before\), p95 6[89] ms \(6[89] ms\)\.$/,
    );
    expect(judgement).toMatchObject({ state: 'healthy', sentence: verdict?.sentence });
    expect(judgement?.comparison.before).toMatchObject({ version: '1.0', requests: 600 });
    expect(judgement?.comparison.measures.map(({ name }) => name)).toEqual([
      'error_ratio',
      'latency_p50',
      'latency_p95',
      'latency_p99',
      'throughput',
      'error_logs',
      'bad_feedback',
    ]);
    expect(judgement?.comparison.measures[0]?.points?.after).toHaveLength(30);
    expect(
      emitted.filter(({ service: of, verdict: told }) => of === service && told?.state === 'healthy'),
    ).toHaveLength(1);
    emitted.length = 0;
    await Promise.all([verdicts().pass(), verdicts().pass()]);
    expect(emitted).toEqual([]);
  });

  it('is degraded when requests fail, and names the operation and the new error', async () => {
    const at = now;
    await rollout({ operation: 'GET /', perMinute: 20 });
    await traffic({ version: '1.0', from: at - 60 * minute, to: at, operation: 'POST /pay' });
    await traffic({ version: '1.1', from: at, to: at + bakeMs, operation: 'POST /pay', failEvery: 4 });
    await logs('1.0', at - 60 * minute, at, { body: 'paid', severity: 9, pattern: 7 });
    await logs('1.1', at, at + bakeMs, { body: 'paid', severity: 9, pattern: 7 });
    await logs('1.1', at + 5 * minute, at + bakeMs, { body: 'no total', severity: 17, pattern: 8 });
    await bake(at);
    const { judgement } = await detail('1.1');
    expect(judgement?.state).toBe('degraded');
    expect(judgement?.sentence).toBe(
      `${service} 1.1 makes 13 % of requests fail, 0 % before: most of all POST /pay, 25 %.`,
    );
    expect(judgement?.comparison.operations[0]).toMatchObject({
      operation: 'POST /pay',
      name: 'error_ratio',
      movement: 'worse',
      beforeCount: 600,
    });
    const [measure] = judgement?.comparison.measures ?? [];
    expect(measure?.low).toBeGreaterThan(0.08);
    expect(measure?.high).toBeLessThan(0.18);
    expect(judgement?.comparison.firstSeen.map(({ sample, count: times }) => [sample, times])).toEqual([
      ['no total', 150],
    ]);
  });

  it('is degraded when it is slower, and not for a difference that nobody feels', async () => {
    const at = await rollout({ ms: 150 });
    await bake(at);
    expect((await list())['1.1']?.verdict).toMatchObject({ state: 'degraded' });
    expect((await list())['1.1']?.verdict?.sentence).toMatch(
      /^checkout-\d+ 1.1 is slower: the 95th percentile of requests is 16\d ms, 6\d ms before/,
    );
    now += 86_400_000;
    service += '-b';
    const again = await rollout({ ms: 54, perMinute: 600 }, { perMinute: 600 });
    await bake(again);
    expect((await list())['1.1']?.verdict?.state).toBe('healthy');
  });

  it.each([
    ['too few requests', { perMinute: 2 }, /it took 60 requests, and 100 are needed/],
    [
      'a version that telemetry does not carry',
      { version: '1.0' },
      /: telemetry of .* carried 1.0 in its time, and none 1.1/,
    ],
    ['no telemetry', { perMinute: 2, of: 'nobody' }, /: no telemetry of .* arrived in its time/],
  ] as const)('is inconclusive for %s', async (_name, after, words) => {
    const at = await rollout(after, {
      perMinute: 'perMinute' in after ? 2 : 20,
      ...('of' in after ? { of: 'nobody' } : {}),
    });
    await bake(at);
    expect((await list())['1.1']?.verdict).toMatchObject({ state: 'inconclusive' });
    expect((await list())['1.1']?.verdict?.sentence).toMatch(words);
  });

  it('is inconclusive for the first version that was ever seen', async () => {
    await traffic({ version: '1.0', from: now, to: now + bakeMs });
    await bake(now);
    expect((await list())['1.0']?.verdict?.sentence).toMatch(/the first version of .* that was seen/);
  });

  it('is not healthy for a release that was replaced before its time was over', async () => {
    const at = await rollout();
    now = at + 9 * minute;
    await deploy('1.2', at + 8 * minute);
    await verdicts().pass();
    expect((await list())['1.1']?.verdict).toMatchObject({ state: 'inconclusive' });
    expect((await list())['1.1']?.verdict?.sentence).toMatch(
      /replaced by 1.2 after 8 min, before its 30 min were over/,
    );
  });

  it('compares versions that run at once with each other', async () => {
    const at = now;
    // Everything fails twice as often since the deploy, in both versions: it is not the release.
    await traffic({ version: '1.0', from: at - 60 * minute, to: at, perMinute: 60 });
    await traffic({ version: '1.0', from: at, to: at + bakeMs, perMinute: 60, failEvery: 5 });
    await traffic({ version: '1.1', from: at, to: at + bakeMs, perMinute: 60, failEvery: 5 });
    await deploy('1.0', at - 60 * minute);
    await deploy('1.1', at);
    await bake(at);
    const { judgement } = await detail('1.1');
    expect(judgement?.comparison).toMatchObject({
      basis: 'alongside',
      before: { version: '1.0', requests: 1800 },
    });
    expect(judgement?.state).toBe('healthy');
    expect(judgement?.reasons.at(-1)).toMatch(/Compared with 1.0, which took 1800 requests in the same time/);
  });

  it('parts by time where telemetry carries no version, and says so', async () => {
    const at = now;
    await traffic({ version: '', from: at - 60 * minute, to: at });
    await traffic({ version: '', from: at, to: at + bakeMs, failEvery: 5 });
    await deploy('abc', at - 3 * 60 * minute);
    await deploy('def', at);
    await bake(at);
    const { judgement } = await detail('def');
    expect(judgement?.state).toBe('degraded');
    expect(judgement?.comparison.after.matchedBy).toBe('time');
    expect(judgement?.reasons.at(-1)).toMatch(/Telemetry does not carry the deployed version/);
  });

  it('says clear harm before the bake time is over, and keeps it at the end', async () => {
    const at = await rollout({ failEvery: 2 });
    now = at + 5 * minute;
    await verdicts().pass();
    const early = await detail('1.1');
    expect(early.judgement).toMatchObject({ state: 'degraded', early: true });
    await bake(at);
    const late = await detail('1.1');
    expect(late.judgement).toMatchObject({ state: 'degraded', decidedAt: early.judgement?.decidedAt });
    expect(late.judgement?.early).toBeUndefined();
    expect(late.judgement?.comparison.after.requests).toBe(600);
  });

  it('says nothing early of a release that does well', async () => {
    const at = await rollout();
    now = at + 20 * minute;
    await verdicts().pass();
    expect((await list())['1.1']?.verdict?.state).toBe('baking');
  });

  it('may be changed once by what arrives late, and says what it was', async () => {
    const at = await rollout();
    await bake(at);
    expect((await list())['1.1']?.verdict?.state).toBe('healthy');
    await traffic({ version: '1.1', from: at, to: at + bakeMs, failEvery: 2 });
    now = at + bakeMs + 12 * minute;
    await verdicts().pass();
    const { judgement } = await detail('1.1');
    expect(judgement?.state).toBe('degraded');
    expect(judgement?.reasons.at(-1)).toMatch(/it was called healthy; what arrived since changed that/);
    await traffic({ version: '1.1', from: at, to: at + bakeMs, perMinute: 2000 });
    now += 60 * minute;
    expect(await verdicts().pass()).toBe(0);
  });
});

describe('deploys', () => {
  it('in any order, twice, and from the future, give the same verdict', async () => {
    const at = now;
    await traffic({ version: '1.0', from: at - 60 * minute, to: at });
    await traffic({ version: '1.1', from: at, to: at + bakeMs, failEvery: 4 });
    now = at + bakeMs + minute;
    await deploy('1.1', at);
    await deploy('1.0', at - 60 * minute);
    await deploy('1.1', at);
    await deploy('1.1', at);
    // A clock that is ahead by half an hour: counts from its arrival, and is not judged before its time.
    await deploy('1.2', now + 30 * minute);
    await verdicts().pass();
    const found = await list();
    expect(found['1.1']?.verdict).toMatchObject({ state: 'degraded' });
    expect(found['1.2']?.verdict).toMatchObject({ state: 'baking' });
    expect((await detail('1.1')).judgement?.comparison.before).toMatchObject({ version: '1.0' });
  });

  it('of a version again, later, are judged as a run of their own', async () => {
    const at = await rollout({ failEvery: 3 });
    await bake(at);
    expect((await list())['1.1']?.verdict?.state).toBe('degraded');
    const back = at + 120 * minute;
    await traffic({ version: '1.2', from: at + 60 * minute, to: back });
    await traffic({ version: '1.1', from: back, to: back + bakeMs });
    now = back;
    await deploy('1.2', at + 60 * minute);
    await deploy('1.1', back, { startedAt: new Date(back - minute).toISOString() });
    expect((await list())['1.1']?.verdict?.state).toBe('baking');
    await bake(back);
    expect((await list())['1.1']?.verdict?.state).toBe('healthy');
    expect((await detail('1.1')).judgement?.comparison.before?.version).toBe('1.2');
  });

  it('that were imported with years of history are not judged', async () => {
    await verdicts().pass();
    reads = 0;
    for (let i = 0; i < 40; i++) await deploy(`old-${i}`, now - (400 - i) * 86_400_000);
    for (let i = 0; i < 20; i++)
      await deploy(`new-${i}`, now - (120 - i) * minute, { service: `${service}-new` });
    await verdicts().pass();
    expect(reads).toBe(0);
    expect(Object.values(await list()).every(({ verdict }) => verdict?.state === 'none')).toBe(true);
  });
});

describe('what is kept', () => {
  it('is the same after a second process judged it, and after one that died before it could tell', async () => {
    await verdicts().pass();
    const at = await rollout({ failEvery: 3 });
    now = at + bakeMs + minute;
    await releases.pass();
    const kept = await Promise.all([verdicts().pass(), verdicts().pass(), verdicts().pass()]);
    const one = await verdictOf(state, (await list())['1.1']?.id ?? '');
    expect(one?.state).toBe('degraded');
    // Releases 1.0 and 1.1, each once.
    expect(kept.reduce((sum, n) => sum + n, 0)).toBe(2);
    await verdicts().pass();
    expect(await verdictOf(state, one?.releaseId ?? '')).toEqual(one);
  });
});

describe('GET /api/releases/:id/compare', () => {
  it('compares with what ran before, and with any other release of the service', async () => {
    const at = await rollout({ failEvery: 4 });
    await traffic({ version: '1.2', from: at + 60 * minute, to: at + 90 * minute });
    now = at + 100 * minute;
    await deploy('1.2', at + 60 * minute);
    const found = await list();
    const path = `/api/releases/${found['1.2']?.id}/compare`;
    const before = Comparison.parse(await get(path));
    expect(before).toMatchObject({ basis: 'previous', before: { version: '1.1' } });
    expect(before.measures[0]).toMatchObject({ name: 'error_ratio', movement: 'better' });
    const chosen = Comparison.parse(await get(`${path}?with=${found['1.0']?.id}`));
    expect(chosen).toMatchObject({ basis: 'chosen', before: { version: '1.0', requests: 600 } });
    expect(chosen.measures[0]?.movement).toBe('same');
    await get(`${path}?with=rel-none`, 404);
    await get(`${path}?with=${found['1.2']?.id}`, 400);
  });
});
