import { LRUCache } from 'lru-cache';
import type { ProblemTrend } from '../../src/http/contract/problems.js';
import type { Clock } from '../../src/lib/clock.js';
import type { Problem } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { problemsByIds } from '../../src/store/state/problems.js';
import type { ProblemTelemetry } from './ports.js';

export interface TrendsDeps {
  readonly state: StateDatabase;
  readonly telemetry: Pick<ProblemTelemetry, 'trendOf'>;
  readonly clock: Clock;
}

/** A list shows a week at most, in as many points as a sparkline has room for. */
const spanMs = 7 * 86_400_000;
const minSpanMs = 3_600_000;
const buckets = 48;
/** A list is asked again with every live event: its trends are as old as this at most. */
const keptMs = 30_000;
const maxKept = 500;
/** Questions to the engine at once: a list must not take all of its threads. */
const atOnce = 2;

/** How often problems were seen lately, for lists: small, and kept for a moment. */
export function createTrends({ state, telemetry, clock }: TrendsDeps) {
  const kept = new LRUCache<string, { readonly until: number; readonly trend: ProblemTrend }>({
    max: maxKept,
  });
  const ask = async (problem: Problem, now: number): Promise<ProblemTrend> => {
    const known = kept.get(problem.id);
    if (known && known.until > now) return known.trend;
    const from = Math.max(now - spanMs, Math.min(problem.since, now - minSpanMs));
    const { environment, signature: parts } = problem;
    const trend = onePoint(
      problem.id,
      await telemetry.trendOf({ parts, environment, from, to: now, buckets }),
    );
    kept.set(problem.id, { until: now + keptMs, trend });
    return trend;
  };
  return {
    async of(ids: readonly string[]): Promise<ProblemTrend[]> {
      const now = clock.now();
      const problems = await problemsByIds(state, ids);
      const trends: ProblemTrend[] = [];
      for (let i = 0; i < problems.length; i += atOnce)
        trends.push(
          ...(await Promise.all(problems.slice(i, i + atOnce).map((problem) => ask(problem, now)))),
        );
      return trends;
    },
  };
}

export type Trends = ReturnType<typeof createTrends>;

/** One failure shows in several parts (its alert, its error, its log line): the most of them is how often. */
function onePoint(
  id: string,
  { from, stepMs, series }: Awaited<ReturnType<ProblemTelemetry['trendOf']>>,
): ProblemTrend {
  const length = series.reduce((most, { points }) => Math.max(most, points.length), 0);
  const points = Array.from({ length }, (_, i) => Math.max(0, ...series.map((one) => one.points[i] ?? 0)));
  return { id, from, stepMs, points };
}
