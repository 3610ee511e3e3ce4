import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconArchive, IconArrowLeft, IconFolder, IconInbox } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { api } from '../../api/client.js';
import { ApiError } from '../../api/errors.js';
import { useCan } from '../../api/session.js';
import { apiKey, useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Rating } from '../../ui/rating.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { failed } from '../../ui/toast.js';
import { PlanFix } from '../problems/plan-fix.js';
import { FeedbackAnswers } from './feedback-answers.js';
import { FeedbackErrors } from './feedback-errors.js';
import { FeedbackFacts } from './feedback-facts.js';
import { FeedbackMoment } from './feedback-moment.js';
import { Screenshot } from './screenshot.js';
import type { FeedbackSearch } from './search.js';

interface FeedbackDetailProps {
  id: string | undefined;
  /** As the list has it: shown at once. */
  known: Feedback | undefined;
  /** On a phone: back to the list. */
  onBack: () => void;
  /** Shows only what is like this one in some respect. */
  onNarrow: (to: FeedbackSearch) => void;
}

export function FeedbackDetail({ id, known, onBack, onNarrow }: FeedbackDetailProps) {
  const path = `/api/feedback/${encodeURIComponent(id ?? '')}`;
  // A link may lead to one that the list does not show.
  const asked = useApi<Feedback>(path, {}, { enabled: id !== undefined && known === undefined, fresh: true });
  const feedback = known ?? asked.data;
  if (feedback) return <Detail key={feedback.id} {...{ feedback, onBack, onNarrow }} />;
  return (
    <div className="feedback-detail">
      <BackButton onBack={onBack} />
      {id === undefined ? (
        <Empty title="Nothing is chosen." />
      ) : !asked.error ? (
        <TextSkeleton lines={6} />
      ) : asked.error instanceof ApiError && asked.error.status === 404 ? (
        <Empty title="This feedback is no longer kept." />
      ) : (
        <ErrorBox
          what="The feedback could not be loaded."
          error={asked.error}
          retry={() => void asked.refetch()}
        />
      )}
    </div>
  );
}

function BackButton({ onBack }: { onBack: () => void }) {
  return (
    <ActionIcon className="feedback-back" variant="subtle" aria-label="Back to the list" onClick={onBack}>
      <IconArrowLeft size={18} />
    </ActionIcon>
  );
}

interface DetailProps extends Pick<FeedbackDetailProps, 'onBack' | 'onNarrow'> {
  feedback: Feedback;
}

function Detail({ feedback, onBack, onNarrow }: DetailProps) {
  const who = [feedback.email, feedback.userId].filter((part) => part !== '').join(', ');
  return (
    <article className="feedback-detail" aria-label="Feedback">
      <header className="feedback-head">
        <BackButton onBack={onBack} />
        <Rating rating={feedback.rating} size={18} />
        <span className="clip feedback-who">{who === '' ? 'somebody' : who}</span>
        <span className="muted">
          <Ago at={feedback.at} />
        </span>
        <span className="feedback-head-actions">
          <PlanFix size="xs" from={{ kind: 'feedback', feedbackIds: [feedback.id] }} />
          <StateButton feedback={feedback} />
        </span>
      </header>
      {feedback.groupId === null ? null : (
        <p className="feedback-in-group">
          <IconFolder size={16} aria-hidden />
          <UnstyledButton
            className="linkish"
            onClick={() => onNarrow({ group: feedback.groupId ?? undefined })}
          >
            Others who say the same
          </UnstyledButton>
        </p>
      )}
      <p className="feedback-message" data-empty={feedback.message === ''}>
        {feedback.message === '' ? 'A rating without words.' : feedback.message}
      </p>
      {feedback.screenshotUrl === null ? null : <Screenshot url={feedback.screenshotUrl} />}
      <FeedbackMoment feedback={feedback} />
      <FeedbackAnswers feedback={feedback} />
      <FeedbackErrors feedback={feedback} />
      <FeedbackFacts feedback={feedback} onNarrow={onNarrow} />
    </article>
  );
}

function StateButton({ feedback }: { feedback: Feedback }) {
  const queries = useQueryClient();
  const may = useCan('responder');
  const path = `/api/feedback/${encodeURIComponent(feedback.id)}`;
  const next = feedback.state === 'open' ? 'closed' : 'open';
  const change = useMutation({
    mutationFn: () => api.patch<Feedback>(path, { state: next }),
    onSuccess: async (changed) => {
      queries.setQueryData(apiKey(path), changed);
      await queries.invalidateQueries({ queryKey: ['/api/feedback'] });
    },
    onError: (error) => failed('The feedback could not be changed.', error),
  });
  if (!may) return null;
  return (
    <Tooltip label={next === 'closed' ? 'Nothing more is to be done about it' : 'It needs somebody again'}>
      <Button
        size="xs"
        variant="default"
        loading={change.isPending}
        leftSection={next === 'closed' ? <IconArchive size={16} /> : <IconInbox size={16} />}
        onClick={() => change.mutate()}
      >
        {next === 'closed' ? 'Close' : 'Open again'}
      </Button>
    </Tooltip>
  );
}
