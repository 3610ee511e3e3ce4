import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProblemItem } from '../../src/http/contract/problems.js';
import { openEngine, type Engine } from '../../src/query/testing/engine.js';
import { saveAlerts, alertsOfIncidents } from '../../src/store/state/alerts.js';
import { freshSqlite, type FreshState } from '../../test/support/state.js';
import { mortal } from '../testing/death.js';
import { sendTraffic, World, type Traffic } from '../testing/world.js';

let engine: Engine;
let fresh: FreshState;
let world: World;

beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  fresh = await freshSqlite();
  for (const table of ['otel_traces', 'error_events', 'otel_logs', 'log_minutes', 'feedback']) {
    await engine.command(`TRUNCATE TABLE ${table}`);
  }
  world = new World(engine, fresh.state);
  return () => fresh.stop();
});

const second = 1000;
async function traffic(version: string, seconds: number, failing: number, more: Partial<Traffic> = {}) {
  const requests = seconds * 10;
  const to = world.now + seconds * second;
  await sendTraffic(engine, {
    ...{ service: 'checkout', version, from: world.now, to, requests },
    ...{ failed: Math.round(requests * failing), error: 'price of 42 is undefined', users: 40, ...more },
  });
  world.clock.advance(seconds * second);
}

/** 1.0 is well, 1.1 is not; the alert fires, and a problem is opened. */
async function problemWith11(): Promise<ProblemItem> {
  await world.deploy('checkout', '1.0');
  await traffic('1.0', 60, 0);
  await world.deploy('checkout', '1.1');
  await traffic('1.1', 30, 0.3);
  const incident = await world.incident('checkout', world.now - 20 * second);
  const { item } = await world.planning.problems.open(
    { from: { kind: 'incident', incidentId: incident.id } },
    'ada',
  );
  await world.planning.problems.pass();
  return item;
}

async function problem(id: string): Promise<ProblemItem> {
  const {
    timeline: _timeline,
    trend: _trend,
    incidents: _incidents,
    ...item
  } = await world.planning.problems.detail(id);
  return item;
}

async function resolveAlerts(): Promise<void> {
  const alerts = await alertsOfIncidents(world.state, ['incident-1']);
  await saveAlerts(
    world.state,
    alerts.map((alert) => ({ ...alert, state: 'resolved', resolvedAt: world.now })),
  );
}

describe('a release that names a problem', () => {
  it('is watched for the bake time, and verified when the problem is gone', async () => {
    const { id } = await problemWith11();
    const releaseId = await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await traffic('1.2', 5, 0);
    await world.planning.problems.pass();
    const watched = await problem(id);
    expect(watched).toMatchObject({
      state: 'fixed',
      verification: { state: 'watching', releaseId, service: 'checkout', version: '1.2', decidedAt: null },
    });
    expect(watched.verification?.sentence).toMatch(
      /^Watching checkout 1.2; so far seen 0 times in 50 requests/,
    );
    await traffic('1.2', 16, 0);
    await world.planning.problems.pass();
    const done = await problem(id);
    expect(done.state).toBe('verified');
    expect(done.verification?.sentence).toBe(
      'Gone with checkout 1.2: seen 0 times in 210 requests (before: 90 of 300, 30 %).',
    );
    expect(done.verification?.evidence).toHaveLength(3);
    expect(done.verification?.evidence[2]).toBe('The alert HighErrorRatio still fires.');
    expect(world.live.at(-1)).toEqual(done);
    const { timeline } = await world.planning.problems.detail(id);
    expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'fixed', 'verified']);
  });

  it('is found out when it does not fix it, by half of the time', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: [id] });
    await traffic('1.2', 5, 0.3);
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('fixed');
    await traffic('1.2', 6, 0.3);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({
      state: 'regressed',
      verification: {
        state: 'regressed',
        sentence: expect.stringMatching(/^Not fixed by checkout 1.2: seen 33 times/),
      },
    });
    // The next one may.
    await world.deploy('checkout', '1.3', { fixes: ['P-1'] });
    await traffic('1.3', 21, 0);
    await world.planning.problems.pass();
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'verified', verification: { version: '1.3' } });
  });

  it('may be the one before, when it is rolled back to', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.0', { type: 'service.rolledback', fixes: ['P-1'] });
    await traffic('1.0', 21, 0);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'verified', verification: { version: '1.0' } });
    const { timeline } = await world.planning.problems.detail(id);
    expect(timeline[1]?.text).toBe('checkout was rolled back to 1.0 to fix P-1.');
  });

  it('says nothing without traffic, and is looked at on', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    world.clock.advance(25 * second);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({
      state: 'fixed',
      verification: {
        state: 'inconclusive',
        decidedAt: null,
        sentence: expect.stringMatching(/^No traffic/),
      },
    });
    await traffic('1.2', 20, 0);
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('verified');
  });

  it('is not held against requests of the version before, which ends late', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    const from = world.now;
    await sendTraffic(engine, {
      ...{ service: 'checkout', version: '1.1', from, to: from + 20 * second },
      ...{ requests: 50, failed: 15, error: 'price of 1 is undefined' },
    });
    await traffic('1.2', 21, 0);
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('verified');
  });

  it('is not called wrong when it was rolled back, and the problem with it', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await traffic('1.2', 5, 0);
    await world.planning.problems.pass();
    await world.deploy('checkout', '1.1', { type: 'service.rolledback' });
    await traffic('1.1', 12, 0.3);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({
      state: 'regressed',
      verification: {
        version: '1.2',
        sentence: expect.stringMatching(
          /^checkout 1\.2 was rolled back to 1\.1: seen 36 times in 170 requests/,
        ),
      },
    });
  });

  it('is noticed although the clock was a day ahead for a moment', async () => {
    world.clock.advance(86_400_000);
    await world.planning.problems.pass();
    world.clock.advance(-86_400_000);
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'fixed', verification: { version: '1.2' } });
  });

  it('is none when it ran before the problem began, however late it is told', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '0.9', { fixes: ['P-1'], at: world.now - 86_400 * second });
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'open', verification: null });
  });

  it('counts in its own environment only', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'], environment: 'staging' });
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('open');
  });
});

