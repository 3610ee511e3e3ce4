import { sql, type Insertable, type Selectable } from 'kysely';
import type { Ticket, TicketOp, TicketState, TicketWork } from '../../model/problems.js';
import type { StateDatabase } from './connect.js';
import type { TicketOutboxTable, TicketsTable } from './schema/problems.js';

/** False when the problem has one already. */
export async function insertTicket(database: StateDatabase, ticket: Ticket): Promise<boolean> {
  const result = await database
    .insertInto('tickets')
    .values(fromTicket(ticket))
    .onConflict((conflict) => conflict.column('problem_id').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n) === 1;
}

export async function ticketsOf(
  database: StateDatabase,
  problemIds: readonly string[],
): Promise<ReadonlyMap<string, Ticket>> {
  if (problemIds.length === 0) return new Map();
  const rows = await database
    .selectFrom('tickets')
    .selectAll()
    .where('problem_id', 'in', [...problemIds])
    .execute();
  return new Map(rows.map((row) => [row.problem_id, toTicket(row)]));
}

export async function ticketsByNumbers(
  database: StateDatabase,
  tracker: string,
  numbers: readonly number[],
): Promise<Ticket[]> {
  if (numbers.length === 0) return [];
  const rows = await database
    .selectFrom('tickets')
    .selectAll()
    .where('tracker', '=', tracker)
    .where('number', 'in', numbers.slice(0, 1000))
    .execute();
  return rows.map(toTicket);
}

