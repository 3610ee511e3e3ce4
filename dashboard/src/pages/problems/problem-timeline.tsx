import { Button, Textarea } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconCheck,
  IconCircleDashed,
  IconFlag,
  IconMessage,
  IconPlus,
  IconRocket,
  IconTicket,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProblemDetail, ProblemEvent } from '../../../../src/http/contract/problems.js';
import { useCan } from '../../api/session.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';
import { useProblemAct } from './use-problem.js';

const looks: Readonly<Record<ProblemEvent['kind'], { Glyph: Icon; color: string; word: string }>> = {
  opened: { Glyph: IconFlag, color: 'var(--warning)', word: 'Opened' },
  evidence_added: { Glyph: IconPlus, color: 'var(--text-muted)', word: 'More evidence' },
  planned: { Glyph: IconTicket, color: 'var(--information)', word: 'Planned' },
  ticket: { Glyph: IconTicket, color: 'var(--information)', word: 'Ticket' },
  fixed: { Glyph: IconRocket, color: 'var(--release)', word: 'Fixed in' },
  verified: { Glyph: IconCheck, color: 'var(--healthy)', word: 'Verified' },
  regressed: { Glyph: IconAlertTriangle, color: 'var(--critical)', word: 'Regressed' },
  inconclusive: { Glyph: IconCircleDashed, color: 'var(--text-muted)', word: 'Inconclusive' },
  comment: { Glyph: IconMessage, color: 'var(--information)', word: 'Comment' },
  state: { Glyph: IconArrowsExchange, color: 'var(--text-muted)', word: 'State' },
};

/** Everything that happened to it, in order. */
export function ProblemTimeline({ problem }: { problem: ProblemDetail }) {
  const may = useCan('responder');
  const entries = [...problem.timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <Section title="Timeline">
      <ol className="timeline card">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        {may ? (
          <li className="timeline-write">
            <CommentForm id={problem.id} />
          </li>
        ) : null}
      </ol>
    </Section>
  );
}

function Entry({ entry }: { entry: ProblemEvent }) {
  const { Glyph, color, word } = looks[entry.kind];
  return (
    <li className="timeline-entry" data-kind={entry.kind}>
      <span className="timeline-glyph" style={{ color }} title={word}>
        <Glyph size={16} stroke={1.8} aria-hidden />
        <span className="visually-hidden">{word}</span>
      </span>
      <div className="timeline-words">
        {entry.kind === 'comment' ? <p className="timeline-actor">{entry.actor ?? 'somebody'}</p> : null}
        <p className="timeline-text">
          <EntryText entry={entry} />
        </p>
      </div>
      <span className="muted small">
        <Ago at={entry.at} />
      </span>
    </li>
  );
}

function EntryText({ entry: { text, data } }: { entry: ProblemEvent }) {
  const { releaseId, incidentId } = data;
  if (typeof releaseId === 'string' && releaseId !== '')
    return (
      <Link to="/releases/$id" params={{ id: releaseId }} className="timeline-deploy">
        {text}
      </Link>
    );
  if (typeof incidentId === 'string' && incidentId !== '')
    return (
      <Link to="/incidents/$id" params={{ id: incidentId }}>
        {text}
      </Link>
    );
  return text;
}

function CommentForm({ id }: { id: string }) {
  const act = useProblemAct(id);
  const [text, setText] = useState('');
  const send = () => {
    const trimmed = text.trim();
    if (trimmed === '' || act.isPending) return;
    act.mutate({ verb: 'comment', body: { text: trimmed } }, { onSuccess: () => setText('') });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        aria-label="Comment"
        placeholder="What you found, what you plan"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          send();
        }}
      />
      <Button type="submit" variant="default" loading={act.isPending} disabled={text.trim() === ''}>
        Comment
      </Button>
    </form>
  );
}
