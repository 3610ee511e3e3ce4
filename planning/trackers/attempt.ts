import type { Ticket, TicketOp } from '../../src/model/problems.js';
import type { TicketChange } from '../../src/store/state/tickets.js';
import {
  commentMarker,
  contentOf,
  givenContent,
  problemMarker,
  ticketSection,
  ticketTitle,
  withSection,
  type TicketFacts,
} from './content.js';
import type { Outcome, RemoteTicket, Tracker } from './tracker.js';

export interface Attempt {
  readonly op: TicketOp;
  readonly ticket: Ticket;
  readonly facts: TicketFacts;
}

/** What an attempt that worked changes about the ticket. */
export type Done = TicketChange;

/** Does one piece of work at the tracker, once. Never throws what the tracker did. */
export async function attempt(
  tracker: Tracker,
  { op, ticket, facts }: Attempt,
  signal: AbortSignal,
): Promise<Outcome<Done>> {
  const { problem } = facts;
  // An earlier attempt may have got through without an answer: `attempts` was counted before it was made.
  const soughtSince = op.attempts > 1 ? op.createdAt : undefined;
  if (op.work === 'create') {
    if (ticket.number !== null) return { ok: true, value: {} };
    const title = ticketTitle(problem);
    const section = ticketSection(facts);
    const marker = problemMarker(problem.id);
    const made = await tracker.create({ marker, title, body: section, soughtSince }, signal);
    return made.ok
      ? { ok: true, value: { ...stands(made.value), content: contentOf(title, section) } }
      : made;
  }
  const { number } = ticket;
  // The order of the outbox has the ticket before everything else.
  if (number === null) return { ok: false, reason: 'unexpected', error: 'The ticket has no number yet' };
  switch (op.work) {
    case 'update':
      return update(tracker, { number, ticket, facts }, signal);
    case 'comment': {
      const said = await tracker.comment(
        number,
        { marker: commentMarker(op.id), text: op.text, soughtSince },
        signal,
      );
      return said.ok ? { ok: true, value: {} } : said;
    }
    case 'close': {
      if (ticket.state === 'closed') return { ok: true, value: {} };
      const reason = op.text === 'not_planned' ? 'not_planned' : 'completed';
      return standing(await tracker.setState(number, { state: 'closed', reason }, signal));
    }
    case 'reopen':
      if (ticket.state === 'open') return { ok: true, value: {} };
      return standing(await tracker.setState(number, { state: 'open' }, signal));
  }
}

/** Only what is Lemni's own is changed: its section of the body, and the title while it is still the one it gave. */
async function update(
  tracker: Tracker,
  { number, ticket, facts }: { number: number; ticket: Ticket; facts: TicketFacts },
  signal: AbortSignal,
): Promise<Outcome<Done>> {
  const title = ticketTitle(facts.problem);
  const section = ticketSection(facts);
  const content = contentOf(title, section);
  if (content === ticket.content) return { ok: true, value: {} };
  const read = await tracker.read(number, signal);
  if (!read.ok) return read;
  const body = withSection(read.value.body, facts.problem.id, section);
  const isOurTitle = read.value.title === givenContent(ticket.content).title;
  const change = {
    ...(body === read.value.body ? {} : { body }),
    ...(isOurTitle && title !== read.value.title ? { title } : {}),
  };
  const kept = contentOf(isOurTitle ? title : '', section);
  if (Object.keys(change).length === 0) return { ok: true, value: { content: kept } };
  const written = await tracker.update(number, change, signal);
  if (!written.ok) return written;
  return { ok: true, value: { content: kept, url: written.value.url } };
}

function standing(outcome: Outcome<RemoteTicket>): Outcome<Done> {
  if (!outcome.ok) return outcome;
  const { state, updatedAt } = outcome.value;
  return { ok: true, value: { state, remoteAt: updatedAt } };
}

function stands({ number, url, state, updatedAt, place }: RemoteTicket): Done {
  return { number, url, state, remoteAt: updatedAt, ...(place === '' ? {} : { place }) };
}
