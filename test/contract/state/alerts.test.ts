import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { createAlerts, type Alerts } from '../../../alerts/alerts.js';
import { incidentDetail } from '../../../alerts/incidents/read.js';
import { FakeRuleData, rules, secret } from '../../../alerts/testing/scenario.js';
import { ConfigSchema } from '../../../config/schema.js';
import { newUlid } from '../../../src/lib/ids.js';
import type { Alert } from '../../../src/model/alerts.js';
import type { Notification } from '../../../src/model/incidents.js';
import {
  alertsOfIncidents,
  deleteAlerts,
  evaluatedAt,
  forgetAlerts,
  liveAlerts,
  recentAlerts,
  saveAlerts,
  saveEvaluatedAt,
} from '../../../src/store/state/alerts.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { listIncidents } from '../../../src/store/state/incidents.js';
import {
  claimNotification,
  dueNotifications,
  enqueueNotifications,
  failOrphans,
  listNotifications,
  nextDueAt,
  recordOutcome,
  withdrawNotification,
} from '../../../src/store/state/notifications.js';
import { HandClock } from '../../support/hand-clock.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { stopTwins, twins } from './twins.js';

const now = Date.parse('2026-11-22T10:00:00Z');

afterAll(stopTwins);

function alert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    ...{ id, ruleId: 'r1', rule: 'High', group: 'g', fingerprint: `f-${id}`, state: 'firing' },
    ...{ labels: { service: 'cart ß' }, annotations: { summary: 'a "quoted" \u0000 text' } },
    ...{
      value: 0.0721,
      title: 't',
      sentence: 's',
      reason: 'r',
      facts: { versions: { '1.4': { requests: 2 } } },
    },
    ...{
      activeAt: now,
      firedAt: now,
      resolvedAt: null,
      keepFiringSince: null,
      incidentId: null,
      savedAt: now,
    },
    ...more,
  };
}

function message(id: string, more: Partial<Notification> = {}): Notification {
  return {
    ...{
      id,
      incidentId: 'i1',
      sequence: 1,
      notifier: 'chat',
      kind: 'webhook',
      event: 'firing',
      payload: '{}',
    },
    ...{ status: 'pending', attempts: 0, createdAt: now, nextAttemptAt: now, sentAt: null, lastError: null },
    ...more,
  };
}

