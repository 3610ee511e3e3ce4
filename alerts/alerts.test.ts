import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { incidentDetail } from './incidents/read.js';
import { rules, Scenario, type ScenarioOptions, type Told } from './testing/scenario.js';

let scenario: Scenario;

async function open(options: ScenarioOptions): Promise<Scenario> {
  scenario = await Scenario.open(options);
  return scenario;
}

afterEach(async () => scenario.stop());

const high = rules('alert: High, above: 5%, for: 30s, keepFiringFor: 30s, severity: critical');

/** What happens when, in seconds; evaluations are at multiples of 15. */
type Timetable = [at: number, what: (s: Scenario) => void | Promise<void>][];
type Wanted = [from: number, to: number, type: string, number: number][];

const fails = (service: string) => (s: Scenario) => s.data.set(service, 1000, 72);
const isWell = (service: string) => (s: Scenario) => s.data.set(service, 1000, 2);

async function play(s: Scenario, timetable: Timetable, end: number): Promise<void> {
  for (const [at, what] of timetable) {
    await s.until(at);
    await what(s);
  }
  await s.until(end);
}

function expectTold(told: readonly Told[], wanted: Wanted): void {
  expect(told.map(({ type, number }) => `${type} #${number}`)).toEqual(
    wanted.map(([, , type, number]) => `incident.${type} #${number}`),
  );
  for (const [i, [from, to]] of wanted.entries()) {
    expect(told[i]?.at).toBeGreaterThanOrEqual(from);
    expect(told[i]?.at).toBeLessThanOrEqual(to);
  }
}

interface Case {
  readonly name: string;
  readonly rules: string;
  readonly timetable: Timetable;
  readonly end: number;
  readonly wanted: Wanted;
}

const cases: Case[] = [
  {
    name: 'fires after `for`, is kept, and resolves by itself',
    rules: high,
    timetable: [
      [1, isWell('cart')],
      [20, fails('cart')],
      [100, isWell('cart')],
    ],
    end: 300,
    wanted: [
      [60, 60, 'firing', 1],
      [135, 135, 'resolved', 1],
    ],
  },
  {
    name: 'says nothing of a spike shorter than `for`',
    rules: high,
    timetable: [
      [10, fails('cart')],
      [40, isWell('cart')],
    ],
    end: 200,
    wanted: [],
  },
  {
    name: 'takes a comeback within keepFiringFor as nothing new, within 5 min opens it again, and later another',
    rules: high,
    timetable: [
      [1, fails('cart')],
      [80, isWell('cart')],
      [100, fails('cart')],
      [140, isWell('cart')],
      [280, fails('cart')],
      [320, isWell('cart')],
      [700, fails('cart')],
    ],
    end: 740,
    wanted: [
      [45, 45, 'firing', 1],
      [180, 180, 'resolved', 1],
      [315, 315, 'firing', 1],
      [360, 360, 'resolved', 1],
      [735, 735, 'firing', 2],
    ],
  },
  {
    name: 'opens one incident a service',
    rules: rules('alert: High, above: 5%'),
    timetable: [
      [1, fails('cart')],
      [16, fails('shop')],
      [31, isWell('cart')],
    ],
    end: 60,
    wanted: [
      [15, 15, 'firing', 1],
      [30, 30, 'firing', 2],
      [45, 45, 'resolved', 1],
    ],
  },
  {
    name: 'joins alerts of a service, tells again when it gets graver, and resolves with the last of them',
    rules: rules(
      'alert: Some, above: 5%, severity: warning',
      'alert: Many, above: 50%, severity: critical',
      'alert: Also, above: 1%, severity: info',
    ),
    timetable: [
      [1, fails('cart')],
      [31, (s) => s.data.set('cart', 1000, 700)],
      [61, fails('cart')],
      [91, (s) => s.data.set('cart', 1000, 20)],
      [121, isWell('cart')],
    ],
    end: 150,
    wanted: [
      [15, 15, 'firing', 1],
      [45, 45, 'firing', 1],
      [135, 135, 'resolved', 1],
    ],
  },
  {
    name: 'resolves when the service is gone',
    rules: rules('alert: High, above: 5%'),
    timetable: [
      [1, fails('cart')],
      [20, (s) => s.data.rows.clear()],
    ],
    end: 60,
    wanted: [
      [15, 15, 'firing', 1],
      [30, 30, 'resolved', 1],
    ],
  },
  {
    name: 'changes nothing while telemetry cannot be asked',
    rules: rules('alert: High, above: 5%, for: 30s'),
    timetable: [
      [1, fails('cart')],
      [20, (s) => (s.data.failure = new Error('away'))],
      [130, (s) => (s.data.failure = undefined)],
      [200, (s) => (s.data.failure = new Error('away'))],
      [
        400,
        (s) => {
          s.data.failure = undefined;
          isWell('cart')(s);
        },
      ],
    ],
    end: 420,
    wanted: [
      [135, 135, 'firing', 1],
      [405, 405, 'resolved', 1],
    ],
  },
  {
    name: 'tries again while the receiver is ill, and keeps the order',
    rules: rules('alert: High, above: 5%'),
    timetable: [
      [
        1,
        (s) => {
          s.receiver.answer = (n) => ({ status: n < 3 ? 500 : 200 });
          fails('cart')(s);
        },
      ],
      [20, isWell('cart')],
    ],
    end: 120,
    wanted: [
      [15, 15, 'firing', 1],
      [20, 20, 'firing', 1],
      [50, 50, 'firing', 1],
      [50, 50, 'resolved', 1],
    ],
  },
];

