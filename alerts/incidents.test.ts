import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { Suspect } from '../src/http/contract/suspects.js';
import type { ServiceCall, SuspectSubject } from '../src/model/suspects.js';
import type { Change } from '../src/model/changes.js';
import { saveDeploy } from '../src/store/state/deploys.js';
import { eventually } from '../test/support/eventually.js';
import { incidentDetail } from './incidents/read.js';
import { rules, Scenario, type ScenarioOptions } from './testing/scenario.js';

let s: Scenario;
afterEach(async () => s.stop());

async function open(options: Partial<ScenarioOptions> = {}): Promise<Scenario> {
  s = await Scenario.open({ rules: rules('alert: High, above: 5%'), ...options });
  return s;
}

const fails = (service: string): void => s.data.set(service, 1000, 72);
const isWell = (service: string): void => s.data.set(service, 1000, 2);

function call(caller: string, callee: string): ServiceCall {
  return { caller, callee, environment: 'prod', calls: 100, errors: 10 };
}

async function incidents() {
  const rows = await s.state.selectFrom('incidents').select('id').orderBy('number').execute();
  const found = await Promise.all(rows.map(({ id }) => incidentDetail(s.state, id)));
  return found.filter((each) => each !== undefined);
}

describe('services that call one another and fail together', () => {
  it('are one incident, told by the deepest of them, and it ends with the last', async () => {
    await open();
    s.calls = () => Promise.resolve([call('web', 'checkout'), call('checkout', 'payment')]);
    s.deploys.set('payment', { ...deploy('payment', '1.1'), at: s.startedAt - 165_000 });
    for (const service of ['web', 'checkout', 'payment', 'mail']) fails(service);
    await s.until(15);
    const [first, second] = await incidents();
    expect(first).toMatchObject({
      title: 'payment: requests fail',
      services: ['payment', 'checkout', 'web'],
      lastDeploy: { version: '1.1' },
      summary:
        'payment: 7.2 % of requests fail (72 of 1,000 in 5 min), 3 min after 1.1 was deployed; checkout and web, which call it, are affected too',
    });
    expect(second?.services).toEqual(['mail']);
    expect(s.told.map(({ number }) => number).sort()).toEqual([1, 2]);
    isWell('payment');
    await s.until(30);
    expect((await incidents())[0]).toMatchObject({ state: 'open' });
    for (const service of ['web', 'checkout']) isWell(service);
    await s.until(45);
    expect((await incidents())[0]).toMatchObject({
      state: 'resolved',
      services: expect.arrayContaining(['web']),
    });
    expect(s.told.filter(({ number }) => number === 1).map(({ type }) => type)).toEqual([
      'incident.firing',
      'incident.resolved',
    ]);
  });

  it('join one another when they begin minutes apart, which says so; the callee takes over the title', async () => {
    await open();
    s.calls = () => Promise.resolve([call('web', 'checkout')]);
    fails('web');
    await s.until(300);
    fails('checkout');
    s.restart();
    await s.until(330);
    const [only, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(only).toMatchObject({ title: 'checkout: requests fail', services: ['checkout', 'web'] });
    expect(only?.timeline.map(({ text }) => text)).toContain(
      'checkout joined: connected by calls to what fails here',
    );
    expect(s.told).toHaveLength(1);
    // Its place is the incident's now: a second alert there opens nothing.
    const places = await s.state.selectFrom('incident_services').select(['service', 'open_place']).execute();
    expect(places.map(({ service }) => service).sort()).toEqual(['checkout', 'web']);
  });

  it('stand apart when the first began longer ago than ten minutes', async () => {
    await open();
    s.calls = () => Promise.resolve([call('web', 'checkout')]);
    fails('web');
    await s.until(660);
    fails('checkout');
    await s.until(690);
    expect((await incidents()).map(({ services }) => services)).toEqual([['web'], ['checkout']]);
  });

  it.each([
    ['cannot be asked', () => Promise.reject(new Error('away'))],
    ['do not answer', () => new Promise<never>(() => undefined)],
  ])('stand apart when traces %s, within a second', async (_name, calls) => {
    await open();
    s.calls = calls;
    fails('web');
    fails('checkout');
    const started = performance.now();
    await s.until(15);
    expect(performance.now() - started).toBeLessThan(5000);
    expect((await incidents()).map(({ services }) => services)).toEqual([['web'], ['checkout']]);
  });
});

describe('an incident that ended', () => {
  it('is opened again by the same alert within five minutes, and says so everywhere', async () => {
    await open();
    fails('cart');
    await s.until(15);
    const id = s.told[0]?.id ?? '';
    await s.alerts.incidents.acknowledge(id, 'ada');
    isWell('cart');
    await s.until(30);
    expect(await incidentDetail(s.state, id)).toMatchObject({ state: 'resolved' });
    fails('cart');
    await s.until(150);
    isWell('cart');
    await s.until(300);
    fails('cart');
    await s.until(900);
    const all = await incidents();
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ id, state: 'open', resolvedAt: null, acknowledgedAt: null });
    expect(all[0]?.timeline.map(({ kind }) => kind).filter((kind) => !/alert|notif/.test(kind))).toEqual([
      'opened',
      'acknowledged',
      'resolved',
      'reopened',
      'resolved',
      'reopened',
    ]);
    expect(all[0]?.timeline.find(({ kind }) => kind === 'reopened')?.text).toBe(
      'Opened again: the same alert fires 15 s after it was resolved',
    );
    expect(s.told.map(({ type, sequence }) => `${type} ${sequence}`)).toEqual([
      'incident.firing 1',
      'incident.resolved 2',
      'incident.firing 3',
      'incident.resolved 4',
      'incident.firing 5',
    ]);
    const bodies = s.receiver.deliveries.map(
      ({ body }) => JSON.parse(body) as { data: { reopened: boolean } },
    );
    expect(bodies.map(({ data }) => data.reopened)).toEqual([false, false, true, false, true]);
    // It is open at its place again: a second one cannot be.
    expect(await s.state.selectFrom('incident_services').select('open_place').execute()).toEqual([
      { open_place: '["cart","prod"]' },
    ]);
  });

  it('is over when another alert of the service fires, or a person ended it', async () => {
    await open({ rules: rules('alert: High, above: 5%', 'alert: Other, above: 1%') });
    fails('cart');
    await s.until(15);
    await s.alerts.incidents.resolve(s.told[0]?.id ?? '', 'ada');
    s.data.rows.clear();
    await s.until(30);
    fails('cart');
    await s.until(60);
    expect((await incidents()).map(({ number, state }) => `${number} ${state}`)).toEqual([
      '1 resolved',
      '2 open',
    ]);
  });
});