describe.each(twins)('alerts in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  beforeEach(async () => ({ state, stop } = await twin.start()));
  afterEach(() => stop());

  it('keep every word and number, and change in place', async () => {
    const one = alert('a1');
    await saveAlerts(state, [one, alert('a2', { state: 'pending', value: null, firedAt: null })]);
    const [kept] = await liveAlerts(state);
    expect(kept).toEqual({ ...one, annotations: { summary: one.annotations['summary'] } });
    await saveAlerts(state, [
      { ...one, state: 'resolved', resolvedAt: now + 1, value: Number.NaN, incidentId: 'i1' },
    ]);
    expect((await liveAlerts(state)).map(({ id }) => id)).toEqual(['a2']);
    expect(await alertsOfIncidents(state, ['i1', 'i2'])).toMatchObject([{ id: 'a1', value: null }]);
    expect((await recentAlerts(state, now, 10)).map(({ id }) => id).sort()).toEqual(['a1', 'a2']);
    expect((await recentAlerts(state, now + 2, 10)).map(({ id }) => id)).toEqual(['a2']);
    await deleteAlerts(state, ['a2']);
    await forgetAlerts(state, now + 2);
    expect(await recentAlerts(state, 0, 10)).toEqual([]);
  });

  it('are there once while they live, and any number of times after', async () => {
    const same = { fingerprint: 'same' };
    await saveAlerts(state, [alert('a1', same)]);
    await expect(saveAlerts(state, [alert('a2', same)])).rejects.toThrow(/unique/i);
    await saveAlerts(state, [alert('a1', { ...same, state: 'resolved', resolvedAt: now })]);
    await saveAlerts(state, [
      alert('a2', { ...same, state: 'resolved', resolvedAt: now }),
      alert('a3', same),
    ]);
    expect(await liveAlerts(state)).toHaveLength(1);
  });

  it('take thousands at once', async () => {
    await saveAlerts(
      state,
      Array.from({ length: 3000 }, (_, i) => alert(`a${i}`)),
    );
    await saveAlerts(
      state,
      Array.from({ length: 3000 }, (_, i) => alert(`a${i}`, { incidentId: `i${i}` })),
    );
    const ids = Array.from({ length: 3000 }, (_, i) => `i${i}`);
    expect(await alertsOfIncidents(state, ids)).toHaveLength(3000);
    await deleteAlerts(
      state,
      ids.map((id) => id.replace('i', 'a')),
    );
    expect(await liveAlerts(state)).toEqual([]);
  });

  it('know when they were last evaluated', async () => {
    expect(await evaluatedAt(state)).toBeUndefined();
    await saveEvaluatedAt(state, now);
    await saveEvaluatedAt(state, now + 15_000);
    expect(await evaluatedAt(state)).toBe(now + 15_000);
  });

  it('have an outbox that gives a message to one process at a time, in order', async () => {
    await enqueueNotifications(state, [
      message('n1'),
      message('n2', { sequence: 2, event: 'resolved' }),
      message('n3', { notifier: 'other' }),
      message('n4', { incidentId: null, event: 'test' }),
      message('n5', { incidentId: 'i5', nextAttemptAt: now + 5000 }),
    ]);
    const due = await dueNotifications(state, 'chat', now, 10);
    expect(due.map(({ id }) => id)).toEqual(['n1', 'n4']);
    const [first] = due;
    if (first === undefined) throw new Error('nothing is due');
    const claims = await Promise.all([1, 2, 3, 4].map(() => claimNotification(state, first, now + 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await withdrawNotification(state, 'n1')).toBe(false);
    expect((await dueNotifications(state, 'chat', now, 10)).map(({ id }) => id)).toEqual(['n4']);
    const sent = { status: 'sent', sentAt: now, lastError: null, nextAttemptAt: now } as const;
    expect(await recordOutcome(state, { id: 'n1', attempts: 2 }, sent)).toBe(false);
    expect(await recordOutcome(state, { id: 'n1', attempts: 1 }, sent)).toBe(true);
    expect((await dueNotifications(state, 'chat', now, 10)).map(({ id }) => id)).toEqual(['n2', 'n4']);
    expect(await nextDueAt(state, 'nobody')).toBeUndefined();
    expect(await nextDueAt(state, 'chat')).toBe(now);
    expect(await failOrphans(state, ['chat'], 'gone')).toBe(1);
    expect(await failOrphans(state, [], 'gone')).toBe(3);
    const page = await listNotifications(state, { before: undefined, limit: 2 });
    expect(page.map(({ id }) => id)).toEqual(['n5', 'n4']);
    const last = page[1];
    const rest = await listNotifications(state, {
      before: { at: last?.createdAt ?? 0, id: last?.id ?? '' },
      limit: 9,
    });
    expect(rest.map(({ id, status }) => `${id} ${status}`)).toEqual(['n3 failed', 'n2 failed', 'n1 sent']);
  });

  it('open and resolve one incident though two processes evaluate at the same moment', async () => {
    const receiver = await WebhookReceiver.listen(secret);
    const directory = mkdtempSync(join(tmpdir(), 'lemni-rules-'));
    writeFileSync(
      join(directory, 'rules.yaml'),
      rules('alert: High, above: 5%', 'alert: More, above: 1%, for: 15s'),
    );
    const clock = new HandClock();
    const data = new FakeRuleData();
    const engine = (): Alerts =>
      createAlerts({
        config: ConfigSchema.parse({
          alerts: {
            rules: [join(directory, 'rules.yaml')],
            allowPrivateNetworks: ['127.0.0.1'],
            webhooks: [{ name: 'chat', url: receiver.url, secret }],
          },
        }).alerts,
        ...{ publicUrl: 'http://lemni.example', state, data, clock, newId: newUlid, random: () => 0 },
        lastDeploy: () => Promise.resolve(null),
        calls: () => Promise.resolve([]),
        judgeSuspects: () => Promise.resolve([]),
        feedbackDuring: () => Promise.resolve(null),
        live: { emit: () => undefined },
        log: pino({ level: 'silent' }),
        registry: new Registry(),
      });
    const two = [engine(), engine()];
    const round = async (errors: number): Promise<void> => {
      data.set('cart', 100, errors);
      data.set('shop', 100, errors);
      await Promise.all(two.map((each) => each.tick(clock.now())));
      for (let i = 0; i < 3; i++) await Promise.all(two.map((each) => each.dispatch()));
      clock.advance(15_000);
    };
    try {
      await Promise.all(two.map((each) => each.load()));
      for (const errors of [0, 50, 50, 50, 0, 0, 0]) await round(errors);
      const incidents = await listIncidents(state, { limit: 10 });
      expect(incidents.map(({ number, state: at }) => `${number} ${at}`).sort()).toEqual([
        '1 resolved',
        '2 resolved',
      ]);
      for (const { id } of incidents) {
        const detail = await incidentDetail(state, id);
        expect(detail?.alerts).toHaveLength(2);
        expect(detail?.notifications.map(({ event, status }) => `${event} ${status}`)).toEqual([
          'firing sent',
          'resolved sent',
        ]);
        expect(detail?.timeline.filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
      }
      expect(receiver.deliveries).toHaveLength(4);
      const [first] = incidents;
      expect(await listIncidents(state, { limit: 10, service: 'cart' })).toHaveLength(1);
      expect(await listIncidents(state, { limit: 10, state: 'active' })).toEqual([]);
      const before = { at: first?.openedAt ?? 0, id: first?.id ?? '' };
      expect(await listIncidents(state, { limit: 10, before })).toHaveLength(1);
    } finally {
      await receiver.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
