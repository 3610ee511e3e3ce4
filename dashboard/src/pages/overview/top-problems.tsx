import { Link } from '@tanstack/react-router';
import type { List } from '../../../../src/http/contract/common.js';
import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { useApi } from '../../api/use-api.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { Score } from '../problems/problem-cost.js';
import { ProblemBeads } from '../problems/problem-steps.js';
import '../problems/problems.css';
import { costs } from '../problems/sentences.js';

/** The three that cost users most. */
const shown = 3;

export function TopProblems() {
  const { data, error, refetch } = useApi<List<ProblemItem>>('/api/problems', { limit: shown });
  return (
    <Section title="What to fix next" more={<Link to="/problems">All problems</Link>}>
      {error && !data ? (
        <ErrorBox what="The problems could not be loaded." error={error} retry={() => void refetch()} />
      ) : (
        <div className="card">
          {!data ? (
            <TableSkeleton rows={3} />
          ) : data.items.length === 0 ? (
            <Empty title="No problem waits for a fix.">
              Open one with “Plan the fix” on <Link to="/incidents">an incident</Link>,{' '}
              <Link to="/errors">an error</Link> or <Link to="/feedback">a feedback</Link>: it is then ranked
              by what it costs users, and watched until a release has been seen to fix it.
            </Empty>
          ) : (
            <ol className="top-problems">
              {data.items.slice(0, shown).map((problem) => (
                <li key={problem.id} className="top-problem">
                  <div className="top-problem-words">
                    <Link to="/problems/$id" params={{ id: problem.id }} className="problem-title">
                      {problem.title}
                    </Link>
                    <p className="problem-facts">
                      <span className="mono">P-{problem.number}</span>
                      {costs(problem.impact).map((cost) => (
                        <span key={cost}>{cost}</span>
                      ))}
                    </p>
                  </div>
                  <span className="top-problem-score">
                    <Score impact={problem.impact} />
                    <span className="muted small">cost</span>
                  </span>
                  <ProblemBeads problem={problem} />
                </li>
              ))}
            </ol>
          )}
        </div>
      )}
    </Section>
  );
}
