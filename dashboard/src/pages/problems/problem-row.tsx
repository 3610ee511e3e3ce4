import { Link } from '@tanstack/react-router';
import type { ProblemItem, ProblemTrend } from '../../../../src/http/contract/problems.js';
import type { DeployMark } from '../../charts/flags.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { ServiceName } from '../../ui/service-name.js';
import { Score } from './problem-cost.js';
import { ProblemBeads } from './problem-steps.js';
import { Trend } from './problem-trend.js';
import { TicketLink } from './ticket-link.js';

interface ProblemRowProps {
  problem: ProblemItem;
  /** Its place in the list, from 1. */
  rank: number;
  trend: ProblemTrend | undefined;
  marks: readonly DeployMark[];
  /** The row that `j` and `k` stand on. */
  current: boolean;
}

export function ProblemRow({ problem, rank, trend, marks, current }: ProblemRowProps) {
  const { impact, services } = problem;
  return (
    <tr data-current={current} data-state={problem.state}>
      <td data-column="rank" className="num muted right">
        {rank}
      </td>
      <td data-column="problem" className="grow">
        <Link to="/problems/$id" params={{ id: problem.id }} className="problem-title">
          {problem.title}
        </Link>
        <p className="problem-facts">
          <span className="mono">P-{problem.number}</span>
          {services.slice(0, 3).map((service, i) => (
            <ServiceName
              key={service}
              service={service}
              environment={i === Math.min(services.length, 3) - 1 ? problem.environment : ''}
            />
          ))}
          {services.length > 3 ? <span>+{services.length - 3} more</span> : null}
          {problem.ticket ? <TicketLink ticket={problem.ticket} /> : null}
          <Ago at={problem.createdAt} prefix="opened " />
        </p>
      </td>
      <td data-column="people" className="right">
        <Num value={impact.people} />
      </td>
      <td data-column="failed" className="right">
        <Num value={impact.requestsFailed} />
      </td>
      <td data-column="minutes" className="right">
        <Num value={impact.minutes} />
      </td>
      <td data-column="feedback" className="right">
        <Num value={impact.feedback} />
      </td>
      <td data-column="score" className="right">
        <Score impact={impact} />
      </td>
      <td data-column="trend">
        <Trend problem={problem} trend={trend} marks={marks} />
      </td>
      <td data-column="state">
        <ProblemBeads problem={problem} />
      </td>
    </tr>
  );
}
