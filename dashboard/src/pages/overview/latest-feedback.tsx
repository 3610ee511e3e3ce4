import { Link } from '@tanstack/react-router';
import type { List } from '../../../../src/http/contract/common.js';
import type { Feedback } from '../../../../src/http/contract/feedback.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Rating } from '../../ui/rating.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';

export function LatestFeedback() {
  const { data, error, refetch } = useApi<List<Feedback>>('/api/feedback', { from: 'now-24h', limit: 6 });
  return (
    <Section title="What people said" note="last day" more={<Link to="/feedback">All feedback</Link>}>
      {error && !data ? (
        <ErrorBox what="The feedback could not be loaded." error={error} retry={() => void refetch()} />
      ) : (
        <div className="card">
          {!data ? (
            <TableSkeleton rows={4} />
          ) : data.items.length === 0 ? (
            <Empty title="Nobody said anything in the last day.">
              <Link to="/settings/$tab" params={{ tab: 'connect' }} hash="feedback">
                Ask your users
              </Link>{' '}
              with one fetch and a public key.
            </Empty>
          ) : (
            <ul className="short-list">
              {data.items.map((item) => (
                <li key={item.id}>
                  <Link to="/feedback" search={{ id: item.id }} className="short-list-main clip">
                    {item.message === '' ? 'A rating without words' : item.message}
                  </Link>
                  <Rating rating={item.rating} />
                  <span className="muted small short-list-end">
                    <Ago at={item.at} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Section>
  );
}