describe('the timetable', () => {
  it.each(cases)('$name', async ({ rules: text, timetable, end, wanted }) => {
    const s = await open({ rules: text });
    await play(s, timetable, end);
    expectTold(s.told, wanted);
  });

  it.each(cases)('$name, with a restart before every evaluation', async (one) => {
    const s = await open({ rules: one.rules });
    const restarts: Timetable = [];
    for (let at = 14; at < one.end; at += 15) restarts.push([at, (each) => each.restart()]);
    const both = [...one.timetable, ...restarts].sort(([a], [b]) => a - b);
    await play(s, both, one.end);
    expectTold(s.told, one.wanted);
  });
});

describe('an incident', () => {
  it('says in one sentence what is wrong, and names the last deploy', async () => {
    const s = await open({ rules: high });
    const deploy = { service: 'checkout', version: '1.4.0', releaseId: 'rel-1', actor: 'ada' };
    s.deploys.set('checkout', { ...deploy, at: s.startedAt - 180_000 + 15_000 });
    s.data.set('checkout', 4330, 312);
    await s.until(60);
    const [told] = s.told;
    expect(told?.summary).toBe(
      'checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.4.0 was deployed',
    );
    const detail = await incidentDetail(s.state, told?.id ?? '');
    expect(detail).toMatchObject({
      number: 1,
      title: 'checkout: requests fail',
      state: 'open',
      severity: 'critical',
      services: ['checkout'],
      environment: 'prod',
      lastDeploy: { version: '1.4.0', actor: 'ada', releaseId: 'rel-1' },
      alerts: [{ rule: 'High', state: 'firing', incidentId: told?.id }],
    });
    expect(detail?.timeline.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'deploy: checkout 1.4.0 was deployed by ada',
      'opened: Opened by High',
      'alert_fired: checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), above 5 %, for 30 s',
      'notification: Told hook0: firing',
    ]);
    expect(s.live.at(-1)).toMatchObject({ id: told?.id, state: 'open' });
  });

  it('has a timeline that tells its end, and keeps its alerts', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    await play(s, [[1, fails('cart')], [20, isWell('cart')]], 3600); // prettier-ignore
    const detail = await incidentDetail(s.state, s.told[0]?.id ?? '');
    expect(detail?.timeline.map(({ kind }) => kind)).toEqual([
      'opened',
      'alert_fired',
      'notification',
      'alert_resolved',
      'resolved',
      'notification',
    ]);
    expect(detail?.alerts).toMatchObject([{ state: 'resolved', reason: expect.stringContaining('0.2 %') }]);
    expect(detail?.timeline[4]?.text).toBe('Resolved by itself after 15 s: all its alerts are');
    expect(s.live.at(-1)).toMatchObject({ state: 'resolved' });
  });

  it('is acknowledged, assigned, commented and resolved by people', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    await play(s, [[1, fails('cart')]], 20);
    const id = s.told[0]?.id ?? '';
    await s.alerts.incidents.acknowledge(id, 'ada');
    await s.alerts.incidents.acknowledge(id, 'bob');
    await s.alerts.incidents.assign(id, 'bob', 'ada');
    await s.alerts.incidents.comment(id, 'I am on it', 'bob');
    expect(await incidentDetail(s.state, id)).toMatchObject({ state: 'acknowledged', assignee: 'bob' });
    await s.until(45);
    await s.alerts.incidents.resolve(id, 'bob');
    await s.alerts.incidents.resolve(id, 'ada');
    await expect(s.alerts.incidents.acknowledge(id, 'ada')).rejects.toMatchObject({ code: 'conflict' });
    await expect(s.alerts.incidents.comment('nobody', 'x', 'ada')).rejects.toMatchObject({
      code: 'not_found',
    });
    // The alert still fires: it stays with the incident that was resolved and opens no other.
    await s.until(120);
    const detail = await incidentDetail(s.state, id);
    expect(detail?.timeline.map(({ kind, actor }) => `${kind} ${actor ?? ''}`.trim())).toEqual([
      'opened',
      'alert_fired',
      'notification',
      'acknowledged ada',
      'assigned ada',
      'comment bob',
      'resolved bob',
      'notification',
    ]);
    expect(s.told.map(({ type }) => type)).toEqual(['incident.firing', 'incident.resolved']);
    // What fires anew opens another.
    await play(s, [[121, isWell('cart')], [140, fails('cart')]], 180); // prettier-ignore
    expect(s.told.map(({ number }) => number)).toEqual([1, 1, 2]);
  });

  it('takes back a message that nobody began to send, instead of sending two', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    s.data.set('cart', 100, 50);
    await s.alerts.reload();
    await s.alerts.tick(s.clock.now());
    s.data.set('cart', 100, 0);
    s.clock.advance(15_000);
    await s.alerts.tick(s.clock.now());
    await s.dispatch();
    expect(s.told).toEqual([]);
  });
});

