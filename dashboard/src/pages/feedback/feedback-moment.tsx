import { IconArticle, IconTimeline } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { term } from '../../api/query-term.js';
import { absoluteRange } from '../../time/range.js';

/** People write a while after it went wrong (ms). */
const before = 10 * 60_000;
const after = 2 * 60_000;

/** The very moment in telemetry: its trace, and what was logged around it. */
export function FeedbackMoment({ feedback }: { feedback: Feedback }) {
  const at = Date.parse(feedback.at);
  const range = absoluteRange({ from: at - before, to: at + after });
  const session = feedback.sessionId === '' ? null : term('session.id', feedback.sessionId);
  const service = feedback.service === '' ? null : term('service', feedback.service);
  return (
    <nav className="feedback-moment" aria-label="The moment in telemetry">
      {feedback.traceId === '' ? (
        <span className="muted">No trace id came with it.</span>
      ) : (
        <>
          <Link to="/traces/$traceId" params={{ traceId: feedback.traceId }}>
            <IconTimeline size={18} stroke={1.6} aria-hidden />
            The trace of this moment
          </Link>
          <Link to="/logs" search={{ ...range, query: `trace_id:${feedback.traceId}` }}>
            <IconArticle size={18} stroke={1.6} aria-hidden />
            Its logs
          </Link>
        </>
      )}
      {session === null ? null : (
        <Link to="/logs" search={{ ...range, query: session }}>
          <IconArticle size={18} stroke={1.6} aria-hidden />
          Logs of the session
        </Link>
      )}
      {service === null ? null : (
        <Link to="/logs" search={{ ...range, query: service }}>
          <IconArticle size={18} stroke={1.6} aria-hidden />
          Logs of {feedback.service} around it
        </Link>
      )}
    </nav>
  );
}