describe('what happens during an incident', () => {
  const change = (id: string, at: number, more: Partial<Change> = {}): Change => ({
    ...{ id, at, type: 'service.deployed', service: 'cart', environment: 'prod', version: id },
    ...{ status: 'succeeded', commit: '', url: '', actor: 'ada', source: 'api', startedAt: null },
    ...{ finishedAt: at, commits: [], attributes: {}, receivedAt: at, fixes: [], fingerprint: '' },
    ...more,
  });
  const lines = async (kind: string): Promise<string[]> => {
    const [first] = await incidents();
    return (first?.timeline ?? []).filter((entry) => entry.kind === kind).map(({ text }) => text);
  };

  it('is told of its deploys and rollbacks, each once, whatever is repeated or dies', async () => {
    await open();
    // Releases are not the matter here.
    await sql`PRAGMA foreign_keys = OFF`.execute(s.state);
    const before = change('1.1', s.clock.now() - 60_000);
    await saveDeploy(s.state, { releaseId: 'rel-1.1', change: before });
    s.deploys.set('cart', { ...deploy('cart', '1.1'), at: before.at, changeId: '1.1' });
    fails('cart');
    await s.until(15);
    const told = [
      change('1.2', s.clock.now() + 5000, { status: 'started' }),
      change('elsewhere', s.clock.now() + 5000, { environment: 'staging' }),
      change('other', s.clock.now() + 5000, { service: 'mail' }),
      change('back', s.clock.now() + 9000, { type: 'service.rolledback', version: '1.0', actor: '' }),
    ];
    for (const each of told) await saveDeploy(s.state, { releaseId: 'rel', change: each });
    s.clock.advance(10_000);
    s.alerts.noteDeploy('cart');
    await eventually(
      () => lines('deploy'),
      (texts) => texts.length === 3,
    );
    await saveDeploy(s.state, { releaseId: 'rel', change: { ...told[0]!, status: 'failed' } }); // It has four.
    // Nobody noted it: a start looks by itself.
    s.restart();
    await s.until(60);
    s.alerts.noteDeploy('cart');
    await s.until(75);
    expect(await lines('deploy')).toEqual([
      'cart 1.1 was deployed by ada',
      'cart 1.2 could not be deployed by ada',
      'cart was rolled back to 1.0',
    ]);
    isWell('cart');
    await s.until(90);
    await saveDeploy(s.state, { releaseId: 'rel', change: change('1.3', s.clock.now() + 1000) });
    s.clock.advance(5000);
    s.alerts.noteDeploy('cart');
    await s.until(120);
    expect(await lines('deploy')).toHaveLength(3);
  });

  it('counts what people say in one line', async () => {
    await open();
    const asked: unknown[] = [];
    const answers = [
      null,
      { people: 1, badly: 1, feedbackId: 'f1', lastAt: s.startedAt + 20_000 },
      { people: 5, badly: 3, feedbackId: 'f1', lastAt: s.startedAt + 40_000 },
    ];
    s.said = (question) => {
      asked.push(question);
      return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? null);
    };
    fails('cart');
    await s.until(15);
    expect(await lines('feedback')).toEqual([]);
    for (let i = 0; i < 100; i++) s.alerts.noteFeedback('cart');
    s.alerts.noteFeedback('mail');
    await s.until(30);
    expect(await lines('feedback')).toEqual(['1 person said something and is unhappy']);
    s.alerts.noteFeedback('cart');
    await s.until(300);
    expect(await lines('feedback')).toEqual(['5 people said something, 3 of them unhappy']);
    expect(s.live.at(-1)).toMatchObject({ state: 'open' });
    // When nobody says anything nobody asks.
    expect(asked.length).toBeLessThan(6);
    expect(asked[0]).toMatchObject({ services: ['cart'], environment: 'prod', from: s.startedAt + 15_000 });
  });

  it('is looked at once for thousands of deploys at a time', async () => {
    await open();
    let looks = 0;
    fails('cart');
    await s.until(30);
    s.said = () => {
      looks++;
      return Promise.resolve(null);
    };
    for (let i = 0; i < 2000; i++) s.alerts.noteDeploy('cart');
    await s.alerts.stop();
    expect(looks).toBe(1);
  });

  it('is looked at again when it could not be read', async () => {
    await open();
    s.said = () => Promise.reject(new Error('away'));
    fails('cart');
    await s.until(30);
    s.said = () => Promise.resolve({ people: 2, badly: 0, feedbackId: 'f1', lastAt: s.startedAt });
    await s.until(60);
    expect(await lines('feedback')).toEqual(['2 people said something']);
  });
});