describe('a problem that was verified', () => {
  it('is regressed when it comes back, in whatever version', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await traffic('1.2', 21, 0);
    await resolveAlerts();
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('verified');
    await traffic('1.3', 60, 0);
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('verified');
    await traffic('1.4', 120, 0.3);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({
      state: 'regressed',
      verification: { state: 'regressed', sentence: expect.stringMatching(/^It is back: seen /) },
    });
  });

  it('is not begun to be watched again by a deploy that repeats its words', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await traffic('1.2', 21, 0);
    await world.planning.problems.pass();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await world.planning.problems.pass();
    expect((await problem(id)).state).toBe('verified');
  });
});

describe('a rollback without a word', () => {
  it('is noted once', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.0', { type: 'service.rolledback' });
    await world.planning.problems.pass();
    await world.planning.problems.pass();
    const { timeline, state } = await world.planning.problems.detail(id);
    expect(state).toBe('open');
    expect(timeline.filter(({ kind }) => kind === 'evidence_added').map(({ text }) => text)).toEqual([
      'checkout was rolled back to 1.0 without naming this problem: a deploy with fixes: ["P-1"] is watched.',
    ]);
  });
});

describe('a person', () => {
  it('has the last word', async () => {
    const { id } = await problemWith11();
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await world.planning.problems.pass();
    await world.planning.problems.patch(id, { state: 'dismissed' }, 'bob');
    await traffic('1.2', 21, 0);
    await world.planning.problems.pass();
    expect(await problem(id)).toMatchObject({ state: 'dismissed', verification: { state: 'inconclusive' } });
  });
});

describe('a process that is killed', () => {
  it('before any statement judges the fix once', { timeout: 120_000 }, async () => {
    const death = mortal(fresh.state);
    world = new World(engine, fresh.state, { state: death.state });
    const { id } = await problemWith11();
    let deaths = 0;
    /** Passes until one gets through, dying before statement 1, 2, 3 ... on the way. */
    const survivePass = async (): Promise<void> => {
      for (let n = 1; ; n++) {
        world.restart();
        death.in(n);
        const survived = await world.planning.problems.pass().then(
          () => true,
          () => false,
        );
        death.never();
        if (survived) return;
        deaths++;
      }
    };
    // Ids are in order within a process: what a new one writes comes later.
    world.clock.advance(second);
    await world.deploy('checkout', '1.2', { fixes: ['P-1'] });
    await survivePass();
    await traffic('1.2', 21, 0);
    await survivePass();
    expect(deaths).toBeGreaterThan(30);
    const { timeline, state } = await world.planning.problems.detail(id);
    expect(state).toBe('verified');
    expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'fixed', 'verified']);
  });
});
