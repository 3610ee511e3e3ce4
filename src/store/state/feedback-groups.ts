import type { FeedbackState } from '../../model/feedback.js';
import { chunks } from '../../lib/chunks.js';
import type { StateDatabase } from './connect.js';

export interface FeedbackGroupRecord {
  readonly id: string;
  readonly title: string;
  readonly state: FeedbackState;
  /** Unix ms. */
  readonly createdAt: number;
  readonly createdBy: string;
  readonly count: number;
  /** Of its newest feedback, Unix ms; null when its feedback is no longer kept. */
  readonly lastAt: number | null;
  readonly averageRating: number | null;
}

/** A feedback as a group keeps it. */
export interface GroupMember {
  readonly id: string;
  readonly at: number;
  readonly rating: number | null;
}

export interface GroupFilter {
  readonly state?: FeedbackState | undefined;
  readonly ids?: readonly string[] | undefined;
  /** After this one, newest first. */
  readonly before?: { readonly at: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listGroups(db: StateDatabase, filter: GroupFilter): Promise<FeedbackGroupRecord[]> {
  const { state, ids, before, limit } = filter;
  let query = db
    .selectFrom('feedback_groups')
    .leftJoin('feedback_group_members', 'feedback_group_members.group_id', 'feedback_groups.id')
    .select(({ fn }) => [
      'feedback_groups.id',
      'title',
      'state',
      'created_at',
      'created_by',
      fn.count<number | string>('feedback_id').as('count'),
      fn.max<number | string | null>('feedback_at').as('last_at'),
      fn.avg<number | string | null>('rating').as('average'),
    ])
    .groupBy(['feedback_groups.id', 'title', 'state', 'created_at', 'created_by'])
    .orderBy('created_at', 'desc')
    .orderBy('feedback_groups.id', 'desc')
    .limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (ids !== undefined) query = query.where('feedback_groups.id', 'in', [...ids, '']);
  if (before !== undefined) {
    query = query.where((where) =>
      where.or([
        where('created_at', '<', before.at),
        where.and([where('created_at', '=', before.at), where('feedback_groups.id', '<', before.id)]),
      ]),
    );
  }
  return (await query.execute()).map((row) => ({
    id: row.id,
    title: row.title,
    state: row.state === 'closed' ? 'closed' : 'open',
    createdAt: row.created_at,
    createdBy: row.created_by,
    count: Number(row.count),
    lastAt: row.last_at === null ? null : Number(row.last_at),
    averageRating: row.average === null ? null : Math.round(Number(row.average) * 100) / 100,
  }));
}

export async function findGroup(db: StateDatabase, id: string): Promise<FeedbackGroupRecord | undefined> {
  const [group] = await listGroups(db, { ids: [id], limit: 1 });
  return group;
}

export async function insertGroup(
  db: StateDatabase,
  group: Pick<FeedbackGroupRecord, 'id' | 'title' | 'createdAt' | 'createdBy'>,
): Promise<void> {
  await db
    .insertInto('feedback_groups')
    .values({
      id: group.id,
      title: group.title,
      state: 'open',
      created_at: group.createdAt,
      created_by: group.createdBy,
    })
    .execute();
}

export async function changeGroup(
  db: StateDatabase,
  id: string,
  change: { readonly title?: string | undefined; readonly state?: FeedbackState | undefined },
): Promise<void> {
  const values = {
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(change.state === undefined ? {} : { state: change.state }),
  };
  if (Object.keys(values).length === 0) return;
  await db.updateTable('feedback_groups').set(values).where('id', '=', id).execute();
}

/** Moves those that are in another group; again changes nothing. */
export async function addMembers(
  db: StateDatabase,
  groupId: string,
  members: readonly GroupMember[],
): Promise<void> {
  for (const { id, at, rating } of members) {
    await db
      .insertInto('feedback_group_members')
      .values({ feedback_id: id, group_id: groupId, feedback_at: at, rating })
      .onConflict((conflict) => conflict.column('feedback_id').doUpdateSet({ group_id: groupId }))
      .execute();
  }
}

export async function removeMember(db: StateDatabase, feedbackId: string): Promise<void> {
  await db.deleteFrom('feedback_group_members').where('feedback_id', '=', feedbackId).execute();
}

/** The newest first. */
export async function membersOf(db: StateDatabase, groupId: string, limit: number): Promise<GroupMember[]> {
  const rows = await db
    .selectFrom('feedback_group_members')
    .selectAll()
    .where('group_id', '=', groupId)
    .orderBy('feedback_at', 'desc')
    .orderBy('feedback_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ id: row.feedback_id, at: row.feedback_at, rating: row.rating }));
}

/** The groups of these, by feedback; one that is not there is in none. */
export async function groupsOf(
  db: StateDatabase,
  feedbackIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const some of chunks(feedbackIds, 500)) {
    const rows = await db
      .selectFrom('feedback_group_members')
      .select(['feedback_id', 'group_id'])
      .where('feedback_id', 'in', some)
      .execute();
    for (const row of rows) found.set(row.feedback_id, row.group_id);
  }
  return found;
}

/** Retention; groups that lost all of theirs leave with them. */
export async function deleteGroupsBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('feedback_group_members').where('feedback_at', '<', at).execute();
  await db
    .deleteFrom('feedback_groups')
    .where('created_at', '<', at)
    .where('id', 'not in', db.selectFrom('feedback_group_members').select('group_id'))
    .execute();
}
