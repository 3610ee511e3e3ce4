import { createHash } from 'node:crypto';
import type { StateDatabase } from './connect.js';

export interface Attachment {
  readonly id: string;
  readonly contentType: string;
  readonly sha256: string;
  readonly bytes: Buffer;
  /** Unix ms. */
  readonly createdAt: number;
}

/** The caller has checked size and type. The same id a second time changes nothing (a retry). */
export async function insertAttachment(
  db: StateDatabase,
  attachment: Omit<Attachment, 'sha256'>,
): Promise<void> {
  await db
    .insertInto('attachments')
    .values({
      id: attachment.id,
      content_type: attachment.contentType,
      size: attachment.bytes.length,
      sha256: createHash('sha256').update(attachment.bytes).digest('hex'),
      bytes: attachment.bytes,
      created_at: attachment.createdAt,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export async function findAttachment(db: StateDatabase, id: string): Promise<Attachment | undefined> {
  const row = await db.selectFrom('attachments').selectAll().where('id', '=', id).executeTakeFirst();
  return (
    row && {
      id: row.id,
      contentType: row.content_type,
      sha256: row.sha256,
      bytes: row.bytes,
      createdAt: row.created_at,
    }
  );
}

/** Retention; bytes leave with what they were attached to. */
export async function deleteAttachmentsBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('attachments').where('created_at', '<', at).execute();
}