describe('rules', () => {
  it('asks telemetry once for all rules of a window', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `alert: R${i}, above: 5%, service: s${i}`);
    const s = await open({ rules: rules(...many, 'alert: Long, above: 5%, window: 1h') });
    await s.tick();
    expect(s.data.asked).toBe(2);
  });

  it('keep going when a reload finds a mistake, which is named', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    await s.tick();
    writeFileSync(s.rulesFile, rules('alert: High, above: 5%, forr: 1m'));
    const errors = await s.alerts.reload();
    expect(errors).toMatchObject([
      { file: s.rulesFile, line: 4, message: expect.stringMatching(/^"forr" is not known here/) },
    ]);
    s.data.set('cart', 100, 50);
    await s.until(15);
    expect(s.told).toHaveLength(1);
    expect(s.alerts.rules().fileErrors).toHaveLength(1);
    writeFileSync(s.rulesFile, rules('alert: High, above: 90%'));
    expect(await s.alerts.reload()).toEqual([]);
    await s.until(30);
    expect(s.told.map(({ type }) => type)).toEqual(['incident.firing', 'incident.resolved']);
  });

  it('resolve their alerts when they are removed, but not when a start finds a mistake', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    s.data.set('cart', 100, 50);
    await s.tick();
    writeFileSync(s.rulesFile, 'groups: nonsense');
    s.restart();
    await s.until(30);
    expect(s.told.map(({ type }) => type)).toEqual(['incident.firing']);
    writeFileSync(s.rulesFile, 'groups: []');
    expect(await s.alerts.reload()).toEqual([]);
    await s.until(45);
    expect(s.told.map(({ type }) => type)).toEqual(['incident.firing', 'incident.resolved']);
  });

  it('say when they could not be asked', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%') });
    s.data.failure = new Error('The telemetry database is away.');
    await s.tick();
    const [rule] = s.alerts.rules().rules;
    expect(s.alerts.rules().health.get(rule?.id ?? '')).toMatchObject({
      error: 'The telemetry database is away.',
    });
    expect(await s.registry.getSingleMetricAsString('lemni_alerts_rule_failures_total')).toContain(
      '{kind="errors"} 1',
    );
  });

  it('refuse results with the same labels, and leave alerts as they were', async () => {
    const s = await open({ rules: rules('alert: High, above: 5%, labels: { service: all }') });
    s.data.set('cart', 100, 50);
    s.data.set('shop', 100, 50);
    await s.tick();
    expect([...s.alerts.rules().health.values()][0]?.error).toMatch(/Two results have the same labels/);
    expect(s.told).toEqual([]);
  });
});
