import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from '../src/lib/clock.js';
import { BadInput } from '../src/lib/errors.js';
import type { NewId } from '../src/lib/ids.js';
import { inOrder } from '../src/lib/in-order.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { problemMetrics } from './problems/metrics.js';
import type { FeedbackGroups, Live, ProblemTelemetry } from './problems/ports.js';
import { createProblems, type Problems } from './problems/problems.js';
import { noticeFixes } from './verification/notice.js';
import { watchFixes } from './verification/watch.js';

export interface PlanningDeps {
  /** How people reach Lemni, without a slash at its end: for links in tickets. */
  readonly publicUrl: string;
  /** How long a fix is watched, ms. */
  readonly bakeMs: number;
  readonly state: StateDatabase;
  readonly telemetry: ProblemTelemetry;
  readonly groups: FeedbackGroups;
  readonly live: Live;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly registry: Registry;
}

export interface Planning {
  start(): void;
  stop(): Promise<void>;
  /** A deploy was told, or something else that problems should look at soon. */
  wake(): void;
  readonly problems: Problems;
  readonly tickets: { request(problemId: string, url: string | undefined, actor: string): Promise<void> };
}

/** Problems with their tickets, and whether their fixes worked. */
export function createPlanning(deps: PlanningDeps): Planning {
  const newId = inOrder(deps.newId);
  const metrics = problemMetrics(deps.registry);
  const verify = { ...deps, newId, metrics, tracker: undefined };
  const problems = createProblems({
    ...deps,
    newId,
    metrics,
    also: async (now) => [...(await noticeFixes(verify, now)), ...(await watchFixes(verify, now))],
    wakeTracker: () => undefined,
  });
  return {
    start: () => problems.start(),
    stop: () => problems.stop(),
    wake: () => problems.wake(),
    problems,
    tickets: {
      request: () =>
        Promise.reject(
          new BadInput('conflict', 'No tracker is configured: set trackers.github in lemni.yaml.'),
        ),
    },
  };
}
