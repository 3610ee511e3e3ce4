import type { ProblemItem, ProblemTrend } from '../../../../src/http/contract/problems.js';
import { Sparkline } from '../../charts/sparkline.js';
import type { DeployMark } from '../../charts/flags.js';
import { count, join } from '../../time/format.js';

/** Where a trend begins and ends, Unix ms. */
export function trendFrame({ from, stepMs, points }: Omit<ProblemTrend, 'id'>) {
  const start = Date.parse(from);
  return { from: start, to: start + points.length * stepMs };
}

interface TrendProps {
  problem: ProblemItem;
  /** Undefined while it loads. */
  trend: ProblemTrend | undefined;
  marks: readonly DeployMark[];
}

/** How often it was seen, with the deploys of its services. */
export function Trend({ problem, trend, marks }: TrendProps) {
  if (!trend) return <Sparkline points={null} color="var(--critical-fill)" />;
  const frame = trendFrame(trend);
  const seen = trend.points.reduce((sum, point) => sum + point, 0);
  const inside = marks
    .filter(({ service, at }) => problem.services.includes(service) && at >= frame.from && at <= frame.to)
    .map(({ at, version }) => ({ at: (at - frame.from) / (frame.to - frame.from), label: version }));
  const deploys = inside.length === 1 ? '1 deploy' : `${inside.length} deploys`;
  return (
    <Sparkline
      points={trend.points}
      color="var(--critical-fill)"
      marks={inside}
      label={`Seen ${join(count(seen))} times, ${deploys}`}
    />
  );
}
