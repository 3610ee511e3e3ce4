import type { DeployMoment, Release, ReleaseMoment } from '../../src/model/releases.js';

/** The time in which a release is judged. Unix ms. */
export interface Run {
  readonly startMs: number;
  readonly bakeUntil: number;
  /** When it is over: the bake time, or another version took its place. */
  readonly endMs: number;
  readonly replaced: { readonly version: string; readonly at: number } | null;
}

/** Telemetry's first sight of a version is known to the minute that it lies in. */
const sightMs = 60_000;

/** When a release began to run: its last successful deploy, else its first signal. */
export function startOf(
  release: Pick<Release, 'deployedAt' | 'firstSeenAt' | 'telemetryFirstAt' | 'deploys'>,
  bakeMs: number,
): number {
  const { deployedAt, telemetryFirstAt, firstSeenAt, deploys } = release;
  if (deployedAt === null) return telemetryFirstAt ?? firstSeenAt;
  // A pipeline tells of a deploy at its end: the first instances answered before.
  const isSeenBefore = telemetryFirstAt !== null && telemetryFirstAt + sightMs <= deployedAt;
  return isSeenBefore && deploys <= 1 && deployedAt - telemetryFirstAt <= bakeMs
    ? telemetryFirstAt
    : deployedAt;
}

/**
 * The run of a release among those of its place. What took its place is the first other version that was deployed
 * with success, or first seen in telemetry without a deploy, after it began.
 */
export function runOf(
  release: Release,
  place: { readonly releases: readonly ReleaseMoment[]; readonly deploys: readonly DeployMoment[] },
  bakeMs: number,
): Run {
  const startMs = startOf(release, bakeMs);
  const bakeUntil = startMs + bakeMs;
  const byId = new Map(place.releases.map((other) => [other.id, other]));
  const told = place.deploys.flatMap(({ releaseId, status, at }) => {
    const other = byId.get(releaseId);
    return other && status === 'succeeded' ? [{ id: releaseId, version: other.version, at }] : [];
  });
  const seen = place.releases.flatMap(({ id, version, told: isTold, telemetryFirstAt }) =>
    isTold || telemetryFirstAt === null ? [] : [{ id, version, at: telemetryFirstAt }],
  );
  const [next] = [...told, ...seen]
    .filter(({ id, at }) => id !== release.id && at > startMs && at < bakeUntil)
    .toSorted((a, b) => a.at - b.at);
  const replaced = next ? { version: next.version, at: next.at } : null;
  return { startMs, bakeUntil, endMs: replaced?.at ?? bakeUntil, replaced };
}
