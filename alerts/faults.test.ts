import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { StateDatabase } from '../src/store/state/connect.js';
import { incidentDetail } from './incidents/read.js';
import { listen, type BadReceiver } from './testing/receiver.js';
import { rules, Scenario, type ScenarioOptions } from './testing/scenario.js';
import { slackAnswer } from './testing/slack-rules.js';

let s: Scenario;
let bad: BadReceiver | undefined;
afterEach(async () => {
  await s.stop();
  await bad?.close();
  bad = undefined;
});

const high = rules('alert: High, above: 5%');

/** One receiver that is well (hook0) and one that does what it is told, in Slack's way and in ours. */
async function beside(
  kind: 'slack' | 'webhooks',
  answer: (response: ServerResponse, count: number, body: string) => void,
  more: Partial<ScenarioOptions> = {},
): Promise<Scenario> {
  bad = await listen(answer);
  const other = { name: 'other', url: bad.url };
  s = await Scenario.open({
    ...{ rules: high, outbound: { timeoutMs: 300 }, ...more },
    alerts: kind === 'slack' ? { slack: [other] } : { webhooks: [other] },
  });
  return s;
}

async function theIncident() {
  const [row] = await s.state.selectFrom('incidents').select('id').execute();
  return incidentDetail(s.state, row?.id ?? '');
}

/** How the messages to `other` stand. */
async function records(): Promise<string[]> {
  const incident = await theIncident();
  return (incident?.notifications ?? [])
    .filter(({ notifier }) => notifier === 'other')
    .map(({ event, status, attempts }) => `${event} ${status} ${attempts}`);
}

const faults: readonly (readonly [string, (response: ServerResponse) => unknown, RegExp])[] = [
  ['hangs', () => undefined, /did not answer within 0\.3 s/],
  ['answers 500', (r) => r.writeHead(500).end('broken'), /answered 500: broken/],
  [
    'redirects inside',
    (r) => r.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    /a redirect to 169\.254\.169\.254, which is not followed/,
  ],
  ['refuses', (r) => r.destroy(), /127\.0\.0\.1/],
];

describe.each(['webhooks', 'slack'] as const)('a receiver of %s', (kind) => {
  it.each(faults)(
    'that %s for ten minutes is told in the end, in order, and each once',
    { timeout: 60_000 },
    async (_name, fault, error) => {
      const arrived: string[] = [];
      await beside(kind, (response, _count, body) => {
        if (s.seconds < 600) return void fault(response);
        arrived.push(body);
        return void response.end('ok');
      });
      s.data.set('cart', 100, 50);
      await s.until(30);
      const failing = await theIncident();
      const message = failing?.notifications.find(({ notifier }) => notifier === 'other');
      expect(message).toMatchObject({ status: 'pending', lastError: expect.stringMatching(error) });
      expect(message?.lastError).not.toMatch(/secret/);
      // The page says so, and the metric counts it.
      expect(failing?.timeline.find(({ data }) => data['failed'] === true)?.text).toMatch(
        /^Could not tell other \(firing\) yet: /,
      );
      expect(await s.registry.getSingleMetricAsString('lemni_alerts_notifications_total')).toMatch(
        /outcome="retry",reason="(timeout|server_error|redirect|network)"\} [1-9]/,
      );
      await s.until(60);
      s.data.set('cart', 100, 0);
      await s.until(1000);
      expect(await records()).toEqual(['firing sent 5', 'resolved sent 1']);
      expect(arrived).toHaveLength(2);
      expect(arrived[0]).toMatch(kind === 'slack' ? /Firing #1/ : /incident\.firing/);
      expect(arrived[1]).toMatch(kind === 'slack' ? /Resolved #1/ : /incident\.resolved/);
      // Who is well heard of it at once all the while.
      expect(s.receiver.deliveries).toHaveLength(2);
      const well = (await theIncident())?.notifications.filter(({ notifier }) => notifier === 'hook0');
      expect(well?.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(['sent 1', 'sent 1']);
    },
  );

  it('that says 410 is left alone', async () => {
    await beside(kind, (response) => response.writeHead(410).end());
    s.data.set('cart', 100, 50);
    await s.until(600);
    expect(await records()).toEqual(['firing failed 1']);
    expect(bad?.received).toHaveLength(1);
  });

  it('that has had enough (429) is left alone as long as it asks, with everything', async () => {
    const at: number[] = [];
    await beside(kind, (response) => {
      at.push(s.seconds);
      if (at.length === 1) response.writeHead(429, { 'retry-after': '100' }).end('ratelimited');
      else response.end('ok');
    });
    s.data.set('cart', 100, 50);
    await s.until(16);
    s.data.set('shop', 100, 50);
    s.data.set('mail', 100, 50);
    await s.until(300);
    expect(at.slice(0, 2)).toEqual([15, 115]);
    expect(at).toHaveLength(4);
    const sent = await s.state
      .selectFrom('notifications')
      .select('status')
      .where('notifier', '=', 'other')
      .execute();
    expect(sent.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
  });
});

describe('a process that dies in the middle of telling Slack', () => {
  it('tells again after the lease, and says that it may be a repetition', async () => {
    let left = Number.POSITIVE_INFINITY;
    const dying = (state: StateDatabase): StateDatabase =>
      state.withPlugin({
        transformQuery: ({ node }) => {
          if (left-- <= 0) throw new Error('killed');
          return node;
        },
        transformResult: ({ result }) => Promise.resolve(result),
      });
    await beside(
      'slack',
      (response, _count, body) => {
        const { status, text } = slackAnswer(body);
        response.writeHead(status).end(text);
      },
      { wrap: dying, webhooks: 0 },
    );
    s.data.set('cart', 100, 50);
    await s.alerts.load();
    await s.alerts.tick(s.clock.now());
    // What is due, and the claim; then it arrives, and nothing is written about that.
    left = 2;
    await expect(s.alerts.dispatch()).rejects.toThrow('killed');
    left = Number.POSITIVE_INFINITY;
    expect(bad?.received).toHaveLength(1);
    s.restart();
    await s.alerts.load();
    expect(await s.alerts.dispatch()).toBe(0);
    s.clock.advance(60_000);
    expect(await s.alerts.dispatch()).toBe(1);
    const bodies = bad?.received.map(({ body }) => body) ?? [];
    expect(bodies.map((body) => body.includes('Sent again: Lemni was stopped'))).toEqual([false, true]);
    s.clock.advance(3_600_000);
    expect(await s.alerts.dispatch()).toBe(0);
    expect(await records()).toEqual(['firing sent 2']);
  });
});
