import { IconMail } from '@tabler/icons-react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { api } from '../../api/client.js';
import { useCan } from '../../api/session.js';
import { Ago } from '../../ui/ago.js';
import { AnswerForm } from './answer-form.js';
import { mailTo, readsAnswers } from './sentences.js';
import { feedbackPath, useFeedbackAct } from './use-feedback-act.js';

/** What was written back, a field for more, and by which way it reaches the person. */
export function FeedbackAnswers({ feedback }: { feedback: Feedback }) {
  const may = useCan('responder');
  const answer = useFeedbackAct('The answer could not be given.', (text: string) =>
    api.post<Feedback>(`${feedbackPath(feedback.id)}/answers`, { text }),
  );
  const byWidget = readsAnswers(feedback.id);
  if (!may && feedback.answers.length === 0) return null;
  return (
    <section className="feedback-answers" aria-label="Answers">
      {feedback.answers.length === 0 ? null : (
        <ol className="feedback-answer-list">
          {feedback.answers.map(({ id, at, actor, text }) => (
            <li key={id}>
              <span className="muted small">
                {actor}, <Ago at={at} />
              </span>
              <p className="feedback-answer-text">{text}</p>
            </li>
          ))}
        </ol>
      )}
      {may ? (
        <>
          <AnswerForm
            label="Answer"
            busy={answer.isPending}
            onSend={(text, done) => answer.mutate(text, { onSuccess: done })}
          />
          <p className="muted small feedback-answer-way">
            {byWidget
              ? 'The widget shows it to them when they are next on the page.'
              : 'It came without the widget: an answer here is for the team only.'}
            {feedback.email === '' ? null : (
              <a href={mailTo(feedback)}>
                <IconMail size={14} aria-hidden /> Write to {feedback.email}
              </a>
            )}
          </p>
        </>
      ) : null}
    </section>
  );
}
