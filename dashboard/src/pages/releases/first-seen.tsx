import { Link } from '@tanstack/react-router';
import type { Comparison, FirstSeen } from '../../../../src/http/contract/verdicts.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { Section } from '../../ui/section.js';
import { Severity } from '../logs/severity.js';
import { severityBand } from './severity-band.js';

/** Errors and kinds of log lines that nobody saw before it: each leads to where it can be read. */
export function FirstSeenList({ comparison }: { comparison: Comparison }) {
  const { firstSeen, after } = comparison;
  if (firstSeen.length === 0) return null;
  return (
    <Section title="First seen with it" note={`${firstSeen.length}, in no version of the day before`}>
      <ul className="commit-list card">
        {firstSeen.map((item) => (
          <li key={`${item.kind} ${item.fingerprint}`}>
            <Severity band={severityBand(item.severityNumber)} />
            <Sample item={item} from={after.from} to={after.to} />
            <span className="muted small commit-end">
              <span>{item.kind === 'pattern' ? 'log' : 'error'}</span>
              <span>
                <Num value={item.count} unit="×" />
              </span>
              <Ago at={item.firstAt} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sample({ item, from, to }: { item: FirstSeen; from: string; to: string }) {
  const text = <span className="clip">{item.sample === '' ? 'without words' : item.sample}</span>;
  return item.kind === 'pattern' ? (
    <Link
      to="/logs"
      search={{ from, to, query: `pattern:${item.fingerprint}` }}
      className="commit-title first-seen-sample clip"
      title={item.sample}
    >
      {text}
    </Link>
  ) : (
    <Link
      to="/errors"
      search={{ service: item.service, group: item.fingerprint }}
      className="commit-title first-seen-sample clip"
      title={item.sample}
    >
      {text}
    </Link>
  );
}
