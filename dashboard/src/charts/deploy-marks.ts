import type { Change, Release } from '../../../src/http/contract/changes.js';
import type { DeployMark, TimeFrame } from './flags.js';

type DeployFacts = Pick<Change, 'id' | 'at' | 'type' | 'service' | 'version' | 'environment' | 'startedAt'>;
type ReleaseFacts = Pick<
  Release,
  'id' | 'service' | 'version' | 'environment' | 'firstSeenAt' | 'deployedAt'
>;

const nameOf = (one: { service: string; environment: string; version: string }): string =>
  JSON.stringify([one.service, one.environment, one.version]);

/**
 * The deploys in the frame, each with the release it leads to; and versions that telemetry showed first, of
 * which no deploy was told. A deploy that was told twice (started, finished) is one mark, at its earliest time.
 */
export function deployMarks(
  deploys: readonly DeployFacts[],
  releases: readonly ReleaseFacts[],
  frame: TimeFrame,
): DeployMark[] {
  const releaseOf = new Map(releases.map((release) => [nameOf(release), release.id]));
  const marks = new Map<string, DeployMark>();
  for (const deploy of deploys) {
    const at = Date.parse(deploy.startedAt ?? deploy.at);
    if (Number.isNaN(at)) continue;
    const known = marks.get(nameOf(deploy));
    // A version may be deployed again later; within ten minutes it is the same deploy.
    const key = known && Math.abs(known.at - at) > 600_000 ? `${nameOf(deploy)} ${at}` : nameOf(deploy);
    const old = marks.get(key);
    if (old && old.at <= at) continue;
    marks.set(key, {
      id: deploy.id,
      at,
      service: deploy.service,
      version: deploy.version,
      releaseId: releaseOf.get(nameOf(deploy)) ?? null,
    });
  }
  for (const release of releases) {
    if (release.deployedAt !== null || marks.has(nameOf(release))) continue;
    const { id, service, version } = release;
    const at = Date.parse(release.firstSeenAt);
    if (!Number.isNaN(at)) marks.set(nameOf(release), { id, at, service, version, releaseId: id });
  }
  return [...marks.values()]
    .filter((mark) => mark.at >= frame.from && mark.at <= frame.to)
    .sort((a, b) => a.at - b.at);
}
