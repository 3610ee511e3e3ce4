import { Button } from '@mantine/core';
import { IconArchive, IconFolder, IconInbox, IconMessageReply } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FeedbackGroup } from '../../../../src/http/contract/feedback.js';
import { api } from '../../api/client.js';
import { useCan } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { Narrowed } from '../../ui/narrowed.js';
import { told } from '../../ui/toast.js';
import { PlanFix } from '../problems/plan-fix.js';
import { AnswerForm } from './answer-form.js';
import { groupSentence } from './sentences.js';
import { groupPath, useFeedbackAct } from './use-feedback-act.js';

/** The group that the list shows: what it is, and what can be done with all that is in it. */
export function GroupBanner({ id, onLeave }: { id: string; onLeave: () => void }) {
  const { data: group, error } = useApi<FeedbackGroup>(groupPath(id), {}, { fresh: true });
  // A link may name a group that is no longer kept: the filter has to go away with one press all the same.
  if (!group) return error ? <Narrowed name="group" value="not kept any more" onRemove={onLeave} /> : null;
  return <Banner group={group} onLeave={onLeave} />;
}

function Banner({ group, onLeave }: { group: FeedbackGroup; onLeave: () => void }) {
  const may = useCan('responder');
  const [answering, setAnswering] = useState(false);
  const next = group.state === 'open' ? 'closed' : 'open';
  const change = useFeedbackAct('The group could not be changed.', () =>
    api.patch<FeedbackGroup>(groupPath(group.id), { state: next }),
  );
  const answer = useFeedbackAct('The answer could not be given.', (text: string) =>
    api.post<{ told: number }>(`${groupPath(group.id)}/answers`, { text }),
  );
  return (
    <section className="card feedback-group" aria-label="Group">
      <div className="feedback-group-head">
        <IconFolder size={18} aria-hidden />
        <h2 className="feedback-group-title clip">{group.title}</h2>
        <span className="muted">{groupSentence(group)}</span>
        <span className="feedback-group-actions">
          {group.problemId === null ? (
            <PlanFix size="xs" from={{ kind: 'feedback_group', groupId: group.id }} label={group.title} />
          ) : (
            <Link to="/problems/$id" params={{ id: group.problemId }}>
              Its problem
            </Link>
          )}
          {may ? (
            <>
              <Button
                size="xs"
                variant="default"
                aria-expanded={answering}
                leftSection={<IconMessageReply size={16} aria-hidden />}
                onClick={() => setAnswering(!answering)}
              >
                Answer all
              </Button>
              <Button
                size="xs"
                variant="default"
                loading={change.isPending}
                leftSection={
                  next === 'closed' ? (
                    <IconArchive size={16} aria-hidden />
                  ) : (
                    <IconInbox size={16} aria-hidden />
                  )
                }
                onClick={() => change.mutate(undefined)}
              >
                {next === 'closed' ? 'Close all' : 'Open again'}
              </Button>
            </>
          ) : null}
          <Button size="xs" variant="subtle" onClick={onLeave}>
            All feedback
          </Button>
        </span>
      </div>
      {answering ? (
        <AnswerForm
          label={`Answer to all ${group.count}`}
          busy={answer.isPending}
          onSend={(text, done) =>
            answer.mutate(text, {
              onSuccess: ({ told: count }) => {
                told(`Answered ${count}.`);
                setAnswering(false);
                done();
              },
            })
          }
        />
      ) : null}
    </section>
  );
}
