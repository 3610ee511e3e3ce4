import { afterEach, describe, expect, it } from 'vitest';
import type { TimelineKind } from '../src/model/incidents.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { dueNotifications } from '../src/store/state/notifications.js';
import { incidentDetail } from './incidents/read.js';
import { rules, Scenario } from './testing/scenario.js';

let scenario: Scenario | undefined;
afterEach(async () => {
  await scenario?.stop();
  scenario = undefined;
});

/** The process dies before its n-th statement from now: nothing after it reaches the database. */
class Death {
  #left = Number.POSITIVE_INFINITY;
  statements = 0;

  in(statements: number): void {
    this.#left = statements;
    this.statements = 0;
  }

  never(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  wrap(state: StateDatabase): StateDatabase {
    return state.withPlugin({
      transformQuery: ({ node }) => {
        this.statements++;
        if (this.statements > this.#left) throw new Error('killed');
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
  }
}

/** What must hold whatever happened: every firing alert has its incident, everything is there once. */
async function check({ state }: Scenario): Promise<void> {
  const alerts = await state.selectFrom('alert_states').selectAll().execute();
  for (const alert of alerts) {
    if (alert.state === 'firing') expect(alert.incident_id).not.toBeNull();
  }
  const incidents = await state.selectFrom('incidents').selectAll().orderBy('number').execute();
  expect(incidents.map(({ number }) => number)).toEqual(incidents.map((_, i) => i + 1));
  for (const { id, state: incidentState } of incidents) {
    const detail = await incidentDetail(state, id);
    if (detail === undefined) throw new Error('An incident has no detail.');
    const kinds = detail.timeline.map(({ kind }) => kind);
    const times = (kind: TimelineKind): number => kinds.filter((each) => each === kind).length;
    expect(times('opened')).toBe(1);
    // It ends once for each time that it begins.
    const isOver = incidentState === 'resolved';
    expect(times('resolved')).toBe(times('reopened') + (isOver ? 1 : 0));
    expect(times('deploy')).toBe(1);
    const events = detail.notifications.map(({ event }) => event);
    const wanted = Array.from({ length: times('reopened') + 1 }, () => ['firing', 'resolved']).flat();
    expect(events).toEqual(isOver ? wanted : wanted.slice(0, -1));
    expect(detail.alerts).toHaveLength(2 * (times('reopened') + 1) * detail.services.length);
    const open = await state
      .selectFrom('incident_services')
      .select('open_place')
      .where('incident_id', '=', id)
      .execute();
    expect(open).toHaveLength(detail.services.length);
    for (const { open_place: place } of open) expect(place === null).toBe(isOver);
  }
}

describe('a process that is killed', () => {
  it(
    'before any statement of an evaluation has lost nothing and doubled nothing',
    { timeout: 120_000 },
    async () => {
      const death = new Death();
      const s = (scenario = await Scenario.open({
        rules: rules('alert: High, above: 5%', 'alert: Also, above: 1%'),
        wrap: (state) => death.wrap(state),
      }));
      for (const service of ['cart', 'shop']) {
        const released = { service, version: '1.4.0', releaseId: 'rel', actor: 'ada' };
        s.deploys.set(service, { ...released, at: s.startedAt - 60_000 });
      }
      let opened = 0;
      let deaths = 0;
      const begun = async (): Promise<number> => {
        const kinds = await s.state.selectFrom('incident_timeline').select('kind').execute();
        return kinds.filter(({ kind }) => kind === 'opened' || kind === 'reopened').length;
      };
      /** Evaluates until it gets through, dying before statement 1, 2, 3 ... on the way. */
      async function surviveTick(): Promise<void> {
        for (let n = 1; ; n++) {
          s.restart();
          await s.alerts.load();
          death.in(n);
          await s.alerts.tick(s.clock.now());
          const survived = death.statements <= n;
          death.never();
          await check(s);
          if (survived) return;
          // It died after the transaction, while it told the browsers, or nothing of it is there.
          const there = await begun();
          expect([opened, opened + each]).toContain(there);
          if (there === opened) deaths++;
        }
      }
      // Two incidents; both again soon after; then, as they are known to call one another, a new one for both.
      let each = 2;
      for (let round = 0; round < 3; round++) {
        s.data.set('cart', 100, 50);
        s.data.set('shop', 100, 50);
        await surviveTick();
        opened += each;
        await s.dispatch();
        s.clock.advance(15_000);
        s.data.set('cart', 100, 0);
        s.data.set('shop', 100, 0);
        await surviveTick();
        await s.dispatch();
        s.clock.advance(15_000);
        if (round === 0) continue;
        each = 1;
        s.clock.advance(3_600_000);
        s.calls = () =>
          Promise.resolve([{ caller: 'cart', callee: 'shop', environment: 'prod', calls: 9, errors: 1 }]);
      }
      expect(deaths).toBeGreaterThan(60);
      expect(s.told.map(({ type, number }) => `${type} ${number}`)).toEqual([
        ...['firing 1', 'firing 2', 'resolved 1', 'resolved 2'].map((told) => `incident.${told}`),
        ...['firing 1', 'firing 2', 'resolved 1', 'resolved 2'].map((told) => `incident.${told}`),
        ...['firing 3', 'resolved 3'].map((told) => `incident.${told}`),
      ]);
    },
  );

  it('between sending and writing it down sends the same message again, with the same id', async () => {
    const death = new Death();
    const s = (scenario = await Scenario.open({
      rules: rules('alert: High, above: 5%'),
      wrap: (state) => death.wrap(state),
    }));
    s.data.set('cart', 100, 50);
    await s.alerts.load();
    await s.alerts.tick(s.clock.now());
    // The list of what is due, and the claim; the outcome is never written.
    death.in(2);
    await expect(s.alerts.dispatch()).rejects.toThrow('killed');
    death.never();
    expect(s.receiver.deliveries).toHaveLength(1);
    s.restart();
    await s.alerts.load();
    expect(await s.alerts.dispatch()).toBe(0);
    s.clock.advance(60_000);
    expect(await s.alerts.dispatch()).toBe(1);
    const ids = s.receiver.deliveries.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(s.receiver.deliveries[0]?.body).toBe(s.receiver.deliveries[1]?.body);
    s.clock.advance(3_600_000);
    expect(await s.alerts.dispatch()).toBe(0);
  });
});

describe('two processes over one outbox', () => {
  it('send each message once', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%'), webhooks: 3 }));
    for (let i = 0; i < 20; i++) s.data.set(`service-${i}`, 100, 50);
    await s.alerts.load();
    await s.alerts.tick(s.clock.now());
    const first = s.alerts;
    s.restart();
    const made = await Promise.all([first.dispatch(), s.alerts.dispatch(), first.dispatch()]);
    await Promise.all([first.dispatch(), s.alerts.dispatch()]);
    expect(made.reduce((a, b) => a + b)).toBeGreaterThan(0);
    expect(s.receiver.deliveries).toHaveLength(60);
    expect(new Set(s.receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(60);
    expect(await dueNotifications(s.state, 'hook0', s.clock.now() + 1e9, 10)).toEqual([]);
  });

  it('open one incident between them, and agree about it afterwards', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%, for: 15s') }));
    s.data.set('cart', 100, 50);
    await s.alerts.load();
    const other = s.alerts;
    s.restart();
    await s.alerts.load();
    for (let i = 0; i < 4; i++) {
      await other.tick(s.clock.now());
      await s.alerts.tick(s.clock.now());
      s.clock.advance(15_000);
    }
    s.data.set('cart', 100, 0);
    await s.alerts.tick(s.clock.now());
    await other.tick(s.clock.now());
    await s.dispatch();
    const incidents = await s.state.selectFrom('incidents').select(['number', 'state']).execute();
    expect(incidents).toEqual([{ number: 1, state: 'resolved' }]);
    expect(await s.state.selectFrom('notifications').select('event').execute()).toHaveLength(0);
  });
});

describe('a receiver', () => {
  it('that is gone for good is left alone, and still the end is tried', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%') }));
    s.receiver.answer = () => ({ status: 410 });
    s.data.set('cart', 100, 50);
    await s.until(3600);
    expect(s.receiver.deliveries).toHaveLength(1);
    const [incident] = await s.state.selectFrom('incidents').select('id').execute();
    const detail = await incidentDetail(s.state, incident?.id ?? '');
    expect(detail?.notifications).toMatchObject([
      { status: 'failed', attempts: 1, lastError: expect.stringContaining('410') },
    ]);
    expect(detail?.timeline.at(-1)?.text).toMatch(
      /^Could not tell hook0 \(firing\): .*Given up after 1 attempt$/,
    );
  });

  it('that asks for a pause gets it', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%') }));
    s.receiver.answer = (n) =>
      n === 1 ? { status: 503, headers: { 'retry-after': '100' } } : { status: 200 };
    s.data.set('cart', 100, 50);
    await s.until(120);
    expect(s.told.map(({ at }) => at)).toEqual([15, 115]);
  });

  it('that answers 500 for ten minutes is told in the end, in order', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%') }));
    s.receiver.answer = () => ({ status: s.seconds < 600 ? 500 : 200 });
    s.data.set('cart', 100, 50);
    await s.until(100);
    s.data.set('cart', 100, 0);
    await s.until(1000);
    const arrived = s.told.filter(({ at }) => at >= 600);
    expect(arrived.map(({ type }) => type)).toEqual(['incident.firing', 'incident.resolved']);
    const records = await s.state
      .selectFrom('notifications')
      .select(['event', 'status', 'attempts'])
      .execute();
    expect(records).toEqual([
      { event: 'firing', status: 'sent', attempts: 5 },
      { event: 'resolved', status: 'sent', attempts: 1 },
    ]);
  });

  it('is given up after a day', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%') }));
    s.receiver.answer = () => ({ status: 500 });
    s.data.set('cart', 100, 50);
    await s.tick();
    for (let minute = 0; minute < 26 * 60; minute++) {
      s.clock.advance(60_000);
      await s.alerts.dispatch();
    }
    expect(s.receiver.deliveries).toHaveLength(11);
    const [record] = await s.state.selectFrom('notifications').selectAll().execute();
    expect(record).toMatchObject({ status: 'failed', attempts: 11 });
  });

  it('is tested by a message of its own, and says at once what is wrong', async () => {
    const s = (scenario = await Scenario.open({ rules: rules('alert: High, above: 5%') }));
    s.receiver.answer = (n) => ({ status: n === 1 ? 200 : 500 });
    const [sent] = await Promise.all([s.alerts.testNotifier('hook0'), soon(() => s.alerts.dispatch())]);
    expect(sent).toMatchObject({ event: 'test', status: 'sent', incidentId: null });
    const [failed] = await Promise.all([s.alerts.testNotifier('hook0'), soon(() => s.alerts.dispatch())]);
    expect(failed).toMatchObject({ status: 'failed', lastError: expect.stringContaining('answered 500') });
    await expect(s.alerts.testNotifier('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

async function soon(work: () => Promise<unknown>): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  await work();
}
