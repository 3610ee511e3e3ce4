import type { StateDatabase } from './connect.js';

export interface AuditEntry {
  /** Sorts by time (a ULID). */
  readonly id: string;
  readonly at: number;
  /** Who, for a person: an e-mail address, `key NAME`, `cli`. */
  readonly actor: string;
  /** Noun and verb, e.g. `user.created`. */
  readonly action: string;
  readonly target: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Give it the transaction of what it tells about, so that neither stands without the other. */
export async function appendAudit(db: StateDatabase, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ ...entry, detail: JSON.stringify(entry.detail) })
    .execute();
}

/** Newest first; `before` is the id of the last entry of the page before. */
export async function listAudit(
  db: StateDatabase,
  page: { readonly limit: number; readonly before?: string | undefined },
): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_log').selectAll().orderBy('id', 'desc').limit(page.limit);
  if (page.before !== undefined) query = query.where('id', '<', page.before);
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> })); // As above.
}

export async function deleteAuditBefore(db: StateDatabase, at: number): Promise<void> {
  await db.deleteFrom('audit_log').where('at', '<', at).execute();
}
