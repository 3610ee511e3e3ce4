import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlerts, type Alerts } from '../../../alerts/alerts.js';
import { incidentDetail } from '../../../alerts/incidents/read.js';
import { FakeRuleData, rules, secret } from '../../../alerts/testing/scenario.js';
import { ConfigSchema } from '../../../config/schema.js';
import { newUlid } from '../../../src/lib/ids.js';
import type { TimelineEntry } from '../../../src/model/incidents.js';
import { alertsOfIncidents } from '../../../src/store/state/alerts.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { addTimelineOnce, putTimeline } from '../../../src/store/state/incident-timeline.js';
import { listIncidents } from '../../../src/store/state/incidents.js';
import { countNotifications, listNotifications } from '../../../src/store/state/notifications.js';
import { HandClock } from '../../support/hand-clock.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { stopTwins, twins } from './twins.js';

afterAll(stopTwins);

describe.each(twins)('incidents in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  let receiver: WebhookReceiver;
  let directory: string;
  const clock = new HandClock();
  const data = new FakeRuleData();

  beforeEach(async () => {
    ({ state, stop } = await twin.start());
    receiver = await WebhookReceiver.listen(secret);
    directory = mkdtempSync(join(tmpdir(), 'lemni-rules-'));
    writeFileSync(join(directory, 'rules.yaml'), rules('alert: High, above: 5%', 'alert: More, above: 1%'));
    data.rows.clear();
  });
  afterEach(async () => {
    await receiver.close();
    rmSync(directory, { recursive: true, force: true });
    await stop();
  });

  function engine(over: StateDatabase = state): Alerts {
    return createAlerts({
      config: ConfigSchema.parse({
        alerts: {
          rules: [join(directory, 'rules.yaml')],
          allowPrivateNetworks: ['127.0.0.1'],
          webhooks: [{ name: 'chat', url: receiver.url, secret }],
        },
      }).alerts,
      ...{ publicUrl: 'http://lemni.example', state: over, data, clock, newId: newUlid, random: () => 0 },
      lastDeploy: (service) =>
        Promise.resolve({ service, version: '1.1', at: clock.now() - 60_000, releaseId: null, actor: '' }),
      calls: () =>
        Promise.resolve([{ caller: 'web', callee: 'cart', environment: 'prod', calls: 5, errors: 1 }]),
      judgeSuspects: () => Promise.resolve([]),
      feedbackDuring: () =>
        Promise.resolve({ people: 2, badly: 1, feedbackId: 'f', lastAt: clock.now() - 1000 }),
      live: { emit: () => undefined },
      log: pino({ level: 'silent' }),
      registry: new Registry(),
    });
  }

  it('open over several services, spread, end, and open again, whoever of two processes evaluates', async () => {
    const two = [engine(), engine()];
    const round = async (errors: Readonly<Record<string, number>>): Promise<void> => {
      for (const [service, count] of Object.entries(errors)) data.set(service, 100, count);
      await Promise.all(two.map((each) => each.tick(clock.now())));
      for (let i = 0; i < 3; i++) await Promise.all(two.map((each) => each.dispatch()));
      clock.advance(15_000);
    };
    await Promise.all(two.map((each) => each.load()));
    await round({ web: 50, mail: 50 });
    await round({ cart: 50 });
    await round({});
    const places = async () =>
      (await state.selectFrom('incident_services').selectAll().execute())
        .map(({ service, open_place }) => `${service} ${open_place === null ? 'over' : 'open'}`)
        .sort();
    expect(await places()).toEqual(['cart open', 'mail open', 'web open']);
    await round({ web: 0, mail: 0, cart: 0 });
    await round({});
    expect(await places()).toEqual(['cart over', 'mail over', 'web over']);
    await round({ cart: 50 });
    await round({});
    expect(await places()).toEqual(['cart open', 'mail over', 'web open']);
    await round({ cart: 0 });
    await round({});

    const incidents = await listIncidents(state, { limit: 10 });
    expect(incidents).toHaveLength(2);
    const shop = incidents.find(({ services }) => services.includes('cart'));
    const detail = await incidentDetail(state, shop?.id ?? '');
    expect(detail).toMatchObject({ state: 'resolved', services: ['cart', 'web'] });
    const kinds = detail?.timeline.map(({ kind }) => kind) ?? [];
    expect(kinds.filter((kind) => kind === 'reopened')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'resolved')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'feedback')).toHaveLength(1);
    expect(detail?.notifications.map(({ event, status }) => `${event} ${status}`)).toEqual([
      'firing sent',
      'resolved sent',
      'firing sent',
      'resolved sent',
    ]);
    expect(new Set(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(
      receiver.deliveries.length,
    );
    expect(await countNotifications(state, 0)).toEqual(new Map([['chat sent', 6]]));
    expect(await listNotifications(state, { notifier: 'chat', status: 'failed', limit: 5 })).toEqual([]);
    // The newest of each, in their order.
    const newest = await alertsOfIncidents(state, [shop?.id ?? ''], 2);
    const all = await alertsOfIncidents(state, [shop?.id ?? '']);
    expect(newest.map(({ id }) => id)).toEqual(all.slice(-2).map(({ id }) => id));
  });

  it('lose no alert and no message when a person resolves them in the middle of an evaluation', async () => {
    writeFileSync(
      join(directory, 'rules.yaml'),
      rules('alert: Some, above: 1%', 'alert: Many, above: 20%, severity: critical'),
    );
    const person = engine();
    const wrong: string[] = [];
    let statements = 0;
    for (let at = 1; at <= Math.max(1, statements); at++) {
      let resolving: Promise<void> | undefined;
      const counting = engine(
        state.withPlugin({
          transformQuery: ({ node }) => node,
          transformResult: async ({ result }) => {
            if (++statements === at && incidentId !== '') {
              resolving = person.incidents.resolve(incidentId, 'ada');
              // It may have to wait for the evaluation: then the evaluation does not wait for it.
              await Promise.race([resolving, new Promise((done) => setTimeout(done, 50))]);
            }
            return result;
          },
        }),
      );
      let incidentId = '';
      data.rows.clear();
      await counting.load();
      data.set('cart', 100, 5);
      await counting.tick(clock.now());
      incidentId = (await listIncidents(state, { state: 'open', limit: 1 }))[0]?.id ?? '';
      clock.advance(15_000);
      for (const service of ['cart', 'web']) data.set(service, 100, 50);
      statements = 0;
      await counting.tick(clock.now());
      await resolving;
      clock.advance(15_000);
      await counting.tick(clock.now());
      const all = await listIncidents(state, { limit: 2 });
      const alerts = await alertsOfIncidents(
        state,
        all.map(({ id }) => id),
      );
      const firing = alerts
        .filter((alert) => alert.state === 'firing')
        .map(({ labels }) => labels['service']);
      if (firing.length < 4) wrong.push(`${at}: ${firing.join()} fire`);
      for (const { id, state: stands } of all) {
        const detail = await incidentDetail(state, id);
        const events = detail?.notifications.map(({ event }) => event) ?? [];
        const isOver = stands === 'resolved';
        if ((events.at(-1) === 'resolved') !== isOver && events.length > 0)
          wrong.push(`${at}: ${stands}, told ${events.join()}`);
        const kept = await state
          .selectFrom('incident_services')
          .select('open_place')
          .where('incident_id', '=', id)
          .where('open_place', 'is not', null)
          .execute();
        if (isOver && kept.length > 0) wrong.push(`${at}: over, but open at ${JSON.stringify(kept)}`);
      }
      data.rows.clear();
      clock.advance(15_000);
      await counting.tick(clock.now());
      clock.advance(3_600_000);
    }
    expect(wrong).toEqual([]);
  });

  it('have lines in their timelines that are there once, and lines that say anew', async () => {
    const one = engine();
    await one.load();
    data.set('cart', 100, 50);
    await one.tick(clock.now());
    const [incident] = await listIncidents(state, { limit: 1 });
    const line = (text: string): TimelineEntry => ({
      ...{ id: 'once-1', incidentId: incident?.id ?? '', at: clock.now(), kind: 'deploy', text },
      ...{ actor: null, data: { text } },
    });
    expect(await addTimelineOnce(state, [line('one'), line('one')])).toHaveLength(1);
    expect(await putTimeline(state, line('one'))).toBe(false);
    expect(await putTimeline(state, line('two'))).toBe(true);
    expect(await addTimelineOnce(state, [line('three')])).toEqual([]);
    const detail = await incidentDetail(state, incident?.id ?? '');
    expect(detail?.timeline.filter(({ id }) => id === 'once-1')).toMatchObject([{ text: 'two' }]);
  });
});
