import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toChange, type ToldChange } from '../../../ingest/changes/change.js';
import { releaseMetrics } from '../../../releases/metrics.js';
import { createReleases, type Releases } from '../../../releases/releases.js';
import type { SeenVersion } from '../../../releases/ports.js';
import type { Change } from '../../../src/model/changes.js';
import { deliveryLog } from '../../../src/store/state/delivery-log.js';
import { listDeploys } from '../../../src/store/state/deploys.js';
import {
  deleteTriageBefore,
  feedbackInbox,
  findTriage,
  setTriage,
  triageStates,
} from '../../../src/store/state/feedback.js';
import { listReleases, releaseById } from '../../../src/store/state/releases.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { stopTwins, twins } from './twins.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;

afterAll(stopTwins);

describe.each(twins)('releases and feedback in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  let releases: Releases;
  let seen: SeenVersion[] = [];
  const place = { service: 'checkout', environment: 'production' };
  const told = (version: string, at: number, more: Partial<ToldChange> = {}): Change =>
    toChange(
      { type: 'service.deployed', ...place, version, finishedAt: new Date(at).toISOString(), ...more },
      { source: 'api', now, maxFutureMs: 0 },
    );

  beforeAll(async () => {
    ({ state, stop } = await twin.start());
    releases = createReleases({
      state,
      seen: { since: () => Promise.resolve(seen) },
      live: { emit: () => undefined },
      clock: { now: () => now, sleep: () => Promise.resolve() },
      logger: pino({ level: 'silent' }),
      metrics: releaseMetrics(new Registry()),
    });
  });
  afterAll(() => stop());

  it('keep every word of a deploy', async () => {
    const change = told('1.0 ß 😀 "\'\\%', now - 60 * minute, {
      service: 'words',
      commits: [{ sha: 'abc', message: 'a\u0000b\n<script>', author: 'Zoë', at: '2026-11-22T09:00:00Z' }],
      attributes: { 'a.b': '{"x":1}' },
      fixes: ['p1'],
      actor: 'ada',
      commit: 'abc',
      url: 'https://ci.example/1?a=b&c=%20',
    });
    const recorded = await releases.record(change);
    const [deploy] = await listDeploys(state, { service: 'words', limit: 10 });
    expect(deploy).toEqual({ releaseId: recorded.releaseId, change });
    expect(await releaseById(state, recorded.releaseId)).toMatchObject({
      version: change.version,
      deployedAt: now - 60 * minute,
      commits: change.commits,
      fixes: ['p1'],
      current: true,
      deploys: 1,
    });
  });

  it('agree when many are told at once', async () => {
    const changes = Array.from({ length: 12 }, (_, i) =>
      told(`v${i % 3}`, now - (12 - i) * minute, { id: `at-once-${i}` }),
    );
    const twice = [...changes, ...changes].map((change) => releases.record(change));
    const answers = await Promise.all(twice);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(12);
    const all = await listReleases(state, { ...place, limit: 10 });
    expect(
      all.map(({ version, deploys, current, previousVersion }) => [
        version,
        deploys,
        current,
        previousVersion,
      ]),
    ).toEqual([
      ['v2', 4, true, 'v1'],
      ['v1', 4, false, 'v0'],
      ['v0', 4, false, 'v2'],
    ]);
  });

  it('do not go back from succeeded to started when both come at once', async () => {
    const run = (status: 'started' | 'succeeded') =>
      told('9', now - minute, { service: 'race', id: 'race', status });
    await Promise.all(
      [run('succeeded'), run('started'), run('succeeded'), run('started')].map((change) =>
        releases.record(change),
      ),
    );
    const deploys = await listDeploys(state, { service: 'race', limit: 10 });
    expect(deploys.map(({ change }) => change.status)).toEqual(['succeeded']);
  });

  it('note what telemetry shows, once', async () => {
    const version = (name: string, firstAt: number, lastAt: number): SeenVersion => ({
      service: 'seen',
      environment: '',
      version: name,
      firstAt,
      lastAt,
    });
    seen = [version('1', now - 50 * minute, now - 30 * minute), version('2', now - 20 * minute, now)];
    await Promise.all([releases.pass(), releases.pass()]);
    seen = [version('1', now - 60 * minute, now - 40 * minute)];
    await releases.pass();
    const all = await listReleases(state, { service: 'seen', limit: 10 });
    expect(all).toMatchObject([
      {
        version: '2',
        current: true,
        previousVersion: '1',
        source: 'telemetry',
        deployedAt: null,
        deploys: 0,
      },
      { version: '1', current: false, firstSeenAt: now - 60 * minute, telemetryLastAt: now - 30 * minute },
    ]);
    expect(await releases.lastDeploy('seen', 'production', now)).toMatchObject({
      version: '2',
      at: now - 20 * minute,
    });
  });

  it('take up only so many versions of one service', async () => {
    seen = Array.from({ length: 2003 }, (_, i) => ({
      service: 'many',
      environment: '',
      version: `t${i}`,
      firstAt: now,
      lastAt: now,
    }));
    await releases.pass();
    const [row] = await state
      .selectFrom('releases')
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('service', '=', 'many')
      .execute();
    expect(Number(row?.count)).toBe(2000);
    seen = [];
  }, 120_000);

  it('keep feedback open until somebody closes it, and screenshots within their bound', async () => {
    const inbox = feedbackInbox(state, 1000);
    const picture = (size: number) => ({ contentType: 'image/png' as const, bytes: Buffer.alloc(size, 7) });
    expect(await inbox.has('f1')).toBe(false);
    expect(await inbox.attach('f1', picture(600), now)).toBe(true);
    expect(await inbox.attach('f2', picture(600), now)).toBe(false);
    await inbox.open('f1', now);
    await setTriage(state, { id: 'f1', at: now }, { state: 'closed', changedAt: now + 1, changedBy: 'Ada' });
    await inbox.open('f1', now);
    expect(await inbox.has('f1')).toBe(true);
    expect(await findTriage(state, 'f1')).toEqual({ state: 'closed', changedAt: now + 1, changedBy: 'Ada' });
    await setTriage(state, { id: 'f3', at: now + 5 }, { state: 'open', changedAt: now, changedBy: '' });
    expect([...(await triageStates(state, ['f1', 'f2', 'f3']))].toSorted()).toEqual([
      ['f1', 'closed'],
      ['f3', 'open'],
    ]);
    await deleteTriageBefore(state, now + 1);
    expect([...(await triageStates(state, ['f1', 'f3']))]).toEqual([['f3', 'open']]);
  });

  it('remember deliveries, each source its own', async () => {
    const log = deliveryLog(state);
    await log.remember('github', 'd1', now);
    await log.remember('github', 'd1', now);
    expect([await log.seen('github', 'd1'), await log.seen('gitlab', 'd1')]).toEqual([true, false]);
  });
});
