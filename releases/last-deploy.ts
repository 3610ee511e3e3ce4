import { lastDeployBefore } from '../src/store/state/deploys.js';
import { lastSeenBefore } from '../src/store/state/releases.js';
import type { StateDatabase } from '../src/store/state/connect.js';

export interface LastDeploy {
  readonly service: string;
  readonly version: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly releaseId: string | null;
  /** Empty when unknown. */
  readonly actor: string;
  /** The change that told of it; undefined when telemetry did. */
  readonly changeId?: string;
}

/**
 * What was deployed last, by `at`: the newest deploy that had begun by then and was not canceled, or the
 * version that telemetry showed first, if it came later. The first version that was ever seen is no deploy:
 * it ran before anybody looked. An empty environment, asked or told, matches any.
 */
export async function lastDeploy(
  database: StateDatabase,
  service: string,
  environment: string,
  at: number,
): Promise<LastDeploy | null> {
  const place = { service, environment };
  const told = await lastDeployBefore(database, place, at);
  const seen = await lastSeenBefore(database, place, at);
  const toldAt = told && (told.change.at <= at ? told.change.at : (told.change.startedAt ?? at));
  if (told && toldAt !== undefined && (!seen || toldAt >= seen.firstSeenAt)) {
    const { id, version, actor } = told.change;
    return { service, version, at: toldAt, releaseId: told.releaseId, actor, changeId: id };
  }
  if (!seen) return null;
  return { service, version: seen.version, at: seen.firstSeenAt, releaseId: seen.id, actor: '' };
}
