import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { List } from '../../../../src/http/contract/common.js';
import type { ProblemItem, ProblemTrend } from '../../../../src/http/contract/problems.js';
import { useApi } from '../../api/use-api.js';
import type { ListState } from '../../api/use-list.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { absoluteRange } from '../../time/range.js';
import { useNow } from '../../time/use-now.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { MoreButton } from '../../ui/more-button.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { ProblemRow } from './problem-row.js';
import { trendFrame } from './problem-trend.js';
import type { ProblemFilter } from './search.js';

interface ProblemsListProps {
  list: ListState<ProblemItem>;
  state: ProblemFilter;
  service: string | undefined;
}

export function ProblemsList({ list, state, service }: ProblemsListProps) {
  if (list.error && !list.items)
    return <ErrorBox what="The problems could not be loaded." error={list.error} retry={list.retry} />;
  if (!list.items)
    return (
      <div className="card">
        <TableSkeleton rows={6} />
      </div>
    );
  if (list.items.length === 0) return <NoProblems narrowed={state !== 'active' || service !== undefined} />;
  return (
    <div className="card" aria-busy={list.stale}>
      {list.partial === undefined ? null : <p className="notice">{list.partial}</p>}
      <ProblemsTable items={list.items} />
      <MoreButton list={list} />
    </div>
  );
}

function ProblemsTable({ items }: { items: readonly ProblemItem[] }) {
  const navigate = useNavigate();
  const [current, setCurrent] = useState(-1);
  const trends = useTrends(items);
  const marks = useDeploys(trends);
  useListKeys({
    count: items.length,
    current,
    onMove: (index) => {
      setCurrent(index);
      document.querySelectorAll('.problems tbody tr')[index]?.scrollIntoView({ block: 'nearest' });
    },
    onOpen: (index) => {
      const id = items[index]?.id;
      if (id !== undefined) void navigate({ to: '/problems/$id', params: { id } });
    },
  });
  return (
    <div className="table-scroll">
      <table className="table problems">
        <thead>
          <tr>
            <th className="right" aria-label="Rank">
              #
            </th>
            <th>Problem</th>
            <th className="right">People</th>
            <th className="right">Failed</th>
            <th className="right">Minutes</th>
            <th className="right">Feedback</th>
            <th className="right">Cost</th>
            <th>Seen</th>
            <th>State</th>
          </tr>
        </thead>
        <tbody>
          {items.map((problem, index) => (
            <ProblemRow
              key={problem.id}
              problem={problem}
              rank={index + 1}
              trend={trends.find(({ id }) => id === problem.id)}
              marks={marks}
              current={index === current}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const noTrends: readonly never[] = [];
/** As many as one question takes; those further down are cheap enough to go without. */
const maxTrends = 50;

function useTrends(items: readonly ProblemItem[]): readonly ProblemTrend[] {
  const ids = items
    .slice(0, maxTrends)
    .map(({ id }) => id)
    .sort()
    .join(',');
  return useApi<List<ProblemTrend>>('/api/problems/trends', { ids }).data?.items ?? noTrends;
}

/** The deploys of the time that the trends show, asked once for the whole list. */
function useDeploys(trends: readonly ProblemTrend[]) {
  const now = useNow();
  const frames = trends.map(trendFrame);
  const from = Math.min(now - 3_600_000, ...frames.map((frame) => frame.from));
  const to = Math.ceil(now / 60_000) * 60_000;
  const range = useMemo(() => absoluteRange({ from, to }), [from, to]);
  return useChartEvents(range, { from, to }).marks;
}

function NoProblems({ narrowed }: { narrowed: boolean }) {
  if (narrowed)
    return (
      <div className="card">
        <Empty title="There is no such problem.">
          <Link to="/problems" search={{ state: 'all' }}>
            See all problems so far
          </Link>
          .
        </Empty>
      </div>
    );
  return (
    <div className="card">
      <Empty title="No problem waits for a fix.">
        A problem is opened with “Plan the fix”: on{' '}
        <Link to="/incidents" search={{ state: 'all' }}>
          an incident
        </Link>
        , on <Link to="/errors">a group of errors</Link>, on{' '}
        <Link to="/logs" search={{ view: 'patterns' }}>
          a pattern of log lines
        </Link>{' '}
        or on <Link to="/feedback">what people said</Link>. It is then ranked here by what it costs users,
        gets its ticket, and is watched until a release has been seen to fix it.
      </Empty>
    </div>
  );
}
