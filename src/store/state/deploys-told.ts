import type { StateDatabase } from './connect.js';

/** As much of a deploy as says what it means to fix. Times are Unix milliseconds. */
export interface ToldDeploy {
  readonly changeId: string;
  readonly releaseId: string;
  readonly type: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly at: number;
  readonly startedAt: number | null;
  readonly receivedAt: number;
  readonly actor: string;
  readonly fixes: readonly string[];
}

/** Deploys that succeeded and were told, or took effect, since then; the first told first. */
export async function deploysToldSince(
  database: StateDatabase,
  since: number,
  limit: number,
): Promise<ToldDeploy[]> {
  const rows = await database
    .selectFrom('deploys')
    .select([
      'change_id',
      'release_id',
      'type',
      'service',
      'environment',
      'version',
      'at',
      'started_at',
      'received_at',
      'actor',
      'fixes',
    ])
    .where('status', '=', 'succeeded')
    .where((test) => test.or([test('received_at', '>=', since), test('at', '>=', since)]))
    .orderBy('received_at')
    .orderBy('change_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    changeId: row.change_id,
    releaseId: row.release_id,
    type: row.type,
    service: row.service,
    environment: row.environment,
    version: row.version,
    at: row.at,
    startedAt: row.started_at,
    receivedAt: row.received_at,
    actor: row.actor,
    fixes: JSON.parse(row.fixes) as string[], // Written by deploys.ts.
  }));
}
