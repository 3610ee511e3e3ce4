import type { FeedbackState } from '../../model/feedback.js';
import { insertAttachment } from './attachments.js';
import type { StateDatabase } from './connect.js';

export interface Triage {
  readonly state: FeedbackState;
  /** Unix milliseconds. */
  readonly changedAt: number;
  readonly changedBy: string;
}

/** Screenshots together take at most this much of the state database (bytes). */
const defaultMaxAttachmentBytes = 2 * 1024 ** 3;

/** What ingest needs of the inbox: see ingest/feedback/ports.ts. */
export function feedbackInbox(db: StateDatabase, maxAttachmentBytes = defaultMaxAttachmentBytes) {
  return {
    has: async (id: string): Promise<boolean> => (await findTriage(db, id)) !== undefined,
    attach: async (
      id: string,
      screenshot: { readonly contentType: string; readonly bytes: Buffer },
      at: number,
    ): Promise<boolean> => {
      if ((await attachmentBytes(db)) + screenshot.bytes.length > maxAttachmentBytes) return false;
      await insertAttachment(db, { id, ...screenshot, createdAt: at });
      return true;
    },
    open: async (id: string, at: number): Promise<void> => {
      await db
        .insertInto('feedback_triage')
        .values({ feedback_id: id, feedback_at: at, state: 'open', changed_at: at, changed_by: '' })
        .onConflict((conflict) => conflict.column('feedback_id').doNothing())
        .execute();
    },
  };
}

export async function findTriage(db: StateDatabase, id: string): Promise<Triage | undefined> {
  const row = await db
    .selectFrom('feedback_triage')
    .selectAll()
    .where('feedback_id', '=', id)
    .executeTakeFirst();
  return row && { state: stateOf(row.state), changedAt: row.changed_at, changedBy: row.changed_by };
}

/** The states of these, at most a thousand; one that is not there is open. */
export async function triageStates(
  db: StateDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FeedbackState>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('feedback_triage')
    .select(['feedback_id', 'state'])
    .where('feedback_id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.feedback_id, stateOf(row.state)]));
}

export async function setTriage(
  db: StateDatabase,
  feedback: { readonly id: string; readonly at: number },
  triage: Triage,
): Promise<void> {
  const changed = {
    state: triage.state,
    changed_at: triage.changedAt,
    changed_by: triage.changedBy,
  };
  await db
    .insertInto('feedback_triage')
    .values({ feedback_id: feedback.id, feedback_at: feedback.at, ...changed })
    .onConflict((conflict) => conflict.column('feedback_id').doUpdateSet(changed))
    .execute();
}

/** Retention; call it with the same bound as the telemetry table's, and for the attachments. */
export async function deleteTriageBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('feedback_triage').where('feedback_at', '<', at).execute();
}

async function attachmentBytes(db: StateDatabase): Promise<number> {
  const row = await db
    .selectFrom('attachments')
    .select(({ fn }) => fn.sum<number | string | null>('size').as('bytes'))
    .executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

function stateOf(text: string): FeedbackState {
  return text === 'closed' ? 'closed' : 'open';
}
