import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Loop, Services } from '../../http/contract/telemetry.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { gridOf, type Range } from '../time-range.js';
import type { CurrentVersion, OpenIncident } from '../ports.js';
import { loop } from './loop.js';
import { serviceRows } from './rows.js';

const now = Date.parse('2026-11-22T10:00:30Z');
const minute = 60_000;
const range: Range = { fromMs: now - 60 * minute, toMs: now };
const at = (agoMs: number): string => new Date(now - agoMs).toISOString().replace('T', ' ').replace('Z', '');

let engine: Engine;
let told: CurrentVersion[] = [];
let open: OpenIncident[] = [];

beforeAll(async () => {
  engine = await openEngine();
});
beforeEach(() => {
  told = [];
  open = [];
});
afterAll(() => engine.close());

async function rows(environment?: string): Promise<Services> {
  const answer = await serviceRows(
    {
      reader: engine.reader,
      versions: { current: () => Promise.resolve(told) },
      incidents: { open: () => Promise.resolve(open) },
    },
    { grid: gridOf(range, 60, minute), environment },
  );
  expect(Services.parse(answer)).toEqual(answer);
  return answer;
}

async function stations(
  problems = { ever: 0, active: 0, regressed: 0 },
): Promise<Record<string, [number | null, string]>> {
  const deps = {
    reader: engine.reader,
    incidents: { open: () => Promise.resolve(open) },
    problems: { counts: () => Promise.resolve(problems) },
  };
  const answer = await loop(deps, now);
  expect(Loop.parse(answer)).toEqual(answer);
  return Object.fromEntries(answer.stations.map(({ station, value, state }) => [station, [value, state]]));
}

describe('before anything came', () => {
  it('there are no services, and no station is connected', async () => {
    expect((await rows()).items).toEqual([]);
    const all = await stations();
    expect(Object.keys(all)).toEqual([
      'plan',
      'code',
      'build',
      'test',
      'release',
      'deploy',
      'operate',
      'monitor',
      'feedback',
    ]);
    expect(new Set(Object.values(all).map(([value, state]) => `${String(value)} ${state}`))).toEqual(
      new Set(['null unconnected']),
    );
  });
});

describe('the plan', () => {
  it.each([
    [{ ever: 3, active: 0, regressed: 0 }, [0, 'healthy']],
    [{ ever: 3, active: 2, regressed: 0 }, [2, 'information']],
    [{ ever: 3, active: 2, regressed: 1 }, [2, 'warning']],
  ])('%j is %j', async (problems, expected) => {
    expect((await stations(problems))['plan']).toEqual(expected);
  });
});

