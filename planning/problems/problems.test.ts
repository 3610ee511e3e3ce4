import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../src/query/testing/engine.js';
import { problemTelemetry } from '../../src/query/problems/telemetry.js';
import { freshSqlite, type FreshState } from '../../test/support/state.js';
import { sendTraffic, World } from '../testing/world.js';

let engine: Engine;
let fresh: FreshState;
let world: World;
const minute = 60_000;

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

/** A quarter of an hour of health, then five minutes in which 30 % fail for 40 people. */
async function badFiveMinutes(): Promise<void> {
  const { now } = world;
  const common = { service: 'checkout', users: 200 };
  await sendTraffic(engine, {
    ...common,
    version: '1.0',
    from: now - 20 * minute,
    to: now - 5 * minute,
    requests: 600,
    failed: 6,
    error: 'socket hang up',
  });
  await sendTraffic(engine, {
    ...common,
    version: '1.1',
    from: now - 5 * minute,
    to: now,
    requests: 200,
    failed: 60,
    error: 'price of 42 is undefined',
  });
}

async function openFromIncident() {
  await badFiveMinutes();
  const incident = await world.incident('checkout', world.now - 4.8 * minute);
  const from = { kind: 'incident', incidentId: incident.id } as const;
  return { incident, ...(await world.planning.problems.open({ from }, 'ada')) };
}

describe('a problem from an incident', () => {
  it('has the alert and what began with it, and says what it costs', async () => {
    const { item, isNew } = await openFromIncident();
    expect(isNew).toBe(true);
    expect(item).toMatchObject({
      number: 1,
      title: 'checkout: requests fail',
      state: 'open',
      services: ['checkout'],
      environment: 'prod',
      createdBy: 'ada',
      ticket: null,
      verification: null,
    });
    // The other exception was there before, as often: it is not part of this.
    expect(item.signature).toMatchObject([
      {
        kind: 'alert',
        rule: 'HighErrorRatio',
        service: 'checkout',
        operation: '',
        measure: 'failed_requests',
      },
      { kind: 'error_group', service: 'checkout', title: 'Error: price of 42 is undefined' },
    ]);
    expect(item.impact).toMatchObject({ people: 60, requestsFailed: 60, feedback: 0 });
    expect(item.impact.minutes).toBeGreaterThanOrEqual(5);
    expect(item.impact.score).toBe(600 + 60 + item.impact.minutes);
    expect(item.impact.arithmetic).toBe(
      `60 people × 10 + 60 failed requests + ${item.impact.minutes} minutes + 0 feedbacks × 25 = ${item.impact.score}`,
    );
    expect(world.live.at(-1)).toEqual(item);
  });

  it('is one, however often it is opened, and by however many at once', async () => {
    const { incident, item } = await openFromIncident();
    const input = { from: { kind: 'incident', incidentId: incident.id } } as const;
    const again = await Promise.all([1, 2, 3].map(() => world.planning.problems.open(input, 'bob')));
    expect(again.map((one) => [one.isNew, one.item.id])).toEqual(Array(3).fill([false, item.id]));
    const other = await world.incident('cart', world.now);
    const both = await Promise.all(
      [1, 2, 3].map(() =>
        world.planning.problems.open({ from: { kind: 'incident', incidentId: other.id } }, 'bob'),
      ),
    );
    expect(new Set(both.map((one) => one.item.id)).size).toBe(1);
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await world.planning.problems.list({ limit: 10 })).map(({ number }) => number).sort()).toEqual([
      1, 2,
    ]);
  });

  it('has a timeline, a trend that sums up to what was seen, and its incidents', async () => {
    const { item, incident } = await openFromIncident();
    await world.planning.problems.comment(item.id, 'Prices are read from the new cache.', 'bob');
    const detail = await world.planning.problems.detail(item.id);
    expect(detail.timeline.map(({ kind, text }) => [kind, text])).toEqual([
      ['opened', 'ada opened it from incident #1'],
      ['comment', 'Prices are read from the new cache.'],
    ]);
    expect(detail.incidents).toMatchObject([{ id: incident.id, number: 1, state: 'open' }]);
    const sums = detail.trend.series.map(({ points }) =>
      points.reduce<number>((sum, n) => sum + (n ?? 0), 0),
    );
    expect(detail.trend.series.map(({ labels }) => labels['kind'])).toEqual(['alert', 'error_group']);
    expect(sums[1]).toBe(60);
    expect(sums[0]).toBeGreaterThanOrEqual(60);
  });

  it('costs more as it goes on, and is told', async () => {
    const { item } = await openFromIncident();
    world.clock.advance(minute);
    await sendTraffic(engine, {
      ...{ service: 'checkout', version: '1.1', users: 1000 },
      from: world.now - minute,
      to: world.now,
      requests: 100,
      failed: 50,
      error: 'price of 7 is undefined',
    });
    world.live.length = 0;
    await world.planning.problems.pass();
    expect(world.live).toHaveLength(1);
    expect(world.live[0]?.impact.requestsFailed).toBe(110);
    expect(world.live[0]?.impact.score).toBeGreaterThan(item.impact.score);
    world.live.length = 0;
    await world.planning.problems.pass();
    expect(world.live).toHaveLength(0);
  });
});

