import type { Selectable } from 'kysely';
import type { Position } from '../../lib/cursor.js';
import type { ChangeStatus, Commit } from '../../model/changes.js';
import type { Place, Release, ReleaseMoment } from '../../model/releases.js';
import type { StateDatabase } from './connect.js';
import type { ReleasesTable } from './schema/releases.js';

export interface ReleaseFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

export async function releaseById(database: StateDatabase, id: string): Promise<Release | undefined> {
  const row = await database.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRelease(row);
}

export async function releasesByIds(database: StateDatabase, ids: readonly string[]): Promise<Release[]> {
  if (ids.length === 0) return [];
  const rows = await database.selectFrom('releases').selectAll().where('id', 'in', ids).execute();
  return rows.map(toRelease);
}

/** What the timeline needs of the newest releases of a service in an environment. */
export async function releaseMoments(
  database: StateDatabase,
  place: Place,
  limit: number,
): Promise<readonly ReleaseMoment[]> {
  const rows = await database
    .selectFrom('releases')
    .select([
      'id',
      'version',
      'deploy_count',
      'first_seen_at',
      'telemetry_first_at',
      'telemetry_last_at',
      'previous_version',
      'is_current',
    ])
    .where('service', '=', place.service)
    .where('environment', '=', place.environment)
    .orderBy('happened_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    told: row.deploy_count > 0,
    firstSeenAt: row.first_seen_at,
    telemetryFirstAt: row.telemetry_first_at,
    telemetryLastAt: row.telemetry_last_at,
    previousVersion: row.previous_version,
    current: row.is_current === 1,
  }));
}

export async function placeRelease(
  database: StateDatabase,
  id: string,
  placed: { readonly previousVersion: string | null; readonly current: boolean },
): Promise<void> {
  await database
    .updateTable('releases')
    .set({ previous_version: placed.previousVersion, is_current: placed.current ? 1 : 0 })
    .where('id', '=', id)
    .execute();
}

export async function countReleasesAt(database: StateDatabase, place: Place): Promise<number> {
  const row = await database
    .selectFrom('releases')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('service', '=', place.service)
    .where('environment', '=', place.environment)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** By `happenedAt`, newest first. */
export async function listReleases(database: StateDatabase, filter: ReleaseFilter): Promise<Release[]> {
  let query = database.selectFrom('releases').selectAll();
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment);
  if (filter.from !== undefined) query = query.where('happened_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('happened_at', '<=', filter.to);
  const { before } = filter;
  if (before) {
    query = query.where((test) =>
      test.or([
        test('happened_at', '<', before.at),
        test.and([test('happened_at', '=', before.at), test('id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('happened_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return rows.map(toRelease);
}

/** The newest release that telemetry alone told of, first seen by `at` and not the first of its place. */
export async function lastSeenBefore(
  database: StateDatabase,
  place: Place,
  at: number,
): Promise<Release | undefined> {
  let query = database
    .selectFrom('releases')
    .selectAll()
    .where('service', '=', place.service)
    .where('source', '=', 'telemetry')
    .where('first_seen_at', '<=', at)
    .where('previous_version', 'is not', null);
  if (place.environment !== '') query = query.where('environment', 'in', [place.environment, '']);
  const row = await query.orderBy('first_seen_at', 'desc').limit(1).executeTakeFirst();
  return row && toRelease(row);
}

/** Inserts or replaces. */
export async function saveRelease(database: StateDatabase, release: Release): Promise<void> {
  const { id, ...rest } = fromRelease(release);
  await database
    .insertInto('releases')
    .values({ id, ...rest })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

/** When a release last happened: its last successful deploy, else when it was first seen. */
export function happenedAt(release: Pick<Release, 'deployedAt' | 'firstSeenAt'>): number {
  return release.deployedAt ?? release.firstSeenAt;
}

function fromRelease(release: Release): ReleasesTable {
  return {
    id: release.id,
    service: release.service,
    environment: release.environment,
    version: release.version,
    source: release.source,
    first_seen_at: release.firstSeenAt,
    deployed_at: release.deployedAt,
    happened_at: happenedAt(release),
    telemetry_first_at: release.telemetryFirstAt,
    telemetry_last_at: release.telemetryLastAt,
    commit_sha: release.commit,
    url: release.url,
    actor: release.actor,
    status: release.status,
    commits: JSON.stringify(release.commits),
    attributes: JSON.stringify(release.attributes),
    fixes: JSON.stringify(release.fixes),
    deploy_count: release.deploys,
    previous_version: release.previousVersion,
    is_current: release.current ? 1 : 0,
  };
}

function toRelease(row: Selectable<ReleasesTable>): Release {
  return {
    id: row.id,
    service: row.service,
    environment: row.environment,
    version: row.version,
    // Columns below were written by fromRelease.
    source: row.source as Release['source'],
    firstSeenAt: row.first_seen_at,
    deployedAt: row.deployed_at,
    telemetryFirstAt: row.telemetry_first_at,
    telemetryLastAt: row.telemetry_last_at,
    commit: row.commit_sha,
    url: row.url,
    actor: row.actor,
    status: row.status as ChangeStatus | '',
    commits: JSON.parse(row.commits) as Commit[],
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    fixes: JSON.parse(row.fixes) as string[],
    deploys: row.deploy_count,
    previousVersion: row.previous_version,
    current: row.is_current === 1,
  };
}