describe('when telemetry came', () => {
  beforeAll(async () => {
    const span = (i: number, more: object): object => ({
      Timestamp: at(i * minute + 1),
      SpanKind: 'Server',
      SpanName: 'GET /',
      ServiceName: 'shop',
      Environment: 'prod',
      ServiceVersion: i < 30 ? '1.1.0' : '1.0.0',
      Duration: 100e6,
      StatusCode: i % 10 === 0 ? 'Error' : 'Ok',
      ...more,
    });
    await engine.insert('otel_traces', [
      ...Array.from({ length: 60 }, (_, i) => span(i, {})),
      ...Array.from({ length: 60 }, (_, i) =>
        span(i, { SpanKind: 'Client', ParentSpanId: 'p', Duration: 1 }),
      ),
      span(5, { Environment: 'staging', StatusCode: 'Error' }),
    ]);
    await engine.insert('otel_logs', [
      { Timestamp: at(minute), ServiceName: 'shop', Environment: 'prod', SeverityNumber: 17, Body: 'failed' },
      { Timestamp: at(minute), ServiceName: 'shop', Environment: 'prod', SeverityNumber: 9, Body: 'fine' },
      { Timestamp: at(2 * minute), ServiceName: 'cron', SeverityNumber: 21, Body: 'died' },
      { Timestamp: at(200 * minute), ServiceName: 'old', SeverityNumber: 21, Body: 'long ago' },
    ]);
  });

  it('a row says what a service did, the busiest first', async () => {
    const { items, stepMs } = await rows();
    expect(stepMs).toBe(minute);
    expect(items.map(({ service, environment }) => [service, environment])).toEqual([
      ['shop', 'prod'],
      ['shop', 'staging'],
      ['cron', ''],
    ]);
    const [shop, , cron] = items;
    expect(shop).toMatchObject({
      requests: 60,
      errors: 6,
      p95: 100,
      logErrors: 1,
      version: '1.1.0',
      versionSince: '2026-11-22T09:31:00.000Z',
      openIncidents: 0,
    });
    expect(cron).toMatchObject({
      requests: 0,
      errors: 0,
      p95: null,
      logErrors: 1,
      version: '',
      versionSince: null,
    });
    for (const row of items)
      expect([row.requestPoints, row.errorPoints, row.p95Points].map(({ length }) => length)).toEqual(
        Array.from({ length: 3 }, () => 61),
      );
    expect(shop?.requestPoints.reduce((sum, n) => sum + n, 0)).toBe(60);
    expect(shop?.errorPoints.reduce((sum, n) => sum + n, 0)).toBe(6);
  });

  it('keeps to an environment', async () => {
    expect((await rows('staging')).items.map(({ service }) => service)).toEqual(['shop']);
    expect((await rows("x' OR 1=1")).items).toEqual([]);
  });

  it('believes releases and alerts before telemetry', async () => {
    told = [{ service: 'shop', environment: 'prod', version: '1.2.0', since: now - 5000 }];
    open = [
      { service: 'shop', environment: 'prod', severity: 'critical' },
      { service: 'shop', environment: '', severity: 'warning' },
      { service: 'cron', environment: 'prod', severity: 'warning' },
    ];
    const { items } = await rows();
    expect(items[0]).toMatchObject({
      version: '1.2.0',
      versionSince: new Date(now - 5000).toISOString(),
      openIncidents: 2,
    });
    expect(items.slice(1).map(({ openIncidents }) => openIncidents)).toEqual([1, 0]);
  });

  it('the loop counts', async () => {
    const change = (Id: string, Type: string, Status: string, agoMs: number): object => ({
      Id,
      Type,
      Status,
      At: at(agoMs),
      ReceivedAt: at(agoMs),
    });
    await engine.insert('changes', [
      change('1', 'service.deployed', 'succeeded', 1000),
      change('2', 'service.deployed', 'succeeded', 90_000_000),
      change('3', 'pipelinerun.finished', 'failed', 1000),
      change('4', 'pipelinerun.finished', 'succeeded', 2000),
      change('5', 'change.merged', 'succeeded', 90_000_000),
      change('6', 'artifact.published', 'succeeded', 5),
      change('6', 'artifact.published', 'succeeded', 4),
    ]);
    await engine.insert('feedback', [
      { Id: 'f1', At: at(1000), ReceivedAt: at(1000), Rating: 1, Message: 'slow' },
      { Id: 'f2', At: at(2000), ReceivedAt: at(2000), Rating: 0, Message: 'hm' },
    ]);
    expect(await stations()).toEqual({
      plan: [null, 'unconnected'],
      code: [0, 'information'],
      build: [2, 'warning'],
      test: [null, 'unconnected'],
      release: [1, 'healthy'],
      deploy: [1, 'healthy'],
      // Five whole minutes: five requests of shop in prod, one of staging that failed, and three logs.
      operate: [1.2, 'warning'],
      monitor: [1.8, 'healthy'],
      feedback: [2, 'warning'],
    });
    open = [{ service: 'shop', environment: 'prod', severity: 'critical' }];
    expect((await stations())['operate']?.[1]).toBe('critical');
  });
});
