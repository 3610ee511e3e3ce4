import { Button, Textarea } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBell,
  IconCheck,
  IconEyeCheck,
  IconFlag,
  IconMessage,
  IconMessageCircle,
  IconRocket,
  IconUser,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { IncidentDetail, TimelineEntry } from '../../../../src/http/contract/incidents.js';
import { useCan } from '../../api/session.js';
import { Ago } from '../../ui/ago.js';
import { Section } from '../../ui/section.js';
import { useAct } from './use-act.js';

type Kind = TimelineEntry['kind'];

const looks: Readonly<Record<Kind, { Glyph: Icon; color: string; word: string }>> = {
  opened: { Glyph: IconFlag, color: 'var(--critical)', word: 'Opened' },
  alert_fired: { Glyph: IconAlertTriangle, color: 'var(--critical)', word: 'Alert' },
  alert_resolved: { Glyph: IconCheck, color: 'var(--healthy)', word: 'Alert over' },
  deploy: { Glyph: IconRocket, color: 'var(--release)', word: 'Deploy' },
  notification: { Glyph: IconBell, color: 'var(--text-muted)', word: 'Told' },
  acknowledged: { Glyph: IconEyeCheck, color: 'var(--warning)', word: 'Acknowledged' },
  assigned: { Glyph: IconUser, color: 'var(--text-muted)', word: 'Assigned' },
  comment: { Glyph: IconMessage, color: 'var(--information)', word: 'Comment' },
  feedback: { Glyph: IconMessageCircle, color: 'var(--feedback)', word: 'Feedback' },
  resolved: { Glyph: IconCheck, color: 'var(--healthy)', word: 'Resolved' },
  reopened: { Glyph: IconArrowBackUp, color: 'var(--critical)', word: 'Reopened' },
};

/** Everything that happened, in order: alerts, deploys, messages, feedback, people. */
export function IncidentTimeline({ incident }: { incident: IncidentDetail }) {
  const may = useCan('responder');
  const entries = [...incident.timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <Section title="Timeline">
      <ol className="timeline card">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
        {may ? (
          <li className="timeline-write">
            <CommentForm id={incident.id} />
          </li>
        ) : null}
      </ol>
    </Section>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { Glyph, color, word } = looks[entry.kind];
  return (
    <li className="timeline-entry" data-kind={entry.kind} data-failed={entry.data['failed'] === true}>
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

function EntryText({ entry: { kind, text, data } }: { entry: TimelineEntry }) {
  const releaseId = data['releaseId'];
  const feedbackId = data['feedbackId'];
  if (kind === 'deploy' && typeof releaseId === 'string')
    return (
      <Link to="/releases/$id" params={{ id: releaseId }} className="timeline-deploy">
        {text}
      </Link>
    );
  if (kind === 'feedback' && typeof feedbackId === 'string')
    return (
      <Link to="/feedback" search={{ id: feedbackId }} className="timeline-feedback">
        {text}
      </Link>
    );
  return text;
}

function CommentForm({ id }: { id: string }) {
  const act = useAct(id);
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
        placeholder="What you see, what you try"
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
