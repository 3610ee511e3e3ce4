import type { Insertable, Selectable } from 'kysely';
import type { PartShare, Verification, VerificationState } from '../../model/problems.js';
import type { StateDatabase } from './connect.js';
import type { ProblemVerificationsTable } from './schema/problems.js';

/** False when this change was taken for a fix of the problem before. */
export async function insertVerification(
  database: StateDatabase,
  verification: Verification,
): Promise<boolean> {
  const result = await database
    .insertInto('problem_verifications')
    .values(fromVerification(verification))
    .onConflict((conflict) => conflict.columns(['problem_id', 'change_id']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n) === 1;
}

/** Whether this change was taken for a fix of the problem. */
export async function verificationExists(
  database: StateDatabase,
  problemId: string,
  changeId: string,
): Promise<boolean> {
  const row = await database
    .selectFrom('problem_verifications')
    .select('id')
    .where('problem_id', '=', problemId)
    .where('change_id', '=', changeId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The last of each problem, by problem. */
export async function lastVerifications(
  database: StateDatabase,
  problemIds: readonly string[],
): Promise<ReadonlyMap<string, Verification>> {
  if (problemIds.length === 0) return new Map();
  const rows = await database
    .selectFrom('problem_verifications')
    .selectAll()
    .where('problem_id', 'in', [...problemIds])
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.problem_id, toVerification(row)]));
}

/** What is still looked at: undecided, and verified since `verifiedSince` (it may come back). */
export async function watchedVerifications(
  database: StateDatabase,
  verifiedSince: number,
  limit: number,
): Promise<Verification[]> {
  const rows = await database
    .selectFrom('problem_verifications')
    .selectAll()
    .where((test) =>
      test.or([
        test('decided_at', 'is', null),
        test.and([test('state', '=', 'verified'), test('decided_at', '>=', verifiedSince)]),
      ]),
    )
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toVerification);
}

export type VerificationChange = Pick<Verification, 'state' | 'decidedAt' | 'sentence' | 'evidence'>;

/** Changes it when it still is in that state; false: somebody was faster. */
export async function updateVerification(
  database: StateDatabase,
  { id, state }: Pick<Verification, 'id' | 'state'>,
  change: VerificationChange,
): Promise<boolean> {
  const result = await database
    .updateTable('problem_verifications')
    .set({
      state: change.state,
      decided_at: change.decidedAt,
      sentence: change.sentence,
      evidence: JSON.stringify(change.evidence),
    })
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A newer fix takes the place of older ones that were not decided, or that had verified it. */
export async function endVerifications(
  database: StateDatabase,
  problemId: string,
  exceptId: string,
  at: number,
): Promise<void> {
  await database
    .updateTable('problem_verifications')
    .set({ decided_at: at, state: 'inconclusive' })
    .where('problem_id', '=', problemId)
    .where('id', '!=', exceptId)
    .where('decided_at', 'is', null)
    .execute();
}

function fromVerification(verification: Verification): Insertable<ProblemVerificationsTable> {
  return {
    id: verification.id,
    problem_id: verification.problemId,
    change_id: verification.changeId,
    release_id: verification.releaseId,
    service: verification.service,
    environment: verification.environment,
    version: verification.version,
    state: verification.state,
    started_at: verification.startedAt,
    watch_until: verification.watchUntil,
    give_up_at: verification.giveUpAt,
    decided_at: verification.decidedAt,
    before: JSON.stringify(verification.before),
    sentence: verification.sentence,
    evidence: JSON.stringify(verification.evidence),
  };
}

function toVerification(row: Selectable<ProblemVerificationsTable>): Verification {
  return {
    id: row.id,
    problemId: row.problem_id,
    changeId: row.change_id,
    releaseId: row.release_id,
    service: row.service,
    environment: row.environment,
    version: row.version,
    // Columns below were written by fromVerification.
    state: row.state as VerificationState,
    startedAt: row.started_at,
    watchUntil: row.watch_until,
    giveUpAt: row.give_up_at,
    decidedAt: row.decided_at,
    before: JSON.parse(row.before) as PartShare[],
    sentence: row.sentence,
    evidence: JSON.parse(row.evidence) as string[],
  };
}
