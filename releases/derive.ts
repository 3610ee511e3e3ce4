import type { Change } from '../src/model/changes.js';
import type { Place, Release } from '../src/model/releases.js';
import { releaseId } from '../src/model/releases.js';

/** When telemetry carried a version. Unix milliseconds. */
export interface Seen {
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface ReleaseFacts {
  readonly place: Place;
  readonly version: string;
  /** What is stored of it already: its place in the timeline is kept. */
  readonly stored: Release | undefined;
  /** Its newest deploys, in any order; the rest is in `deployCount`. */
  readonly deploys: readonly Change[];
  readonly deployCount: number;
  readonly seen: Seen | undefined;
}

/**
 * The release that the facts make. It does not depend on the order in which they came: what a deploy says
 * counts in the order of the deploys' own times, and a later one that says nothing leaves the word of an
 * earlier one.
 */
export function deriveRelease(facts: ReleaseFacts): Release {
  const { place, version, stored, seen } = facts;
  const deploys = facts.deploys.toSorted((a, b) => a.at - b.at || a.receivedAt - b.receivedAt);
  const succeeded = deploys.filter(({ status }) => status === 'succeeded');
  const firstAt = earliest([stored?.telemetryFirstAt, seen?.firstAt]);
  const lastAt = latest([stored?.telemetryLastAt, seen?.lastAt]);
  const told = deploys.map((deploy) => deploy.startedAt ?? deploy.at);
  return {
    id: releaseId(place, version),
    service: place.service,
    environment: place.environment,
    version,
    source: facts.deployCount > 0 || stored?.source === 'change' ? 'change' : 'telemetry',
    firstSeenAt: earliest([stored?.firstSeenAt, firstAt, ...told]) ?? 0,
    // A deploy that failed after all takes its time back, unless older ones are left that were not read.
    deployedAt: latest([
      ...succeeded.map(({ at }) => at),
      facts.deployCount > deploys.length && succeeded.length === 0 ? stored?.deployedAt : null,
    ]),
    telemetryFirstAt: firstAt,
    telemetryLastAt: lastAt,
    commit: lastSaid(deploys, 'commit') ?? stored?.commit ?? '',
    url: lastSaid(deploys, 'url') ?? stored?.url ?? '',
    actor: lastSaid(deploys, 'actor') ?? stored?.actor ?? '',
    status: deploys.at(-1)?.status ?? stored?.status ?? '',
    commits: deploys.findLast(({ commits }) => commits.length > 0)?.commits ?? stored?.commits ?? [],
    attributes: deploys.at(-1)?.attributes ?? stored?.attributes ?? {},
    fixes: [...new Set([...(stored?.fixes ?? []), ...deploys.flatMap(({ fixes }) => fixes)])].slice(0, 100),
    deploys: facts.deployCount,
    previousVersion: stored?.previousVersion ?? null,
    current: stored?.current ?? false,
  };
}

function lastSaid(deploys: readonly Change[], word: 'commit' | 'url' | 'actor'): string | undefined {
  return deploys.findLast((deploy) => deploy[word] !== '')?.[word];
}

function earliest(times: readonly (number | null | undefined)[]): number | null {
  const known = times.filter((time) => time != null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(times: readonly (number | null | undefined)[]): number | null {
  const known = times.filter((time) => time != null);
  return known.length === 0 ? null : Math.max(...known);
}