describe('a problem from elsewhere', () => {
  const open = async (from: Parameters<typeof world.planning.problems.open>[0]['from']) =>
    world.planning.problems.open({ from }, 'ada');

  it('may be an error group, as the list of errors has it', async () => {
    await badFiveMinutes();
    const range = { fromMs: world.now - 60 * minute, toMs: world.now };
    const { items } = await problemTelemetry(engine.reader).errorGroups({ range, limit: 10 });
    expect(items.map(({ message, count, people, versions }) => [message, count, people, versions])).toEqual([
      ['price of 42 is undefined', 60, 60, ['1.1']],
      ['socket hang up', 6, 2, ['1.0']],
    ]);
    const { service = '', fingerprint = '' } = items[0] ?? {};
    const { item, isNew } = await open({ kind: 'error_group', service, fingerprint });
    expect(isNew).toBe(true);
    expect(item).toMatchObject({
      title: 'checkout: Error: price of 42 is undefined',
      environment: 'prod',
      impact: { people: 60, requestsFailed: 60, minutes: expect.any(Number) },
    });
    expect((await open({ kind: 'error_group', service, fingerprint })).isNew).toBe(false);
    await expect(open({ kind: 'error_group', service: 'cart', fingerprint })).rejects.toThrow(
      'No such error group of "cart" was seen in the last 30 days.',
    );
  });

  it('may be a log pattern', async () => {
    const at = (seconds: number) => `${world.now - seconds * 1000}000000`;
    await engine.insert(
      'otel_logs',
      [10, 20, 200].map((seconds) => ({
        ...{ Timestamp: at(seconds), ServiceName: 'cart', Environment: 'prod', SeverityNumber: 17 },
        ...{
          Body: 'cannot reserve 12',
          Fingerprint: '18446744073709551615',
          LogAttributes: { 'session.id': 's1' },
        },
      })),
    );
    const { item } = await open({ kind: 'pattern', service: 'cart', fingerprint: '18446744073709551615' });
    expect(item).toMatchObject({
      title: 'cart: cannot reserve 12',
      impact: { people: 1, requestsFailed: 3, feedback: 0 },
    });
  });

  it('may be what people said, with what went wrong around it', async () => {
    await badFiveMinutes();
    const [failed] = await engine.reader.rows<{ trace: string }>(
      "SELECT TraceId AS trace FROM error_events WHERE Message LIKE 'price%' LIMIT 1",
    );
    const said = (id: string, more: object) => ({
      ...{
        Id: id,
        At: world.now - 1000,
        ServiceName: 'web',
        Environment: 'prod',
        Rating: 1,
        ReceivedAt: world.now,
      },
      ...more,
    });
    await engine.insert('feedback', [
      said('feedback-1', { Message: 'I cannot pay', Email: 'a@example.com', TraceId: failed?.trace }),
      said('feedback-2', { Message: 'no price', UserId: 'u9', At: world.now }),
    ]);
    const { item } = await open({ kind: 'feedback', feedbackIds: ['feedback-2', 'feedback-1'] });
    expect(item.title).toBe('“I cannot pay” (and 1 more)');
    expect(item.signature.map(({ kind }) => kind)).toEqual(['feedback', 'feedback', 'error_group']);
    expect(item.impact).toMatchObject({ feedback: 2, requestsFailed: 60 });
    const same = await open({ kind: 'feedback', feedbackIds: ['feedback-1', 'feedback-2', 'feedback-1'] });
    expect(same).toMatchObject({ isNew: false, item: { id: item.id } });
    await expect(open({ kind: 'feedback', feedbackIds: ['nobody-said'] })).rejects.toThrow(
      'no feedback "nobody-said"',
    );
  });
});
