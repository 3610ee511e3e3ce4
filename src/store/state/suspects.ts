import type { Suspect, SuspectBrief } from '../../http/contract/suspects.js';
import { chunks } from '../../lib/chunks.js';
import type { StateDatabase } from './connect.js';

/** Who may have caused an incident. `judgedAt` is Unix ms. */
export interface StoredSuspects {
  readonly incidentId: string;
  readonly judgedAt: number;
  /** The most probable first. */
  readonly suspects: readonly Suspect[];
}

export interface SuspectedIncident {
  readonly incidentId: string;
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly openedAt: number;
  readonly probability: number;
}

/** Keeps a judgement unless a later one is there (another process, or one that overtook this); whether it was. */
export async function saveSuspects(
  database: StateDatabase,
  { incidentId, judgedAt, suspects }: StoredSuspects,
): Promise<boolean> {
  const [first] = suspects;
  if (!first) return false;
  const row = {
    judged_at: judgedAt,
    brief: JSON.stringify(briefOf(first)),
    suspects: JSON.stringify(suspects),
  };
  return database.transaction().execute(async (transaction) => {
    const kept = await transaction
      .insertInto('incident_suspects')
      .values({ incident_id: incidentId, ...row })
      .onConflict((conflict) =>
        conflict.column('incident_id').doUpdateSet(row).where('incident_suspects.judged_at', '<', judgedAt),
      )
      .executeTakeFirst();
    if (Number(kept.numInsertedOrUpdatedRows ?? 0) === 0) return false;
    await transaction.deleteFrom('incident_suspect_releases').where('incident_id', '=', incidentId).execute();
    const releases = suspects.flatMap(({ releaseId, probability }) =>
      releaseId === null ? [] : [{ incident_id: incidentId, release_id: releaseId, probability }],
    );
    if (releases.length > 0) {
      await transaction.insertInto('incident_suspect_releases').values(releases).execute();
    }
    return true;
  });
}

export async function suspectsOf(
  database: StateDatabase,
  incidentId: string,
): Promise<StoredSuspects | undefined> {
  const row = await database
    .selectFrom('incident_suspects')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .executeTakeFirst();
  return (
    row && {
      incidentId,
      judgedAt: row.judged_at,
      suspects: JSON.parse(row.suspects) as Suspect[], // Written by saveSuspects.
    }
  );
}

/** When each was judged last, and the most probable suspect; those that were not judged are left out. */
export async function suspectBriefs(
  database: StateDatabase,
  incidentIds: readonly string[],
): Promise<Map<string, { readonly judgedAt: number; readonly suspect: SuspectBrief }>> {
  const briefs = new Map<string, { judgedAt: number; suspect: SuspectBrief }>();
  for (const ids of chunks(incidentIds, 1000)) {
    const rows = await database
      .selectFrom('incident_suspects')
      .select(['incident_id', 'judged_at', 'brief'])
      .where('incident_id', 'in', ids)
      .execute();
    for (const { incident_id, judged_at, brief } of rows) {
      // Written by saveSuspects.
      briefs.set(incident_id, { judgedAt: judged_at, suspect: JSON.parse(brief) as SuspectBrief });
    }
  }
  return briefs;
}

/** Incidents that a release is suspected of with at least this probability, the most probable first. */
export async function suspectedOf(
  database: StateDatabase,
  releaseId: string,
  { atLeast, limit }: { readonly atLeast: number; readonly limit: number },
): Promise<SuspectedIncident[]> {
  const rows = await database
    .selectFrom('incident_suspect_releases as suspected')
    .innerJoin('incidents', 'incidents.id', 'suspected.incident_id')
    .select(['incidents.id', 'number', 'title', 'state', 'opened_at', 'probability'])
    .where('suspected.release_id', '=', releaseId)
    .where('probability', '>=', atLeast)
    .orderBy('probability', 'desc')
    .orderBy('opened_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, opened_at, ...rest }) => ({ incidentId: id, openedAt: opened_at, ...rest }));
}

/** Judgements of incidents that were never written: somebody else's opened there first. */
export async function forgetSuspects(database: StateDatabase, judgedBefore: number): Promise<void> {
  const orphans = await database
    .selectFrom('incident_suspects as judged')
    .leftJoin('incidents', 'incidents.id', 'judged.incident_id')
    .select('judged.incident_id')
    .where('judged.judged_at', '<', judgedBefore)
    .where('incidents.id', 'is', null)
    .limit(1000)
    .execute();
  if (orphans.length === 0) return;
  const ids = orphans.map(({ incident_id }) => incident_id);
  await database.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('incident_suspect_releases').where('incident_id', 'in', ids).execute();
    await transaction.deleteFrom('incident_suspects').where('incident_id', 'in', ids).execute();
  });
}

function briefOf(suspect: Suspect): SuspectBrief {
  const { releaseId, service, version, deployedAt, probability, title } = suspect;
  return { releaseId, service, version, deployedAt, probability, title };
}