function deploy(service: string, version: string) {
  return { service, version, releaseId: `rel-${version}`, actor: 'ada' };
}

const suspects: Suspect[] = [
  {
    ...{ releaseId: 'rel-1.1', service: 'cart', environment: 'prod', version: '1.1', deployedAt: null },
    ...{ probability: 0.9, title: 'cart 1.1, deployed 3 min before' },
    evidence: [{ kind: 'share_of_failures', text: '98 % of the failures carry 1.1', weight: 2, link: null }],
  },
  {
    ...{ releaseId: null, service: '', environment: 'prod', version: '', deployedAt: null },
    ...{ probability: 0.1, title: 'No release is to blame', evidence: [] },
  },
];

describe('a service whose name holds a NUL', () => {
  it('has one incident like any other, and keeps nobody from being told', async () => {
    await open({ rules: rules('alert: High, above: 5%', 'alert: Higher, above: 20%') });
    fails('a\0b');
    await s.until(15);
    s.data.set('a\0b', 1000, 500);
    await s.until(30);
    fails('mail');
    isWell('a\0b');
    await s.until(45);
    fails('a\0b');
    await s.until(60);
    expect((await incidents()).map(({ services, state }) => [...services, state])).toEqual([
      ['a\ufffdb', 'open'],
      ['mail', 'open'],
    ]);
    expect(s.told.map(({ number, type }) => `${number} ${type}`)).toEqual([
      '1 incident.firing',
      '1 incident.resolved',
      '2 incident.firing',
      '1 incident.firing',
    ]);
  });
});

