import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { Sparkline } from '../../charts/sparkline.js';
import type { DeployMark } from '../../charts/flags.js';
import { count, join } from '../../time/format.js';

/** Where a sparkline begins and ends, Unix ms; null without one. */
export function trendFrame({ sparkline }: Pick<ProblemItem, 'sparkline'>) {
  if (!sparkline || sparkline.points.length === 0) return null;
  const from = Date.parse(sparkline.from);
  return { from, to: from + sparkline.points.length * sparkline.stepMs };
}

/** How often its signature was seen, with the deploys of its services. */
export function ProblemTrend({ problem, marks }: { problem: ProblemItem; marks: readonly DeployMark[] }) {
  const frame = trendFrame(problem);
  if (!frame || !problem.sparkline) return <span className="muted">–</span>;
  const seen = problem.sparkline.points.reduce((sum, point) => sum + point, 0);
  const inside = marks
    .filter(({ service, at }) => problem.services.includes(service) && at >= frame.from && at <= frame.to)
    .map(({ at, version }) => ({ at: (at - frame.from) / (frame.to - frame.from), label: version }));
  return (
    <Sparkline
      points={problem.sparkline.points}
      color="var(--critical-fill)"
      marks={inside}
      label={`Seen ${join(count(seen))} times, ${inside.length} deploys`}
    />
  );
}
