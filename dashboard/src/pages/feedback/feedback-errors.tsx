import { Link } from '@tanstack/react-router';
import type { List } from '../../../../src/http/contract/common.js';
import type { Feedback, FeedbackError } from '../../../../src/http/contract/feedback.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { feedbackPath } from './use-feedback-act.js';

/** What failed in the person's session and trace, in the hour before they wrote. */
export function FeedbackErrors({ feedback }: { feedback: Feedback }) {
  const asked = feedback.sessionId !== '' || feedback.traceId !== '';
  const { data, error, refetch } = useApi<List<FeedbackError>>(
    `${feedbackPath(feedback.id)}/errors`,
    {},
    { enabled: asked, fresh: true },
  );
  if (!asked) return null;
  return (
    <section className="feedback-errors" aria-label="Errors of the session">
      <h2 className="feedback-subtitle">What failed for them</h2>
      {error ? (
        <ErrorBox what="The errors could not be loaded." error={error} retry={() => void refetch()} />
      ) : !data ? (
        <TextSkeleton lines={2} />
      ) : data.items.length === 0 ? (
        <p className="muted">No error carries their session or trace in the hour before.</p>
      ) : (
        <ul className="feedback-error-list">
          {data.items.map((item) => (
            <li key={`${item.at} ${item.traceId} ${item.fingerprint}`}>
              <span className="clip feedback-error-what" title={item.message}>
                <strong>{item.type === '' ? 'Error' : item.type}</strong> {item.message}
              </span>
              <span className="muted small feedback-error-where">
                {[item.service, item.version, item.operation].filter((part) => part !== '').join(' · ')},{' '}
                <Ago at={item.at} />
                {item.traceId === '' ? null : (
                  <>
                    {', '}
                    <Link to="/traces/$traceId" params={{ traceId: item.traceId }}>
                      trace
                    </Link>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
