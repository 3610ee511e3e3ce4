import type { Change, Recorded } from '../src/model/changes.js';
import type { Place, Release } from '../src/model/releases.js';
import { releaseId } from '../src/model/releases.js';
import * as deployRows from '../src/store/state/deploys.js';
import * as releaseRows from '../src/store/state/releases.js';
import { lockFor } from '../src/store/state/settings.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { deriveRelease, type Seen } from './derive.js';
import { judge, type Judgement } from './recognize.js';
import { timelineOf } from './timeline.js';

/** Deploys of a release that its facts are derived from; the newest count. */
const deploysRead = 20;
/** Releases and deploys of a place that its timeline is made of. */
const releasesPlaced = 200;
const deploysPlaced = 500;

export async function recognizeDeploy(database: StateDatabase, change: Change): Promise<Judgement> {
  if (change.fingerprint === '') {
    const sameId = await deployRows.deployById(database, change.id);
    return judge(change, { sameId, sameWords: undefined, newest: undefined });
  }
  const sameWords = await deployRows.deploysByFingerprint(database, change.fingerprint);
  const newest = sameWords && (await deployRows.newestDeploy(database, change));
  return judge(change, { sameId: undefined, sameWords, newest });
}

/** One at a time: what is derived from many rows must see all of them. */
export function lockReleases(transaction: StateDatabase): Promise<void> {
  return lockFor(transaction, 'releases');
}

/**
 * Saves the deploy and everything that follows from it; run it in a transaction. It is judged again under the
 * lock: another process may have been told in between.
 */
export async function recordDeploy(
  database: StateDatabase,
  told: Change,
): Promise<{ recorded: Recorded; changed: Release[] }> {
  await lockReleases(database);
  const judgement = await recognizeDeploy(database, told);
  if (judgement.kind === 'duplicate') return { recorded: judgement.recorded, changed: [] };
  const { change } = judgement;
  const id = releaseId(change, change.version);
  // The deploy refers to its release, which is derived from its deploys: first a release without them.
  if (!(await releaseRows.releaseById(database, id))) {
    await releaseRows.saveRelease(database, derived(change, change.version, { deploys: [change], count: 1 }));
  }
  const saved = await deployRows.saveDeploy(database, { change, releaseId: id });
  await refreshRelease(database, change, change.version);
  const changed = await refreshTimeline(database, change);
  const own = changed.some((release) => release.id === id)
    ? undefined
    : await releaseRows.releaseById(database, id);
  return {
    recorded: { id: change.id, releaseId: id, duplicate: saved === 'same' },
    changed: own ? [...changed, own] : changed,
  };
}

/** Derives a release anew from its deploys and what telemetry showed, and saves it. */
export async function refreshRelease(
  database: StateDatabase,
  place: Place,
  version: string,
  seen?: Seen,
): Promise<Release> {
  const id = releaseId(place, version);
  const stored = await releaseRows.releaseById(database, id);
  const deploys = await deployRows.listDeploys(database, { releaseId: id, limit: deploysRead });
  const count = await deployRows.countDeploysOf(database, id);
  const release = deriveRelease({
    place,
    version,
    stored,
    deploys: deploys.map(({ change }) => change),
    deployCount: count,
    seen,
  });
  await releaseRows.saveRelease(database, release);
  return release;
}

/** Finds anew which release runs and which ran before each; answers the releases for which that changed. */
export async function refreshTimeline(database: StateDatabase, place: Place): Promise<Release[]> {
  const releases = await releaseRows.releaseMoments(database, place, releasesPlaced);
  const deploys = await deployRows.deployMoments(database, place, deploysPlaced);
  const before = new Map(releases.map((release) => [release.id, release]));
  const moved: string[] = [];
  for (const placed of timelineOf(releases, deploys).placed) {
    const was = before.get(placed.id);
    if (was?.current === placed.current && was.previousVersion === placed.previousVersion) continue;
    await releaseRows.placeRelease(database, placed.id, placed);
    moved.push(placed.id);
  }
  return releaseRows.releasesByIds(database, moved);
}

function derived(
  place: Place,
  version: string,
  told: { readonly deploys: readonly Change[]; readonly count: number },
): Release {
  return deriveRelease({
    place: { service: place.service, environment: place.environment },
    version,
    stored: undefined,
    deploys: told.deploys,
    deployCount: told.count,
    seen: undefined,
  });
}
