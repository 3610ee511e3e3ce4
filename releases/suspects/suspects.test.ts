import { pino } from 'pino';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toChange, type ToldChange } from '../../ingest/changes/change.js';
import { ReleaseDetail } from '../../src/http/contract/changes.js';
import { Suspects as Answer, type Suspect } from '../../src/http/contract/suspects.js';
import type { Alert } from '../../src/model/alerts.js';
import { releaseId } from '../../src/model/releases.js';
import { createServiceGraph } from '../../src/query/service-graph.js';
import { createSuspectData } from '../../src/query/suspects/suspect-data.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { insertIncidents, resolveIncidents } from '../../src/store/state/incident-changes.js';
import { openDirectTelemetry, type DirectTelemetry } from '../../test/support/direct-telemetry.js';
import { appOf, testAccess } from '../../test/support/open-doors.js';
import { freshSqlite } from '../../test/support/state.js';
import { releaseRoutes } from '../api.js';
import { releaseMetrics } from '../metrics.js';
import { createReleases, type Releases } from '../releases.js';
import { versionsSeen } from '../seen.js';
import { suspectRoutes } from './api.js';
import { suspectMetrics } from './metrics.js';
import type { SuspectData } from './ports.js';
import { createSuspects, type Suspects } from './suspects.js';

const minute = 60_000;
const start = Date.parse('2026-11-22T10:00:00Z');
let now = start;
let began = start;
const clock = { now: () => now, sleep: () => Promise.resolve() };

let telemetry: DirectTelemetry;
let state: StateDatabase;
let stopState: () => Promise<void>;
let releases: Releases;
let count = 0;
/** Each test has a service and an environment of its own, a day apart. */
let service = '';
let environment = '';
const announced: string[] = [];

beforeAll(async () => {
  ({ state, stop: stopState } = await freshSqlite());
  telemetry = await openDirectTelemetry();
  releases = createReleases({
    state,
    seen: versionsSeen(telemetry.reader),
    live: { emit: () => undefined },
    clock,
    logger: pino({ level: 'silent' }),
    metrics: releaseMetrics(new Registry()),
  });
});
afterAll(async () => {
  await telemetry.close();
  await stopState();
});
beforeEach(() => {
  began = start + ++count * 3 * 86_400_000;
  now = began + 3 * minute;
  service = `checkout-${count}`;
  environment = `env-${count}`;
  announced.length = 0;
});

const suspects = (data: Partial<SuspectData> = {}): Suspects =>
  createSuspects({
    state,
    data: { ...createSuspectData(telemetry.reader), ...data },
    graph: createServiceGraph(telemetry.reader),
    announce: (ids) => {
      announced.push(...ids);
      return Promise.resolve();
    },
    clock,
    logger: pino({ level: 'silent' }),
    metrics: suspectMetrics(new Registry()),
  });
