import type { Clock } from '../../lib/clock.js';
import type { NewId } from '../../lib/ids.js';
import { appendAudit, type AuditEntry } from '../../store/state/audit.js';
import type { StateDatabase } from '../../store/state/connect.js';

/** Notes who did what, now. Give it the transaction of the deed. */
export async function audited(
  db: StateDatabase,
  deps: { readonly clock: Clock; readonly newId: NewId },
  entry: Omit<AuditEntry, 'id' | 'at' | 'detail'> & { readonly detail?: AuditEntry['detail'] },
): Promise<void> {
  const at = deps.clock.now();
  await appendAudit(db, { detail: {}, ...entry, id: deps.newId(at), at });
}
