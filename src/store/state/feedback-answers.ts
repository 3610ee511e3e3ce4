import { chunks } from '../../lib/chunks.js';
import type { StateDatabase } from './connect.js';

export interface FeedbackAnswerRecord {
  readonly id: string;
  readonly feedbackId: string;
  /** Unix ms. */
  readonly at: number;
  /** Of the feedback, Unix ms: answers leave with it. */
  readonly feedbackAt: number;
  readonly actor: string;
  readonly text: string;
}

/** False when an answer was given under this key before. */
export async function insertAnswer(
  db: StateDatabase,
  answer: FeedbackAnswerRecord,
  key: string,
): Promise<boolean> {
  const result = await db
    .insertInto('feedback_answers')
    .values({
      id: answer.id,
      feedback_id: answer.feedbackId,
      feedback_at: answer.feedbackAt,
      at: answer.at,
      actor: answer.actor,
      text: answer.text,
      key,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function countAnswers(db: StateDatabase, feedbackId: string): Promise<number> {
  const row = await db
    .selectFrom('feedback_answers')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('feedback_id', '=', feedbackId)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The answers to these, oldest first, by feedback. */
export async function answersTo(
  db: StateDatabase,
  feedbackIds: readonly string[],
): Promise<ReadonlyMap<string, readonly FeedbackAnswerRecord[]>> {
  const found = new Map<string, FeedbackAnswerRecord[]>();
  for (const some of chunks(feedbackIds, 500)) {
    const rows = await db
      .selectFrom('feedback_answers')
      .selectAll()
      .where('feedback_id', 'in', some)
      .orderBy('at')
      .orderBy('id')
      .execute();
    for (const row of rows) {
      const answers = found.get(row.feedback_id) ?? [];
      answers.push({
        id: row.id,
        feedbackId: row.feedback_id,
        feedbackAt: row.feedback_at,
        at: row.at,
        actor: row.actor,
        text: row.text,
      });
      found.set(row.feedback_id, answers);
    }
  }
  return found;
}

/** Retention. */
export async function deleteAnswersBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('feedback_answers').where('feedback_at', '<', at).execute();
}