export async function countTickets(database: StateDatabase): Promise<number> {
  const row = await database
    .selectFrom('tickets')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('number', 'is not', null)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export type TicketChange = Partial<
  Pick<Ticket, 'place' | 'number' | 'url' | 'state' | 'syncedAt' | 'error' | 'content' | 'remoteAt'>
>;

/** False when it is not there, or its state is not `from` any more. */
export async function updateTicket(
  database: StateDatabase,
  problemId: string,
  change: TicketChange,
  from?: TicketState,
): Promise<boolean> {
  const { syncedAt, remoteAt, ...same } = change;
  let query = database
    .updateTable('tickets')
    .set({
      ...same,
      ...(syncedAt === undefined ? {} : { synced_at: syncedAt }),
      ...(remoteAt === undefined ? {} : { remote_at: remoteAt }),
    })
    .where('problem_id', '=', problemId);
  if (from !== undefined) query = query.where('state', '=', from);
  const result = await query.executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Puts work for the tracker into the outbox; an `update` that nobody began yet is not put twice. */
export async function enqueueTicketOp(
  database: StateDatabase,
  op: Pick<TicketOp, 'id' | 'problemId' | 'work' | 'text' | 'createdAt'>,
): Promise<boolean> {
  if (op.work === 'update' && (await hasUnbegun(database, op.problemId, 'update'))) return false;
  const last = await database
    .selectFrom('ticket_outbox')
    .select(({ fn }) => fn.max<number | null>('sequence').as('sequence'))
    .where('problem_id', '=', op.problemId)
    .executeTakeFirst();
  await database
    .insertInto('ticket_outbox')
    .values(
      fromOp({
        ...op,
        sequence: (last?.sequence ?? 0) + 1,
        status: 'pending',
        attempts: 0,
        nextAttemptAt: op.createdAt,
        lastError: null,
      }),
    )
    .execute();
  return true;
}

async function hasUnbegun(database: StateDatabase, problemId: string, work: TicketWork): Promise<boolean> {
  const row = await database
    .selectFrom('ticket_outbox')
    .select('id')
    .where('problem_id', '=', problemId)
    .where('work', '=', work)
    .where('status', '=', 'pending')
    .where('attempts', '=', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** What may be done now: due, and the oldest that waits of its problem. */
export async function dueTicketOps(database: StateDatabase, now: number, limit: number): Promise<TicketOp[]> {
  const rows = await database
    .selectFrom('ticket_outbox as op')
    .selectAll()
    .where('status', '=', 'pending')
    .where('next_attempt_at', '<=', now)
    .where((test) =>
      test.not(
        test.exists(
          test
            .selectFrom('ticket_outbox as older')
            .select(sql<number>`1`.as('one'))
            .whereRef('older.problem_id', '=', 'op.problem_id')
            .whereRef('older.sequence', '<', 'op.sequence')
            .where('older.status', '=', 'pending'),
        ),
      ),
    )
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toOp);
}

export async function nextTicketOpAt(database: StateDatabase): Promise<number | undefined> {
  const row = await database
    .selectFrom('ticket_outbox')
    .select(({ fn }) => fn.min('next_attempt_at').as('at'))
    .where('status', '=', 'pending')
    .executeTakeFirst();
  return row?.at ?? undefined;
}

/**
 * Takes a piece of work for one attempt, counted before it is made. False when another process took it. When
 * this process dies in the attempt, it is due again after the lease.
 */
export async function claimTicketOp(
  database: StateDatabase,
  op: TicketOp,
  leaseUntil: number,
): Promise<boolean> {
  const result = await database
    .updateTable('ticket_outbox')
    .set({ attempts: op.attempts + 1, next_attempt_at: leaseUntil })
    .where('id', '=', op.id)
    .where('status', '=', 'pending')
    .where('attempts', '=', op.attempts)
    .where('next_attempt_at', '=', op.nextAttemptAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Records how an attempt ended; false when the claim had been lost to another process in between. */
export async function settleTicketOp(
  database: StateDatabase,
  claim: Pick<TicketOp, 'id' | 'attempts'>,
  outcome: Pick<TicketOp, 'status' | 'nextAttemptAt' | 'lastError'>,
): Promise<boolean> {
  const result = await database
    .updateTable('ticket_outbox')
    .set({
      status: outcome.status,
      next_attempt_at: outcome.nextAttemptAt,
      last_error: outcome.lastError,
    })
    .where('id', '=', claim.id)
    .where('status', '=', 'pending')
    .where('attempts', '=', claim.attempts)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Work that waits for the problem, of these kinds. */
export async function pendingTicketOps(database: StateDatabase, problemId: string): Promise<TicketOp[]> {
  const rows = await database
    .selectFrom('ticket_outbox')
    .selectAll()
    .where('problem_id', '=', problemId)
    .where('status', '=', 'pending')
    .orderBy('sequence')
    .limit(1000)
    .execute();
  return rows.map(toOp);
}

/** Nothing more is said about a ticket that is gone. */
export async function failTicketOps(
  database: StateDatabase,
  problemId: string,
  reason: string,
): Promise<void> {
  await database
    .updateTable('ticket_outbox')
    .set({ status: 'failed', last_error: reason })
    .where('problem_id', '=', problemId)
    .where('status', '=', 'pending')
    .execute();
}

/** Lets work that failed or waits be tried at once: somebody asked for it. */
export async function retryTicketOps(database: StateDatabase, problemId: string, now: number): Promise<void> {
  await database
    .updateTable('ticket_outbox')
    .set({ status: 'pending', next_attempt_at: now })
    .where('problem_id', '=', problemId)
    .where('status', '=', 'failed')
    .where('work', '=', 'create')
    .execute();
  await database
    .updateTable('ticket_outbox')
    .set({ next_attempt_at: now })
    .where('problem_id', '=', problemId)
    .where('status', '=', 'pending')
    .where('last_error', 'is not', null)
    .execute();
}

function fromTicket(ticket: Ticket): Insertable<TicketsTable> {
  return {
    problem_id: ticket.problemId,
    tracker: ticket.tracker,
    place: ticket.place,
    number: ticket.number,
    url: ticket.url,
    state: ticket.state,
    synced_at: ticket.syncedAt,
    error: ticket.error,
    content: ticket.content,
    remote_at: ticket.remoteAt,
  };
}

function toTicket(row: Selectable<TicketsTable>): Ticket {
  return {
    problemId: row.problem_id,
    tracker: row.tracker,
    place: row.place,
    number: row.number,
    url: row.url,
    state: row.state as TicketState, // Written by fromTicket.
    syncedAt: row.synced_at,
    error: row.error,
    content: row.content,
    remoteAt: row.remote_at,
  };
}

function fromOp(op: TicketOp): Insertable<TicketOutboxTable> {
  return {
    id: op.id,
    problem_id: op.problemId,
    sequence: op.sequence,
    work: op.work,
    text: op.text,
    status: op.status,
    attempts: op.attempts,
    created_at: op.createdAt,
    next_attempt_at: op.nextAttemptAt,
    last_error: op.lastError,
  };
}

function toOp(row: Selectable<TicketOutboxTable>): TicketOp {
  return {
    id: row.id,
    problemId: row.problem_id,
    sequence: row.sequence,
    // Both were written by fromOp.
    work: row.work as TicketWork,
    status: row.status as TicketOp['status'],
    text: row.text,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    lastError: row.last_error,
  };
}