const told = (version: string, at: number, more: Partial<ToldChange> = {}) =>
  releases.record(
    toChange(
      {
        ...{ type: 'service.deployed', service, environment, version },
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
  readonly failEvery?: number;
  readonly ms?: number;
  readonly of?: string;
}
const traffic = ({ version, from, to, perMinute = 30, failEvery = 0, ms = 50, of = service }: Traffic) =>
  telemetry.command(
    `INSERT INTO lemni.otel_traces (Timestamp, TraceId, SpanId, SpanName, SpanKind, ServiceName, ServiceVersion, Environment, Duration, StatusCode)
     SELECT fromUnixTimestamp64Milli(toInt64(${from} + number * ${Math.floor(minute / perMinute)})), 't', 's', 'POST /pay', 'Server',
       '${of}', '${version}', '${environment}', toUInt64((${ms} + cityHash64(number) % 20) * 1000000),
       ${failEvery === 0 ? "'Ok'" : `if(number % ${failEvery} = 0, 'Error', 'Ok')`}
     FROM numbers(${Math.max(0, Math.floor(((to - from) / minute) * perMinute))})`,
  );
/** The caller's client spans and the callee's server spans of so many traces. */
const calls = async (caller: string, callee: string): Promise<void> => {
  const at = `fromUnixTimestamp64Milli(toInt64(${began - 5 * minute} + number * 1000))`;
  for (const [name, id, parent, kind] of [
    [caller, 'client', '', 'Client'],
    [callee, 'server', 'client', 'Server'],
  ] as const) {
    await telemetry.command(
      `INSERT INTO lemni.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, ServiceVersion, Environment)
       SELECT ${at}, toString(number), '${id}', '${parent}', 'call', '${kind}', '${name}', '1.0', '${environment}' FROM numbers(60)`,
    );
  }
};
const alert = (facts: Record<string, unknown>, labels: Record<string, string> = {}): Alert => ({
  ...{ id: 'alert', ruleId: 'r', rule: 'Requests fail', group: 'g', fingerprint: 'f', annotations: {} },
  labels: { service, environment, ...labels },
  ...{ value: 0.2, title: '', sentence: '', reason: '', state: 'firing', facts },
  ...{ activeAt: began + 15_000, firedAt: began + 30_000, resolvedAt: null, keepFiringSince: null },
  ...{ incidentId: null, savedAt: now },
});
const judged = (facts: Record<string, unknown> = { errors: 1 }, by: Suspects = suspects()) =>
  by.judge({
    incidentId: `incident-${count}`,
    at: began + 15_000,
    now,
    environment,
    services: [service],
    alerts: [alert(facts)],
  });
const names = (found: readonly Suspect[]) => found.map(({ version }) => version);
const evidence = (found: Suspect | undefined, kind: string) =>
  found?.evidence.filter((one) => one.kind === kind) ?? [];
const open = (): Promise<void> =>
  insertIncidents(state, [
    {
      incident: {
        ...{ id: `incident-${count}`, number: count, title: 'Requests fail', state: 'open' },
        ...{ severity: 'critical', services: [service], environment, openedAt: began + 30_000 },
        ...{ acknowledgedAt: null, resolvedAt: null, assignee: null, summary: '', lastDeploy: null },
      },
      places: [{ service, environment }],
    },
  ]);

describe('the suspect', () => {
  it('is the release whose requests fail, with numbers and links', async () => {
    await told('1.0', began - 10 * 3_600_000);
    await told('1.1', began - minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began - minute });
    await traffic({ version: '1.1', from: began, to: now, failEvery: 3 });
    const found = await judged();
    expect(names(found)).toEqual(['1.1', '', '1.0']);
    expect(found[0]?.probability).toBeGreaterThan(0.85);
    expect(found[0]?.title).toBe(`${service} 1.1, deployed 1 min before it began`);
    expect(found.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 10);
    expect(evidence(found[0], 'before_after')[0]?.text).toMatch(/^0 % of 1,770 requests .* 33 % of 90 since/);
    for (const { link } of found[0]?.evidence ?? []) expect(link).toMatch(/^\//);
  });

  it('is the canary and not the version beside it', async () => {
    await told('1.0', began - 3 * minute);
    await told('1.1', began - 2 * minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: now, perMinute: 50 });
    await traffic({ version: '1.1', from: began, to: now, perMinute: 10, failEvery: 2 });
    const found = await judged();
    expect(found[0]?.version).toBe('1.1');
    expect(found[0]?.probability).toBeGreaterThan(0.9);
    expect(evidence(found[0], 'share_of_failures')[0]?.text).toContain('(100 %) ran 1.1, which took 17 %');
  });

  it('is the release of what it calls, when that fails too', async () => {
    const payment = `payment-${count}`;
    await calls(service, payment);
    await told('2.1', began - 2 * minute, { service: payment });
    await told('1.1', began - 9 * minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began - 9 * minute });
    await traffic({ version: '1.1', from: began - 9 * minute, to: began });
    await traffic({ version: '1.1', from: began, to: now, failEvery: 4 });
    await traffic({ version: '2.0', from: began - 60 * minute, to: began, of: payment });
    await traffic({ version: '2.1', from: began, to: now, failEvery: 3, of: payment });
    const found = await judged();
    expect(found[0]?.service).toBe(payment);
    expect(evidence(found[0], 'service_graph')[0]?.text).toContain(`${service} calls ${payment}`);
  });

  it('is slow to tell from latency too', async () => {
    await told('1.1', began - minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began - minute });
    await traffic({ version: '1.1', from: began, to: now, ms: 900 });
    const found = await judged({ quantileMs: 900 });
    expect(found[0]?.version).toBe('1.1');
    expect(evidence(found[0], 'before_after')[0]?.text).toContain('100 % of 90 since');
  });
});

