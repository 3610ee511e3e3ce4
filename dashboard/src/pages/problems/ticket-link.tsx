import { IconExternalLink, IconTicket } from '@tabler/icons-react';
import type { Ticket } from '../../../../src/http/contract/problems.js';

const names: Readonly<Record<string, string>> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  jira: 'Jira',
  linear: 'Linear',
};

export function trackerName(tracker: string): string {
  return names[tracker] ?? tracker;
}

/** A person may link any address: nothing but the web becomes a link. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

export const ticketWords: Readonly<Record<Ticket['state'], string>> = {
  creating: 'being created',
  open: 'open',
  closed: 'closed',
  failed: 'not in step',
};

/** `#12 open`, a way out to the tracker once it is there. */
export function TicketLink({ ticket }: { ticket: Ticket }) {
  const words = (
    <>
      <IconTicket size={14} aria-hidden />
      <span>
        {ticket.key === '' ? 'ticket' : ticket.key} {ticketWords[ticket.state]}
      </span>
    </>
  );
  if (!isWebAddress(ticket.url))
    return (
      <span className="ticket-link" data-state={ticket.state}>
        {words}
      </span>
    );
  return (
    <a
      className="ticket-link"
      data-state={ticket.state}
      href={ticket.url}
      target="_blank"
      rel="noreferrer"
      title={`${trackerName(ticket.tracker)} ${ticket.key}, ${ticketWords[ticket.state]}`}
    >
      {words}
      <IconExternalLink size={12} aria-hidden />
    </a>
  );
}
