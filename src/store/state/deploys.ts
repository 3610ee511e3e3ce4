import type { Selectable } from 'kysely';
import type { Change, ChangeStatus, Commit } from '../../model/changes.js';
import type { DeployMoment, Place } from '../../model/releases.js';
import type { Position } from '../../lib/cursor.js';
import type { StateDatabase } from './connect.js';
import type { DeploysTable } from './schema/releases.js';

export interface StoredDeploy {
  readonly releaseId: string;
  readonly change: Change;
}

export interface DeployFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly type?: string | undefined;
  readonly releaseId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

export async function deployById(database: StateDatabase, id: string): Promise<StoredDeploy | undefined> {
  const row = await database.selectFrom('deploys').selectAll().where('change_id', '=', id).executeTakeFirst();
  return row && toDeploy(row);
}

/** Deploys that said the same without an id: the newest, and how many there are. */
export async function deploysByFingerprint(
  database: StateDatabase,
  fingerprint: string,
): Promise<{ newest: StoredDeploy; count: number } | undefined> {
  const rows = await database
    .selectFrom('deploys')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .orderBy('received_at', 'desc')
    .orderBy('change_id', 'desc')
    .limit(1000)
    .execute();
  const [newest] = rows;
  return newest && { newest: toDeploy(newest), count: rows.length };
}

/** The newest deploy that was told for a place, whatever became of it. */
export async function newestDeploy(database: StateDatabase, place: Place): Promise<StoredDeploy | undefined> {
  const row = await database
    .selectFrom('deploys')
    .selectAll()
    .where('service', '=', place.service)
    .where('environment', '=', place.environment)
    .orderBy('received_at', 'desc')
    .orderBy('change_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toDeploy(row);
}

/** Inserts the deploy, or replaces the one with its id where its status went on; `same` changes nothing. */
export async function saveDeploy(
  database: StateDatabase,
  { change, releaseId }: StoredDeploy,
): Promise<'new' | 'onward' | 'same'> {
  const row = fromChange(change, releaseId);
  const inserted = await database
    .insertInto('deploys')
    .values(row)
    .onConflict((conflict) => conflict.column('change_id').doNothing())
    .executeTakeFirst();
  if (Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0) return 'new';
  const updated = await database
    .updateTable('deploys')
    .set(row)
    .where('change_id', '=', change.id)
    .where('status', '!=', change.status)
    .executeTakeFirst();
  return Number(updated.numUpdatedRows) > 0 ? 'onward' : 'same';
}

/** Newest first. */
export async function listDeploys(database: StateDatabase, filter: DeployFilter): Promise<StoredDeploy[]> {
  let query = database.selectFrom('deploys').selectAll();
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  if (filter.environment !== undefined) query = query.where('environment', '=', filter.environment);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.releaseId !== undefined) query = query.where('release_id', '=', filter.releaseId);
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('at', '<=', filter.to);
  const { before } = filter;
  if (before) {
    query = query.where((test) =>
      test.or([
        test('at', '<', before.at),
        test.and([test('at', '=', before.at), test('change_id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('at', 'desc').orderBy('change_id', 'desc').limit(filter.limit).execute();
  return rows.map(toDeploy);
}

/** Of some services in any environment, oldest first. */
export async function deploysOfServices(
  database: StateDatabase,
  services: readonly string[],
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<StoredDeploy[]> {
  const rows = await database
    .selectFrom('deploys')
    .selectAll()
    .where('service', 'in', services)
    .where('at', '>=', from)
    .where('at', '<=', to)
    .orderBy('at')
    .orderBy('change_id')
    .limit(limit)
    .execute();
  return rows.map(toDeploy);
}

export async function countDeploysOf(database: StateDatabase, releaseId: string): Promise<number> {
  const row = await database
    .selectFrom('deploys')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('release_id', '=', releaseId)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Newest first. */
export async function deployMoments(
  database: StateDatabase,
  place: Place,
  limit: number,
): Promise<readonly DeployMoment[]> {
  const rows = await database
    .selectFrom('deploys')
    .select(['release_id', 'status', 'at'])
    .where('service', '=', place.service)
    .where('environment', '=', place.environment)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    releaseId: row.release_id,
    status: row.status as ChangeStatus, // Written by fromChange.
    at: row.at,
  }));
}

/** The newest deploy that had begun by `at`; an empty environment, asked or told, matches any. */
export async function lastDeployBefore(
  database: StateDatabase,
  place: Place,
  at: number,
): Promise<StoredDeploy | undefined> {
  let query = database
    .selectFrom('deploys')
    .selectAll()
    .where('service', '=', place.service)
    .where('effective_from', '<=', at)
    .where('status', '!=', 'canceled');
  if (place.environment !== '') query = query.where('environment', 'in', [place.environment, '']);
  const row = await query.orderBy('effective_from', 'desc').limit(1).executeTakeFirst();
  return row && toDeploy(row);
}

function fromChange(change: Change, releaseId: string): DeploysTable {
  return {
    change_id: change.id,
    release_id: releaseId,
    type: change.type,
    service: change.service,
    environment: change.environment,
    version: change.version,
    status: change.status,
    at: change.at,
    effective_from: Math.min(change.startedAt ?? change.at, change.at),
    commit_sha: change.commit,
    url: change.url,
    actor: change.actor,
    source: change.source,
    started_at: change.startedAt,
    finished_at: change.finishedAt,
    commits: JSON.stringify(change.commits),
    attributes: JSON.stringify(change.attributes),
    fixes: JSON.stringify(change.fixes),
    received_at: change.receivedAt,
    fingerprint: change.fingerprint,
  };
}

function toDeploy(row: Selectable<DeploysTable>): StoredDeploy {
  return {
    releaseId: row.release_id,
    change: {
      id: row.change_id,
      at: row.at,
      type: row.type,
      service: row.service,
      environment: row.environment,
      version: row.version,
      // Columns below were written by fromChange.
      status: row.status as ChangeStatus,
      commit: row.commit_sha,
      url: row.url,
      actor: row.actor,
      source: row.source,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      commits: JSON.parse(row.commits) as Commit[],
      attributes: JSON.parse(row.attributes) as Record<string, string>,
      receivedAt: row.received_at,
      fixes: JSON.parse(row.fixes) as string[],
      fingerprint: row.fingerprint,
    },
  };
}
