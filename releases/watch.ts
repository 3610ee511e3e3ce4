import type { Place, Release } from '../src/model/releases.js';
import { releaseId } from '../src/model/releases.js';
import * as releaseRows from '../src/store/state/releases.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import type { SeenVersion } from './ports.js';
import { lockReleases, refreshRelease, refreshTimeline } from './record.js';

/** Most versions of a service in an environment that telemetry alone may add: a timestamp is no version. */
export const maxVersionsOfPlace = 2000;

export interface Noted {
  /** Releases that are new, or whose place in the timeline changed. */
  readonly changed: Release[];
  /** Versions that were not taken up, because their place has too many. */
  readonly refused: number;
}

/** Makes releases of versions that telemetry carried, and notes when each was last seen. */
export async function noteSeen(database: StateDatabase, versions: readonly SeenVersion[]): Promise<Noted> {
  const news = await whatIsNew(database, versions);
  if (news.length === 0) return { changed: [], refused: 0 };
  return database.transaction().execute(async (transaction) => {
    await lockReleases(transaction);
    const changed = new Map<string, Release>();
    const places = new Map<string, { readonly place: Place; versions: number }>();
    let refused = 0;
    for (const { seen, known } of news) {
      const key = JSON.stringify([seen.service, seen.environment]);
      const place = { service: seen.service, environment: seen.environment };
      const found = places.get(key) ?? {
        place,
        versions: await releaseRows.countReleasesAt(transaction, place),
      };
      places.set(key, found);
      if (!known && ++found.versions > maxVersionsOfPlace) {
        refused++;
        continue;
      }
      const release = await refreshRelease(transaction, place, seen.version, seen);
      if (!known) changed.set(release.id, release);
    }
    for (const { place } of places.values()) {
      for (const release of await refreshTimeline(transaction, place)) changed.set(release.id, release);
    }
    return { changed: [...changed.values()], refused };
  });
}

/** Only what widens what is known is written: most passes see the same versions a little later. */
async function whatIsNew(
  database: StateDatabase,
  versions: readonly SeenVersion[],
): Promise<{ seen: SeenVersion; known: boolean }[]> {
  const news: { seen: SeenVersion; known: boolean }[] = [];
  // SQLite takes 32,766 parameters and PostgreSQL 65,535; 500 is far from both.
  for (let start = 0; start < versions.length; start += 500) {
    const part = versions.slice(start, start + 500);
    const ids = part.map((seen) => releaseId(seen, seen.version));
    const stored = await releaseRows.releasesByIds(database, ids);
    const byId = new Map(stored.map((release) => [release.id, release]));
    part.forEach((seen, index) => {
      const release = byId.get(ids[index] ?? '');
      const first = release?.telemetryFirstAt ?? Infinity;
      const last = release?.telemetryLastAt ?? -Infinity;
      if (seen.firstAt < first || seen.lastAt > last) news.push({ seen, known: release !== undefined });
    });
  }
  return news;
}
