import type { ReactNode } from 'react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { ServiceName } from '../../ui/service-name.js';
import { Version } from '../../ui/version.js';
import { browserOf } from './sentences.js';

/** Where they were, and everything else that came with it. */
export function FeedbackFacts({ feedback }: { feedback: Feedback }) {
  const facts: [string, ReactNode][] = [
    ['Page', feedback.page === '' ? null : <Page page={feedback.page} />],
    [
      'Service',
      feedback.service === '' ? null : (
        <ServiceName service={feedback.service} environment={feedback.environment} />
      ),
    ],
    ['Version', feedback.version === '' ? null : <Version version={feedback.version} />],
    [
      'Browser',
      feedback.userAgent === '' ? null : (
        <span title={feedback.userAgent}>{browserOf(feedback.userAgent)}</span>
      ),
    ],
    ['Session', feedback.sessionId === '' ? null : <code>{feedback.sessionId}</code>],
    ['Trace', feedback.traceId === '' ? null : <code>{feedback.traceId}</code>],
    ['User', feedback.userId === '' ? null : <code>{feedback.userId}</code>],
    ...Object.entries(feedback.attributes).map(([name, value]): [string, ReactNode] => [name, value]),
  ];
  return (
    <dl className="feedback-facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt className="clip" title={name}>
              {name}
            </dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** A link only when it leads to the web: the address is what a browser sent. */
function Page({ page }: { page: string }) {
  if (!/^https?:\/\//.test(page)) return <span>{page}</span>;
  return (
    <a href={page} target="_blank" rel="noreferrer nofollow">
      {page}
    </a>
  );
}
