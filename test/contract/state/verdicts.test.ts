import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releaseId, type Release } from '../../../src/model/releases.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { saveRelease } from '../../../src/store/state/releases.js';
import {
  openRuns,
  saveVerdict,
  verdictBriefs,
  verdictOf,
  type StoredVerdict,
} from '../../../src/store/state/verdicts.js';
import { stopTwins, twins } from './twins.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;

afterAll(stopTwins);

describe.each(twins)('verdicts in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;
  const place = { service: 'checkout', environment: 'production' };
  const release = (version: string, at: number, more: Partial<Release> = {}): Release => ({
    ...{
      ...place,
      version,
      id: releaseId(place, version),
      source: 'change',
      firstSeenAt: at,
      deployedAt: at,
    },
    ...{ telemetryFirstAt: null, telemetryLastAt: null, commit: '', url: '', actor: '', status: 'succeeded' },
    ...{ commits: [], attributes: {}, fixes: [], deploys: 1, previousVersion: null, current: false },
    ...more,
  });
  const verdict = (version: string, more: Partial<StoredVerdict> = {}): StoredVerdict => ({
    ...{
      releaseId: releaseId(place, version),
      ranFrom: now - 40 * minute,
      state: 'healthy',
      sentence: 'ß 😀',
    },
    ...{ decidedAt: now, bakeUntil: now - 10 * minute, lookAgainAt: now + 10 * minute, judgement: '{"a":1}' },
    ...more,
  });
  const open = async (until: number) =>
    (await openRuns(state, { since: now - 7 * 86_400_000, until, limit: 100 })).map(
      ({ release: { version }, verdict: known }) => [version, known?.state],
    );

  beforeAll(async () => {
    ({ state, stop } = await twin.start());
    await saveRelease(state, release('1.0', now - 40 * minute));
    await saveRelease(state, release('old', now - 8 * 86_400_000));
    await saveRelease(state, release('failed', now - minute, { deployedAt: null, status: 'failed' }));
    await saveRelease(state, release('ahead', now + 60 * minute));
  });
  afterAll(() => stop());

  it('are due for what ran lately and was not judged', async () => {
    expect(await open(now)).toEqual([['1.0', undefined]]);
  });

  it('are kept once, whoever is faster', async () => {
    const kept = await Promise.all([
      saveVerdict(state, verdict('1.0'), undefined),
      saveVerdict(state, verdict('1.0', { state: 'degraded' }), undefined),
    ]);
    expect(kept.filter(Boolean)).toHaveLength(1);
    const stored = await verdictOf(state, releaseId(place, '1.0'));
    expect(stored).toEqual(verdict('1.0', { state: kept[0] ? 'healthy' : 'degraded' }));
    expect(await open(now)).toEqual([]);
  });

  it('are looked at again in their time, and changed by one of two', async () => {
    expect(await open(now + 10 * minute)).toHaveLength(1);
    const id = releaseId(place, '1.0');
    const before = (await verdictBriefs(state, [id])).get(id);
    const next = verdict('1.0', { state: 'degraded', decidedAt: now + 10 * minute, lookAgainAt: null });
    const kept = [await saveVerdict(state, next, before), await saveVerdict(state, next, before)];
    expect(kept).toEqual([true, false]);
    expect(await open(now + 20 * minute)).toEqual([]);
  });

  it('are due again when the version is deployed again', async () => {
    await saveRelease(state, release('1.0', now + 15 * minute, { deploys: 2 }));
    expect(await open(now + 20 * minute)).toEqual([['1.0', 'degraded']]);
  });
});
