import {
  IconAlertTriangle,
  IconArticle,
  IconBug,
  IconMessageCircle,
  IconMessages,
  type Icon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ProblemDetail, SignaturePart } from '../../../../src/http/contract/problems.js';
import { term } from '../../api/query-term.js';
import { absoluteRange, type RangeText } from '../../time/range.js';
import { Section } from '../../ui/section.js';
import { ServiceName } from '../../ui/service-name.js';

type Kind = SignaturePart['kind'];

const looks: Readonly<Record<Kind, { Glyph: Icon; word: string; color: string }>> = {
  alert: { Glyph: IconAlertTriangle, word: 'alert', color: 'var(--critical)' },
  error_group: { Glyph: IconBug, word: 'error', color: 'var(--critical)' },
  pattern: { Glyph: IconArticle, word: 'log pattern', color: 'var(--warning)' },
  feedback: { Glyph: IconMessageCircle, word: 'feedback', color: 'var(--feedback)' },
  feedback_group: { Glyph: IconMessages, word: 'feedback group', color: 'var(--feedback)' },
};

/** By what one knows it again: what Lemni counts, and watches after the fix. */
export function ProblemSignature({ problem }: { problem: ProblemDetail }) {
  const from = Date.parse(problem.trend.from);
  const steps = Math.max(1, ...problem.trend.series.map(({ points }) => points.length));
  const range = absoluteRange({ from, to: from + steps * problem.trend.stepMs });
  return (
    <Section title="What shows it" note="counted for its cost, and watched after the fix">
      <ul className="card problem-signature">
        {problem.signature.map((part) => {
          const { Glyph, word, color } = looks[part.kind];
          return (
            <li key={JSON.stringify(part)}>
              <span className="problem-signature-kind" style={{ color }}>
                <Glyph size={16} stroke={1.8} aria-hidden />
                {word}
              </span>
              <span className="problem-signature-what">{nameOf(part)}</span>
              {'service' in part ? (
                <ServiceName
                  service={part.service}
                  environment={part.kind === 'alert' ? part.environment : ''}
                />
              ) : null}
              <span className="problem-signature-links">{linksOf(part, range)}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function nameOf(part: SignaturePart): string {
  if (part.kind !== 'alert') return part.title === '' ? 'without words' : part.title;
  return part.operation === '' ? part.rule : `${part.rule}: ${part.operation}`;
}

function linksOf(part: SignaturePart, range: RangeText): ReactNode {
  switch (part.kind) {
    case 'alert':
      return (
        <>
          <Link
            to="/traces"
            search={{
              ...range,
              service: part.service,
              status: 'error',
              operation: part.operation === '' ? undefined : part.operation,
            }}
          >
            Failed requests
          </Link>
          <Link to="/incidents" search={{ state: 'all', service: part.service }}>
            Incidents
          </Link>
        </>
      );
    case 'error_group':
      return (
        <>
          <Link to="/errors" search={{ ...range, service: part.service, group: part.fingerprint }}>
            Errors
          </Link>
          <Link to="/traces" search={{ ...range, service: part.service, status: 'error' }}>
            Traces
          </Link>
          <Link to="/logs" search={{ ...range, query: `${term('service', part.service)} level>=error` }}>
            Logs
          </Link>
        </>
      );
    case 'pattern':
      return (
        <Link
          to="/logs"
          search={{
            ...range,
            query: `${term('service', part.service)} ${term('pattern', part.fingerprint)}`,
          }}
        >
          Its lines
        </Link>
      );
    case 'feedback':
      return (
        <Link to="/feedback" search={{ id: part.feedbackId, state: 'all' }}>
          Open it
        </Link>
      );
    case 'feedback_group':
      return (
        <Link to="/feedback" search={{ state: 'all' }}>
          Open them
        </Link>
      );
  }
}
