import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProblemItem, Ticket } from '../../../../src/http/contract/problems.js';
import { useCan } from '../../api/session.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';
import { isWebAddress, ticketWords, trackerName } from './ticket-link.js';
import { useProblemAct } from './use-problem.js';

const glyphs: Readonly<Record<Ticket['state'], GlyphState>> = {
  creating: 'information',
  open: 'information',
  closed: 'healthy',
  failed: 'warning',
};

/** The same problem in the team's tracker: made here, or linked, and kept in step. */
export function ProblemTicket({ problem }: { problem: ProblemItem }) {
  return (
    <Section title="Ticket">
      <div className="card problem-ticket">
        {problem.ticket ? <Kept ticket={problem.ticket} /> : null}
        {problem.ticket === null || problem.ticket.state === 'failed' ? (
          <TicketForm problem={problem} />
        ) : null}
      </div>
    </Section>
  );
}

function Kept({ ticket }: { ticket: Ticket }) {
  const name = `${trackerName(ticket.tracker)} ${ticket.key}`.trim();
  return (
    <>
      <p className="problem-ticket-line">
        {isWebAddress(ticket.url) ? (
          <a href={ticket.url} target="_blank" rel="noreferrer">
            {name}
          </a>
        ) : (
          <strong>{name}</strong>
        )}
        <StateGlyph state={glyphs[ticket.state]} word={ticketWords[ticket.state]} />
      </p>
      {ticket.error === null ? null : (
        <p className="problem-ticket-error" role="status">
          {ticket.error}
        </p>
      )}
      <p className="muted small">
        {ticket.syncedAt === null ? (
          'Lemni is asking the tracker and tries again by itself.'
        ) : (
          <>
            In step <Ago at={ticket.syncedAt} />.
          </>
        )}
      </p>
    </>
  );
}

function TicketForm({ problem }: { problem: ProblemItem }) {
  const act = useProblemAct(problem.id);
  const may = useCan('responder');
  const [url, setUrl] = useState('');
  const [wrong, setWrong] = useState(false);
  if (!may) return problem.ticket ? null : <p className="muted">No ticket yet.</p>;
  const retry = problem.ticket !== null;
  const link = () => {
    const address = url.trim();
    if (address === '') return;
    if (!isWebAddress(address)) {
      setWrong(true);
      return;
    }
    act.mutate({ verb: 'ticket', body: { url: address } }, { onSuccess: () => setUrl('') });
  };
  return (
    <>
      {retry ? null : <p className="muted">No ticket yet: the tracker does not know of it.</p>}
      <Button
        variant={retry ? 'default' : 'filled'}
        loading={act.isPending && act.variables.verb === 'ticket' && act.variables.body.url === undefined}
        onClick={() => act.mutate({ verb: 'ticket', body: {} })}
      >
        {retry ? 'Try again' : 'Create a ticket'}
      </Button>
      <form
        className="problem-ticket-link"
        onSubmit={(event) => {
          event.preventDefault();
          link();
        }}
      >
        <TextInput
          size="xs"
          aria-label="Address of a ticket that is there"
          placeholder="or link: https://…"
          type="url"
          value={url}
          error={wrong ? 'An address begins with https://' : undefined}
          onChange={(event) => {
            setUrl(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <Button type="submit" size="xs" variant="default" disabled={url.trim() === ''}>
          Link
        </Button>
      </form>
    </>
  );
}
