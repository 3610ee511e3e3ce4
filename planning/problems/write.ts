import type { NewId } from '../../src/lib/ids.js';
import type { Problem, ProblemEvent, ProblemState, TicketWork } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { addProblemEvents, updateProblem, type ProblemChange } from '../../src/store/state/problems.js';
import { enqueueTicketOp, ticketsOf } from '../../src/store/state/tickets.js';

export interface WriteContext {
  readonly now: number;
  readonly newId: NewId;
}

export interface Step {
  readonly problem: Problem;
  readonly change?: ProblemChange;
  /** The states it must be in, so that of two processes one decides. */
  readonly from?: readonly ProblemState[];
  readonly event?: Pick<ProblemEvent, 'kind' | 'text' | 'actor'> &
    Partial<Pick<ProblemEvent, 'data'>> & {
      /** Made of what it tells: the same is told once. */
      readonly id?: string;
    };
  /** Said to the tracker, when there is a ticket. */
  readonly ticket?: readonly { readonly work: TicketWork; readonly text: string }[];
}

/**
 * One step of a problem's life: its change, its line in the timeline, and what its ticket must be told. Run it in
 * a transaction: a crash leaves all of it or nothing. False when it had moved on already.
 */
export async function take(transaction: StateDatabase, step: Step, context: WriteContext): Promise<boolean> {
  const { problem, change, from, event, ticket = [] } = step;
  const { now, newId } = context;
  if (change && !(await updateProblem(transaction, problem.id, change, from))) return false;
  if (event) {
    const { id = newId(now), data = {}, kind, text, actor } = event;
    const added = await addProblemEvents(transaction, [
      { id, problemId: problem.id, at: now, kind, text, actor, data },
    ]);
    if (added === 0) return false;
  }
  if (ticket.length > 0) await tellTicket(transaction, problem.id, ticket, context);
  return true;
}

/** Puts work for the problem's ticket into the outbox; nothing when it has none, or none that still lives. */
export async function tellTicket(
  transaction: StateDatabase,
  problemId: string,
  work: readonly { readonly work: TicketWork; readonly text: string }[],
  { now, newId }: WriteContext,
): Promise<void> {
  const ticket = (await ticketsOf(transaction, [problemId])).get(problemId);
  if (!ticket || ticket.state === 'failed') return;
  for (const one of work) {
    await enqueueTicketOp(transaction, { ...one, id: newId(now), problemId, createdAt: now });
  }
}