describe('incidents that a person ended', () => {
  it('tell each how their alerts ended, however many end at once', async () => {
    await open();
    const names = Array.from({ length: 30 }, (_, i) => `service-${i}`);
    names.forEach(fails);
    await s.until(15);
    for (const { id } of await incidents()) await s.alerts.incidents.resolve(id, 'ada');
    names.forEach(isWell);
    await s.until(30);
    const all = await incidents();
    expect(all).toHaveLength(names.length);
    for (const { timeline } of all) {
      expect(timeline.filter(({ kind }) => kind === 'alert_resolved')).toHaveLength(1);
    }
  });
});

describe('the suspect', () => {
  it('stands in the message, judged under the id that the incident gets', async () => {
    await open();
    const subjects: SuspectSubject[] = [];
    s.judge = (subject) => {
      subjects.push(subject);
      return Promise.resolve(suspects);
    };
    fails('cart');
    await s.until(15);
    const [delivery] = s.receiver.deliveries;
    const { data } = JSON.parse(delivery?.body ?? '') as { data: Record<string, unknown> };
    expect(data).toMatchObject({
      alerts: [{ incidentId: s.told[0]?.id }],
      suspect: {
        title: 'cart 1.1, deployed 3 min before',
        probability: 0.9,
        evidence: [{ text: expect.any(String) }],
      },
      links: {
        release: 'https://lemni.example/releases/rel-1.1',
        logs: expect.stringContaining('service%3Acart'),
      },
    });
    expect(subjects).toMatchObject([{ incidentId: s.told[0]?.id, services: ['cart'], environment: 'prod' }]);
    expect(subjects[0]?.alerts).toHaveLength(1);
    // What goes on is not judged anew by the engine.
    await s.until(120);
    expect(subjects).toHaveLength(1);
  });

  it(
    'is not waited for longer than two seconds, and not missed when the judge fails',
    { timeout: 20_000 },
    async () => {
      await open();
      s.judge = () => new Promise(() => undefined);
      fails('cart');
      const started = performance.now();
      await s.until(15);
      expect(performance.now() - started).toBeLessThan(4000);
      s.judge = () => Promise.reject(new Error('no'));
      fails('shop');
      await s.until(30);
      expect(s.told.map(({ number }) => number)).toEqual([1, 2]);
    },
  );

  it('is sought for a few of those that open at once only', async () => {
    await open();
    let judged = 0;
    s.judge = () => Promise.resolve((judged++, suspects));
    for (let i = 0; i < 40; i++) fails(`service-${i}`);
    await s.until(15);
    expect(judged).toBe(4);
    expect(s.told).toHaveLength(40);
  });
});

describe('ten thousand alerts at once', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `service-${i}`);
  const worlds: readonly (readonly [string, () => void, readonly ServiceCall[]])[] = [
    ['of as many services that know nothing of one another', () => many.forEach(fails), []],
    [
      'of as many callers of one service',
      () => [...many, 'hub'].forEach(fails),
      many.map((name) => call(name, 'hub')),
    ],
    [
      'of as many operations of one service',
      () => many.forEach((operation) => s.data.set('api', 1000, 72, { operation })),
      [],
    ],
  ];
  it.each(worlds)(
    '%s: one incident, one message, in seconds',
    { timeout: 120_000 },
    async (name, begin, calls) => {
      await open({ rules: rules("alert: High, above: 5%, operation: '*'"), webhooks: 2 });
      s.calls = () => Promise.resolve(calls);
      begin();
      const started = performance.now();
      await s.until(15);
      const opened = performance.now() - started;
      s.data.rows.clear();
      await s.until(30);
      const both = performance.now() - started;
      console.log(
        `10,000 alerts ${name}: opened in ${Math.round(opened)} ms, resolved by ${Math.round(both)} ms`,
      );
      const all = await incidents();
      expect(all).toHaveLength(1);
      const [only] = all;
      expect(only?.services.length).toBeLessThanOrEqual(50);
      expect(only?.summary.length).toBeLessThan(400);
      expect(only?.timeline.length).toBeLessThan(60);
      expect(s.receiver.deliveries).toHaveLength(4);
      for (const { body } of s.receiver.deliveries) expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      const alerts = await s.state.selectFrom('alert_states').select('state').execute();
      expect(alerts.length).toBeGreaterThanOrEqual(10_000);
      expect(new Set(alerts.map(({ state }) => state))).toEqual(new Set(['resolved']));
      expect(both).toBeLessThan(30_000);
    },
  );
});