describe('no release', () => {
  it('is all that is left where nothing was deployed', async () => {
    await traffic({ version: '1.0', from: began - 60 * minute, to: began });
    await traffic({ version: '1.0', from: began, to: now, failEvery: 3 });
    const [only, ...others] = await judged();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ releaseId: null, title: 'No release is to blame', probability: 1 });
  });

  it('is to blame for what began before the deploy', async () => {
    await told('1.1', began + 2.5 * minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began });
    await traffic({ version: '1.0', from: began, to: now, failEvery: 3 });
    const found = await judged();
    expect(found[0]?.releaseId).toBeNull();
    expect(found[1]?.title).toContain('after it began');
  });

  it('knows of a change of configuration', async () => {
    await telemetry.command(
      `INSERT INTO lemni.changes (Id, At, Type, ServiceName, Environment, Actor, Attributes, ReceivedAt)
       VALUES ('c-${count}', fromUnixTimestamp64Milli(toInt64(${began - minute})), 'environment.modified', '${service}', '${environment}', 'ann', {}, now64(3))`,
    );
    const [first] = await judged();
    expect(first?.evidence.map(({ text }) => text).join(' ')).toContain('was changed by ann');
  });
});

describe('deploys', () => {
  it('told twice, out of order or canceled are one candidate or none; from the future, a late one', async () => {
    await told('1.2', began - minute);
    await told('1.2', began - minute);
    await told('1.1', began - 30 * minute);
    await told('1.3', began - 2 * minute, { status: 'canceled' });
    await told('1.4', now + 40 * minute);
    const found = await judged();
    expect(names(found).sort()).toEqual(['', '1.1', '1.2', '1.4']);
    // A clock that is ahead: it was told now.
    expect(found.at(-1)?.title).toBe(`${service} 1.4, deployed 3 min after it began`);
  });

  it('that telemetry alone told of are candidates, the first version ever seen is none', async () => {
    await traffic({ version: '1.0', from: began - 60 * minute, to: began });
    await releases.pass();
    await traffic({ version: '1.1', from: began, to: now, failEvery: 2 });
    await releases.pass();
    const found = await judged();
    expect(names(found)).toEqual(['1.1', '']);
    expect(found[0]?.title).toContain('first seen');
  });

  it('are judged by time where telemetry carries no versions', async () => {
    await told('1.1', began - minute);
    await traffic({ version: '', from: began - 60 * minute, to: began });
    await traffic({ version: '', from: began, to: now, failEvery: 3 });
    const found = await judged();
    expect(found[0]?.version).toBe('1.1');
    expect(evidence(found[0], 'share_of_failures')).toEqual([]);
  });
});

describe('what cannot be read', () => {
  it('is named, and the rest is judged', async () => {
    await told('1.1', began - minute);
    const broken = suspects({ minutes: () => Promise.reject(new Error('away')) });
    const found = await judged({ errors: 1 }, broken);
    expect(names(found).sort()).toEqual(['', '1.1']);
    const none = found.find(({ releaseId: id }) => id === null);
    expect(none?.evidence.map(({ text }) => text).join(' ')).toContain('requests by version');
  });
});

describe('an incident', () => {
  it('is judged before it opens, again while it goes on, and once when it ends', async () => {
    await told('1.1', began - minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began });
    await judged();
    await open();
    const loop = suspects();
    expect(await loop.pass()).toBe(0);
    await traffic({ version: '1.1', from: began, to: now, failEvery: 3 });
    now += 31_000;
    expect(await loop.pass()).toBe(1);
    expect(announced).toEqual([`incident-${count}`]);
    now += 5000;
    await resolveIncidents(state, [`incident-${count}`], now);
    now += 1000;
    expect(await loop.pass()).toBe(1);
    expect(await loop.pass()).toBe(0);
  });

  it('and the release that it suspects tell of one another', async () => {
    await told('1.1', began - minute);
    await traffic({ version: '1.0', from: began - 60 * minute, to: began });
    await traffic({ version: '1.1', from: began, to: now, failEvery: 3 });
    await open();
    const app = appOf(
      suspectRoutes({ access: testAccess, state }),
      releaseRoutes({
        ...{ access: testAccess, state, reader: telemetry.reader, clock, bakeMs: minute },
        verdicts: { compare: () => Promise.reject(new Error('not asked')) },
      }),
    );
    const get = async (path: string) => request(app).get(path).set('X-Test-Role', 'viewer');
    const before = Answer.parse((await get(`/api/incidents/incident-${count}/suspects`)).body);
    expect(before).toEqual({ incidentId: `incident-${count}`, judgedAt: null, items: [] });
    await suspects().pass();
    const after = Answer.parse((await get(`/api/incidents/incident-${count}/suspects`)).body);
    expect(after.items[0]?.version).toBe('1.1');
    const id = releaseId({ service, environment }, '1.1');
    const release = ReleaseDetail.parse((await get(`/api/releases/${id}`)).body);
    expect(release.suspectedOf).toMatchObject([{ incidentId: `incident-${count}`, state: 'open' }]);
    expect((await get('/api/incidents/none/suspects')).status).toBe(404);
  });
});
