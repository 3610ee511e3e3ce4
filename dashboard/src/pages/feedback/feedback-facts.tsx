import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { ServiceName } from '../../ui/service-name.js';
import { Version } from '../../ui/version.js';
import type { FeedbackSearch } from './search.js';
import { browserOf } from './sentences.js';

interface FeedbackFactsProps {
  feedback: Feedback;
  onNarrow: (to: FeedbackSearch) => void;
}

/** Where they were, and everything else that came with it. */
export function FeedbackFacts({ feedback, onNarrow }: FeedbackFactsProps) {
  const facts: [string, ReactNode, FeedbackSearch?][] = [
    ['Page', feedback.page === '' ? null : <Page page={feedback.page} />, { page: pageOf(feedback.page) }],
    [
      'Service',
      feedback.service === '' ? null : (
        <ServiceName service={feedback.service} environment={feedback.environment} />
      ),
      { service: feedback.service },
    ],
    [
      'Environment',
      feedback.environment === '' ? null : feedback.environment,
      { environment: feedback.environment },
    ],
    [
      'Version',
      feedback.version === '' ? null : <Version version={feedback.version} />,
      { version: feedback.version },
    ],
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
      {facts.map(([name, value, narrow]) =>
        value === null ? null : (
          <div key={name}>
            <dt className="clip" title={name}>
              {name}
            </dt>
            <dd>
              {value}
              {narrow === undefined ? null : (
                <Tooltip label={`Only this ${name.toLowerCase()}`}>
                  <ActionIcon
                    className="feedback-only"
                    variant="subtle"
                    size="sm"
                    aria-label={`Only this ${name.toLowerCase()}`}
                    onClick={() => onNarrow(narrow)}
                  >
                    <IconFilter size={14} />
                  </ActionIcon>
                </Tooltip>
              )}
            </dd>
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

/** What pages of one kind share: the address without its parameters. */
function pageOf(page: string): string {
  return page.split(/[?#]/)[0] ?? page;
}
