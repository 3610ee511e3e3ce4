import type { ChangeStatus } from '../../model/changes.js';
import type { StateDatabase } from './connect.js';

/** A deploy, or the first sight of a version that no deploy told of. Times are Unix ms. */
export interface RecentRelease {
  readonly releaseId: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** `service.rolledback` and the like; empty when telemetry told of it. */
  readonly type: string;
  readonly status: ChangeStatus | '';
  readonly actor: string;
  /** When it began to take effect, and when it had. */
  readonly from: number;
  readonly at: number;
  readonly previousVersion: string | null;
  /** First minute in which telemetry carried the version; null when it never did. */
  readonly seenAt: number | null;
}

export interface RecentReleasesQuestion {
  readonly services: readonly string[];
  /** An empty one, asked or told, matches any. */
  readonly environment: string;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** What was released in a time, newest first; canceled deploys and the first versions ever seen are none. */
export async function recentReleases(
  database: StateDatabase,
  question: RecentReleasesQuestion,
): Promise<RecentRelease[]> {
  if (question.services.length === 0) return [];
  const all = [...(await told(database, question)), ...(await seen(database, question))];
  return all.sort((a, b) => b.from - a.from).slice(0, question.limit);
}

async function told(
  database: StateDatabase,
  { services, environment, from, to, limit }: RecentReleasesQuestion,
): Promise<RecentRelease[]> {
  let query = database
    .selectFrom('deploys')
    .innerJoin('releases', 'releases.id', 'deploys.release_id')
    .select([
      'deploys.release_id',
      'deploys.service',
      'deploys.environment',
      'deploys.version',
      'deploys.type',
      'deploys.status',
      'deploys.actor',
      'deploys.effective_from',
      'deploys.at',
      'releases.previous_version',
      'releases.telemetry_first_at',
    ])
    .where('deploys.service', 'in', services)
    .where('deploys.effective_from', '>=', from)
    .where('deploys.effective_from', '<=', to)
    .where('deploys.status', '!=', 'canceled');
  if (environment !== '') query = query.where('deploys.environment', 'in', [environment, '']);
  const rows = await query.orderBy('deploys.effective_from', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    releaseId: row.release_id,
    service: row.service,
    environment: row.environment,
    version: row.version,
    type: row.type,
    status: row.status as ChangeStatus, // Written by deploys.ts.
    actor: row.actor,
    from: row.effective_from,
    at: row.at,
    previousVersion: row.previous_version,
    seenAt: row.telemetry_first_at,
  }));
}

async function seen(
  database: StateDatabase,
  { services, environment, from, to, limit }: RecentReleasesQuestion,
): Promise<RecentRelease[]> {
  let query = database
    .selectFrom('releases')
    .select(['id', 'service', 'environment', 'version', 'first_seen_at', 'previous_version'])
    .where('service', 'in', services)
    .where('source', '=', 'telemetry')
    .where('previous_version', 'is not', null)
    .where('first_seen_at', '>=', from)
    .where('first_seen_at', '<=', to);
  if (environment !== '') query = query.where('environment', 'in', [environment, '']);
  const rows = await query.orderBy('first_seen_at', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    releaseId: row.id,
    service: row.service,
    environment: row.environment,
    version: row.version,
    type: '',
    status: '',
    actor: '',
    from: row.first_seen_at,
    at: row.first_seen_at,
    previousVersion: row.previous_version,
    seenAt: row.first_seen_at,
  }));
}
