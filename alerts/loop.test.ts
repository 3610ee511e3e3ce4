import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigSchema } from '../config/schema.js';
import { systemClock, type Clock } from '../src/lib/clock.js';
import { newUlid } from '../src/lib/ids.js';
import { eventually } from '../test/support/eventually.js';
import { freshSqlite, type FreshState } from '../test/support/state.js';
import { WebhookReceiver } from '../test/support/webhook-receiver.js';
import { createAlerts, type Alerts } from './alerts.js';
import { listen } from './testing/receiver.js';
import { FakeRuleData, rules, secret } from './testing/scenario.js';

let fresh: FreshState;
let receiver: WebhookReceiver;
let alerts: Alerts;
let registry: Registry;
let file: string;
let data: FakeRuleData;
/** How far the clock was set, ms. */
let offset = 0;
/** When telemetry answers what people said. */
let answer: Promise<void> = Promise.resolve();
const clock: Clock = { now: () => Date.now() + offset, sleep: (ms, signal) => systemClock.sleep(ms, signal) };

beforeEach(async () => {
  offset = 0;
  fresh = await freshSqlite();
  receiver = await WebhookReceiver.listen(secret);
  data = new FakeRuleData();
  file = join(fresh.dataDir, 'rules.yaml');
  alerts = engine(receiver.url);
});

function engine(url: string): Alerts {
  registry = new Registry();
  return createAlerts({
    config: ConfigSchema.parse({
      alerts: {
        rules: [join(fresh.dataDir, '*.yaml')],
        interval: '100ms',
        allowPrivateNetworks: ['127.0.0.0/8'],
        webhooks: [{ name: 'chat', url, secret }],
      },
    }).alerts,
    ...{ publicUrl: 'http://lemni.example', state: fresh.state, data, clock, newId: newUlid },
    ...{ random: Math.random, log: pino({ level: 'silent' }), registry },
    lastDeploy: () => Promise.resolve(null),
    calls: () => Promise.resolve([]),
    judgeSuspects: () => Promise.resolve([]),
    feedbackDuring: async () => {
      await answer;
      return null;
    },
    live: { emit: () => undefined },
  });
}

afterEach(async () => {
  await alerts.stop();
  await receiver.close();
  await fresh.stop();
});

async function metric(name: string): Promise<number> {
  const text = await registry.getSingleMetricAsString(name);
  return Number(/^[^#\n]* (\d+(\.\d+)?)$/m.exec(text)?.[1]);
}

describe('the engine on the real clock', () => {
  it('evaluates, tells, takes up a changed rule file by itself, and is quiet after its stop', async () => {
    data.set('cart', 100, 50);
    await alerts.start();
    expect(alerts.rules().rules).toEqual([]);
    writeFileSync(file, rules('alert: High, above: 5%'));
    await eventually(
      () => Promise.resolve(receiver.deliveries),
      ({ length }) => length === 1,
    );
    expect(receiver.deliveries[0]?.verified?.type).toBe('incident.firing');
    writeFileSync(file, rules('alert: High, above: 5%, nonsense: 1'));
    await eventually(
      () => Promise.resolve(alerts.rules()),
      ({ fileErrors }) => fileErrors.length === 1,
    );
    expect(alerts.rules().rules).toHaveLength(1);
    expect(await metric('lemni_alerts_rule_file_errors')).toBe(1);
    data.set('cart', 100, 0);
    await eventually(
      () => Promise.resolve(receiver.deliveries),
      ({ length }) => length === 2,
    );
    await alerts.stop();
    const { asked } = data;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(data.asked).toBe(asked);
  });

  it('goes on when the clock is set back by an hour', async () => {
    writeFileSync(file, rules('alert: High, above: 5%'));
    data.set('cart', 100, 0);
    await alerts.start();
    await eventually(
      () => Promise.resolve(data.asked),
      (asked) => asked > 1,
    );
    offset = -3_600_000;
    data.set('cart', 100, 50);
    const [first] = await eventually(
      () => Promise.resolve(receiver.deliveries),
      (deliveries) => deliveries.length > 0,
    );
    expect(first?.body).toContain('incident.firing');
  });

  it('goes on while telemetry does not answer what happened during an incident', async () => {
    let release: () => void = () => undefined;
    answer = new Promise((resolve) => (release = resolve));
    try {
      writeFileSync(file, rules('alert: High, above: 5%'));
      data.set('cart', 100, 50);
      await alerts.start();
      await eventually(
        () => Promise.resolve(receiver.deliveries.length),
        (count) => count === 1,
      );
      data.set('mail', 100, 50);
      await eventually(
        () => Promise.resolve(receiver.deliveries.length),
        (count) => count === 2,
      );
    } finally {
      release();
    }
  });

  it('runs no two evaluations at once, and counts those it left out', async () => {
    writeFileSync(file, rules('alert: High, above: 5%'));
    let running = 0;
    let most = 0;
    data.errorRatios = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 350));
      running--;
      return [];
    };
    await alerts.start();
    await eventually(
      () => metric('lemni_alerts_evaluations_missed_total'),
      (missed) => missed >= 3,
    );
    const two = await Promise.all([alerts.tick(Date.now()), alerts.tick(Date.now())]);
    expect(two).toContain(false);
    expect(most).toBe(1);
  });

  it('goes on when the database was away for a moment', async () => {
    writeFileSync(file, rules('alert: High, above: 5%'));
    await alerts.start();
    await fresh.state.schema.alterTable('alert_states').renameTo('hidden').execute();
    data.set('cart', 100, 50);
    await eventually(
      () => metric('lemni_alerts_evaluation_failures_total'),
      (failures) => failures > 0,
    );
    await fresh.state.schema.alterTable('hidden').renameTo('alert_states').execute();
    await eventually(
      () => Promise.resolve(receiver.deliveries),
      ({ length }) => length === 1,
    );
  });

  it('stops at once although a receiver hangs, and the message is not lost', async () => {
    writeFileSync(file, rules('alert: High, above: 5%'));
    const hanging = await listen(() => undefined);
    alerts = engine(hanging.url);
    data.set('cart', 100, 50);
    await alerts.start();
    await eventually(
      () => Promise.resolve(hanging.received),
      ({ length }) => length === 1,
    );
    const started = Date.now();
    await alerts.stop();
    expect(Date.now() - started).toBeLessThan(6000);
    await hanging.close();
    const rows = await fresh.state.selectFrom('notifications').select(['status', 'attempts']).execute();
    expect(rows).toEqual([{ status: 'pending', attempts: 1 }]);
  });
});
