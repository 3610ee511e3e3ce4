import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIssues, type Issues } from '../../demo/runner/issues.js';
import type { Release, ReleaseDetail } from '../../src/http/contract/changes.js';
import type { Feedback } from '../../src/http/contract/feedback.js';
import type { Incident, IncidentDetail, Notification } from '../../src/http/contract/incidents.js';
import type { ProblemDetail, ProblemItem } from '../../src/http/contract/problems.js';
import type { Suspects } from '../../src/http/contract/suspects.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { post } from '../support/otlp-json.js';
import { Session } from '../support/session.js';
import { shopTraffic, type Traffic } from '../support/shop-traffic.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

/**
 * The loop by the public doors only: a release that hurts, its alert, incident, message and suspect, what people
 * say, the problem with its ticket, the release that fixes it, and the proof. Once undisturbed, and once with
 * kill -9 at every moment of it; both must end alike, with nothing lost and nothing twice.
 */
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ...').toString('base64')}`;
const token = 'a-token';
const stationMs = 60_000;
/** A message or ticket whose sender died is taken up by another after its lease, of 25 and 35 seconds. */
const leaseMs = 100_000;

describe.each([
  ['undisturbed', false],
  ['killed at every moment', true],
])('the loop, %s', (_name, kills) => {
  const directory = mkdtempSync(join(tmpdir(), 'lemni-loop-'));
  let receiver: WebhookReceiver;
  let issues: Issues;
  let lemni: Lemni;
  let session: Session;
  let traffic: Traffic;
  let broken: Release;
  let incidentId: string;
  let problem: ProblemItem;

  beforeAll(async () => {
    receiver = await WebhookReceiver.listen(secret);
    const never = new Promise<never>(() => undefined);
    let held = false;
    // With kills, the first message and the first ticket arrive and are never answered: Lemni dies waiting.
    const first = (): boolean => kills && !held && (held = true);
    receiver.answer = (attempt) => (kills && attempt === 1 ? never : { status: 200 });
    issues = await startIssues('acme/shop', token, () => (first() ? never : Promise.resolve()));
    writeConfiguration(directory, receiver.url, issues.url);
    lemni = await Lemni.start({ env: { LEMNI_CONFIG: join(directory, 'lemni.yaml') } });
    session = await Session.byLink(lemni);
    traffic = shopTraffic(lemni.url);
  });
  afterAll(async () => {
    await traffic.stop();
    await lemni.remove();
    await receiver.close();
    await issues.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** As a power cut, in the middle of whatever it is doing, and back on the same data. */
  async function kill(): Promise<void> {
    if (!kills) return;
    const { dataDir, port, grpcPort } = lemni;
    await lemni.kill9();
    lemni = await Lemni.start({
      ...{ dataDir, port, grpcPort },
      env: { LEMNI_CONFIG: join(directory, 'lemni.yaml') },
    });
  }
  const list = async <Item>(path: string): Promise<Item[]> =>
    (await session.get<{ items: Item[] }>(path)).items;
  const incident = (): Promise<IncidentDetail> => session.get<IncidentDetail>(`/api/incidents/${incidentId}`);
  const detail = (): Promise<ProblemDetail> => session.get<ProblemDetail>(`/api/problems/${problem.id}`);

  async function deploy(version: string, failing: number, fixes: string[] = []): Promise<Release> {
    const words = {
      service: 'checkout',
      version,
      environment: 'production',
      status: 'succeeded',
      actor: 'noor',
    };
    const answer = await post(`${lemni.url}/api/deploys`, { ...words, id: `deploy-${version}`, fixes });
    expect(answer.status).toBe(202);
    traffic.version = version;
    traffic.failing = failing;
    await kill();
    // A pipeline that got no answer tells it again.
    expect(
      (await post(`${lemni.url}/api/deploys`, { ...words, id: `deploy-${version}`, fixes })).status,
    ).toBe(200);
    return (await eventually(
      () =>
        list<Release>('/api/releases?service=checkout').then((all) =>
          all.find((r) => r.version === version && r.current),
        ),
      (release) => release !== undefined,
      stationMs,
    ))!;
  }

  it('begins well: no incident', { timeout: stationMs }, async () => {
    await deploy('1.0.0', 0);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    expect(await list<Incident>('/api/incidents')).toEqual([]);
    expect(receiver.deliveries).toEqual([]);
  });

  it(
    'opens one incident of all that fails together, and tells it once',
    { timeout: 2 * stationMs },
    async () => {
      broken = await deploy('1.1.0', 0.2);
      const [opened] = await eventually(
        () => list<Incident>('/api/incidents?state=active'),
        (open) => open.length > 0,
        stationMs,
      );
      incidentId = opened!.id;
      await kill();
      await eventually(
        () => Promise.resolve(receiver.deliveries.length),
        (count) => count > 0,
        stationMs,
      );
      await kill();
      const { state, services, lastDeploy } = await eventually(
        incident,
        ({ alerts }) => alerts.length >= 2,
        stationMs,
      );
      expect(state).toBe('open');
      expect(services.toSorted()).toEqual(['checkout', 'web']);
      expect(lastDeploy).toMatchObject({ service: 'checkout', version: '1.1.0', actor: 'noor' });
      expect(await list<Incident>('/api/incidents')).toHaveLength(1);
    },
  );

  it('suspects the release, with its evidence', { timeout: stationMs }, async () => {
    const { items } = await eventually(
      () => session.get<Suspects>(`/api/incidents/${incidentId}/suspects`),
      ({ items: [first] }) => first?.releaseId === broken.id && first.probability > 0.5,
      stationMs,
    );
    expect(items[0]?.evidence.length).toBeGreaterThan(1);
    expect(items.some(({ releaseId }) => releaseId === null)).toBe(true);
    expect(items.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });

  it('calls the release degraded when its bake time is over', { timeout: stationMs }, async () => {
    const { judgement } = await eventually(
      () => session.get<ReleaseDetail>(`/api/releases/${broken.id}`),
      (release) => release.judgement != null,
      stationMs,
    );
    expect(judgement, judgement?.sentence).toMatchObject({ state: 'degraded' });
    expect(judgement?.sentence).toMatch(/%/);
  });

  it('keeps what people say, with their trace', { timeout: stationMs }, async () => {
    const complaint = {
      ...{ id: 'complaint-1', service: 'web', environment: 'production', rating: 1 },
      ...{ message: 'I cannot pay', traceId: traffic.failed.at(-1), userId: 'user-1' },
    };
    expect((await post(`${lemni.url}/api/feedback`, complaint)).status).toBe(202);
    await kill();
    expect((await post(`${lemni.url}/api/feedback`, complaint)).status).toBe(200);
    const said = await eventually(
      () => list<Feedback>('/api/feedback'),
      (all) => all.length > 0,
      stationMs,
    );
    expect(said).toMatchObject([{ id: 'complaint-1', traceId: complaint.traceId }]);
  });

  it('plans one problem with one ticket', { timeout: 2 * stationMs }, async () => {
    const input = { from: { kind: 'incident', incidentId } };
    problem = await session.send<ProblemItem>('POST', '/api/problems', input);
    await kill();
    expect((await session.send<ProblemItem>('POST', '/api/problems', input)).id).toBe(problem.id);
    await session.send('POST', `/api/problems/${problem.id}/ticket`, {});
    // The tracker has made the issue, and Lemni dies before it can write that down.
    await eventually(
      () => Promise.resolve(issues.all.length),
      (count) => count > 0,
      stationMs,
    );
    await kill();
    const isTicketOpen = ({ ticket }: ProblemDetail): boolean => kills || ticket?.state === 'open';
    const planned = await eventually(detail, isTicketOpen, stationMs);
    expect(planned).toMatchObject({ number: 1, state: 'planned', ticket: { tracker: 'github' } });
    expect(planned.impact.requestsFailed).toBeGreaterThan(0);
    expect(planned.incidents.map(({ id }) => id)).toEqual([incidentId]);
  });

  it('resolves by itself when the fix is out', { timeout: 2 * stationMs }, async () => {
    await deploy('1.2.0', 0, ['P-1']);
    const fixed = await eventually(detail, ({ verification }) => verification != null, stationMs);
    expect(fixed.verification?.version).toBe('1.2.0');
    await kill();
    const resolved = await eventually(incident, ({ state }) => state === 'resolved', stationMs);
    expect(resolved.alerts.every(({ state }) => state === 'resolved')).toBe(true);
  });

  it('verifies the problem, on the ticket too', { timeout: 2 * leaseMs }, async () => {
    await kill();
    const verified = await eventually(detail, ({ state }) => state !== 'fixed', stationMs);
    expect(verified).toMatchObject({ state: 'verified', verification: { state: 'verified' } });
    expect(verified.verification?.evidence.length).toBeGreaterThan(0);
    await eventually(
      () => Promise.resolve(issues.all[0]?.comments.map(({ body }) => body) ?? []),
      (comments) => comments.some((body) => /verified/i.test(body)),
      leaseMs,
    );
    const told = await eventually(detail, ({ ticket }) => ticket?.key === '#1', stationMs);
    expect(told.ticket?.url).toMatch(/\/acme\/shop\/issues\/1$/);
  });

  it('has lost nothing and doubled nothing', { timeout: leaseMs }, async () => {
    await kill();
    expect(issues.all, 'tickets').toHaveLength(1);
    const comments = issues.all[0]?.comments.map(({ body }) => body) ?? [];
    expect(new Set(comments).size, 'comments on the ticket').toBe(comments.length);

    const all = await list<Incident>('/api/incidents');
    expect(all, 'incidents').toHaveLength(1);
    const { timeline } = await incident();
    for (const kind of ['opened', 'resolved'] as const) {
      expect(
        timeline.filter((entry) => entry.kind === kind),
        kind,
      ).toHaveLength(1);
    }
    const entries = timeline.map(({ kind, text }) => `${kind} ${text}`);
    expect(new Set(entries).size, entries.join('\n')).toBe(entries.length);
    for (const [fired, resolved] of [['alert_fired', 'alert_resolved']] as const) {
      const count = (kind: string): number => timeline.filter((entry) => entry.kind === kind).length;
      expect(count(fired), 'alerts fired').toBe(2);
      expect(count(resolved), 'alerts resolved').toBe(2);
    }

    const sent = await eventually(
      () => list<Notification>('/api/notifications'),
      (notices) => notices.every(({ status }) => status === 'sent'),
      stationMs,
    );
    const told = sent.map(({ event }) => event).toSorted();
    expect(told.filter((event) => event === 'resolved')).toEqual(['resolved']);
    expect(told.filter((event) => event === 'firing')).toEqual(['firing']);
    // Delivered at least once, and a repetition is known by its id.
    const ids = new Map(
      receiver.deliveries.map(({ headers, verified }) => [headers['webhook-id'], verified?.type]),
    );
    expect([...ids.values()].toSorted()).toEqual(['incident.firing', 'incident.resolved']);
    if (!kills) expect(receiver.deliveries).toHaveLength(2);

    const releases = await list<Release>('/api/releases?service=checkout');
    expect(releases.map(({ version, deploys }) => `${version} ${deploys}`).toSorted()).toEqual([
      '1.0.0 1',
      '1.1.0 1',
      '1.2.0 1',
    ]);
    expect((await session.get<ReleaseDetail>(`/api/releases/${broken.id}`)).judgement?.state).toBe(
      'degraded',
    );
    expect(await list<ProblemItem>('/api/problems?state=all')).toHaveLength(1);
    const events = (await detail()).timeline.map(({ kind, text }) => `${kind} ${text}`);
    expect(new Set(events).size, events.join('\n')).toBe(events.length);
    expect(await lemni.stop()).toBe(0);
  });
});

/** Seconds where a team would have minutes. */
function writeConfiguration(directory: string, webhookUrl: string, issuesUrl: string): void {
  const failing = {
    kind: 'errors',
    above: '5%',
    window: '20s',
    minRequests: 20,
    for: '2s',
    // A restart leaves a gap in what was received, which is no recovery.
    keepFiringFor: '5s',
    severity: 'critical',
  };
  writeFileSync(
    join(directory, 'rules.yaml'),
    stringify({ groups: [{ name: 'shop', rules: [{ alert: 'HighErrorRatio', service: '*', ...failing }] }] }),
  );
  writeFileSync(
    join(directory, 'lemni.yaml'),
    stringify({
      alerts: {
        rules: [join(directory, 'rules.yaml')],
        interval: '1s',
        allowPrivateNetworks: ['127.0.0.0/8'],
        webhooks: [{ name: 'chat', url: webhookUrl, secret }],
      },
      releases: { bakeTime: '15s', minRequests: 50, grace: '5s' },
      trackers: {
        github: { repository: 'acme/shop', token, apiUrl: issuesUrl },
        allowPrivateNetworks: ['127.0.0.0/8'],
      },
    }),
  );
}
