import type { Selectable } from 'kysely';
import type { Release } from '../../model/releases.js';
import type { StateDatabase } from './connect.js';
import { releasesByIds } from './releases.js';
import type { ReleaseVerdictsTable } from './schema/verdicts.js';

/** What was decided of a release's run. Times are Unix ms. */
export interface StoredVerdict {
  readonly releaseId: string;
  readonly ranFrom: number;
  readonly state: string;
  readonly sentence: string;
  readonly decidedAt: number;
  readonly bakeUntil: number;
  readonly lookAgainAt: number | null;
  /** JSON. */
  readonly judgement: string;
}

export type StoredVerdictBrief = Omit<StoredVerdict, 'judgement'>;

const briefColumns = [
  'release_id',
  'ran_from',
  'state',
  'sentence',
  'decided_at',
  'bake_until',
  'look_again_at',
] as const;

export async function verdictOf(
  database: StateDatabase,
  releaseId: string,
): Promise<StoredVerdict | undefined> {
  const row = await database
    .selectFrom('release_verdicts')
    .selectAll()
    .where('release_id', '=', releaseId)
    .executeTakeFirst();
  return row && { ...toBrief(row), judgement: row.judgement };
}

/** By release; those without one are left out. */
export async function verdictBriefs(
  database: StateDatabase,
  releaseIds: readonly string[],
): Promise<Map<string, StoredVerdictBrief>> {
  if (releaseIds.length === 0) return new Map();
  const rows = await database
    .selectFrom('release_verdicts')
    .select(briefColumns)
    .where('release_id', 'in', releaseIds)
    .execute();
  return new Map(rows.map((row) => [row.release_id, toBrief(row)]));
}

export interface OpenRun {
  readonly release: Release;
  readonly verdict: StoredVerdictBrief | undefined;
}

/**
 * Releases that happened in [since, until] and have no verdict of their latest run, or one that is to be looked at
 * again by `until`; the oldest first. Those whose deploy never succeeded and that telemetry never showed are none.
 */
export async function openRuns(
  database: StateDatabase,
  { since, until, limit }: { readonly since: number; readonly until: number; readonly limit: number },
): Promise<OpenRun[]> {
  const rows = await database
    .selectFrom('releases')
    .leftJoin('release_verdicts', 'release_verdicts.release_id', 'releases.id')
    .select('releases.id')
    .where('releases.happened_at', '>=', since)
    .where('releases.happened_at', '<=', until)
    .where((test) =>
      test.or([
        test('releases.deployed_at', 'is not', null),
        test('releases.telemetry_first_at', 'is not', null),
      ]),
    )
    .where((test) =>
      test.or([
        test('release_verdicts.release_id', 'is', null),
        test('release_verdicts.look_again_at', '<=', until),
        // Deployed again after its bake time: another run.
        test('releases.deployed_at', '>', test.ref('release_verdicts.bake_until')),
      ]),
    )
    .orderBy('releases.happened_at')
    .orderBy('releases.id')
    .limit(limit)
    .execute();
  const ids = rows.map(({ id }) => id);
  const releases = new Map((await releasesByIds(database, ids)).map((release) => [release.id, release]));
  const verdicts = await verdictBriefs(database, ids);
  return ids.flatMap((id) => {
    const release = releases.get(id);
    return release ? [{ release, verdict: verdicts.get(id) }] : [];
  });
}

/**
 * Keeps a verdict unless another process was faster: `previous` is what this one was decided upon, undefined when
 * there was none. Answers whether it was kept.
 */
export async function saveVerdict(
  database: StateDatabase,
  verdict: StoredVerdict,
  previous: StoredVerdictBrief | undefined,
): Promise<boolean> {
  const { release_id, ...rest } = fromVerdict(verdict);
  if (!previous) {
    const inserted = await database
      .insertInto('release_verdicts')
      .values({ release_id, ...rest })
      .onConflict((conflict) => conflict.column('release_id').doNothing())
      .executeTakeFirst();
    return Number(inserted.numInsertedOrUpdatedRows ?? 0) > 0;
  }
  const { ranFrom, decidedAt, lookAgainAt } = previous;
  const updated = await database
    .updateTable('release_verdicts')
    .set(rest)
    .where('release_id', '=', release_id)
    .where('ran_from', '=', ranFrom)
    .where('decided_at', '=', decidedAt)
    .where((test) =>
      lookAgainAt === null ? test('look_again_at', 'is', null) : test('look_again_at', '=', lookAgainAt),
    )
    .executeTakeFirst();
  return Number(updated.numUpdatedRows) > 0;
}

function fromVerdict(verdict: StoredVerdict): ReleaseVerdictsTable {
  return {
    release_id: verdict.releaseId,
    ran_from: verdict.ranFrom,
    state: verdict.state,
    sentence: verdict.sentence,
    decided_at: verdict.decidedAt,
    bake_until: verdict.bakeUntil,
    look_again_at: verdict.lookAgainAt,
    judgement: verdict.judgement,
  };
}

function toBrief(row: Omit<Selectable<ReleaseVerdictsTable>, 'judgement'>): StoredVerdictBrief {
  return {
    releaseId: row.release_id,
    ranFrom: row.ran_from,
    state: row.state,
    sentence: row.sentence,
    decidedAt: row.decided_at,
    bakeUntil: row.bake_until,
    lookAgainAt: row.look_again_at,
  };
}
