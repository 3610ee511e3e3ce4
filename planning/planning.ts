import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config/schema.js';
import type { Clock } from '../src/lib/clock.js';
import type { NewId } from '../src/lib/ids.js';
import { inOrder } from '../src/lib/in-order.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import type { Reporters } from './feedback/ports.js';
import { tellReporters } from './feedback/tell-reporters.js';
import { problemMetrics } from './problems/metrics.js';
import type { FeedbackGroups, Live, ProblemTelemetry } from './problems/ports.js';
import { createProblems, type Problems } from './problems/problems.js';
import { ticketFacts } from './trackers/facts.js';
import { githubTracker, type GithubDeps } from './trackers/github/github.js';
import { trackerMetrics } from './trackers/metrics.js';
import { createTickets, type Tickets } from './trackers/tickets.js';
import { noticeFixes } from './verification/notice.js';
import { watchFixes } from './verification/watch.js';

export interface PlanningDeps {
  readonly config: Config['trackers'];
  /** How people reach Lemni, without a slash at its end: for links in tickets. */
  readonly publicUrl: string;
  /** How long a fix is watched, ms. */
  readonly bakeMs: number;
  readonly state: StateDatabase;
  readonly telemetry: ProblemTelemetry;
  readonly groups: FeedbackGroups;
  /** Those who said it are told when its fix was seen to work. */
  readonly reporters: Reporters;
  readonly live: Live;
  readonly clock: Clock;
  readonly newId: NewId;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly log: Logger;
  readonly registry: Registry;
  /** For tests: how names are resolved, how long the tracker may take. */
  readonly outbound?: Pick<GithubDeps, 'resolve' | 'timeoutMs'>;
}

export interface Planning {
  start(): void;
  stop(): Promise<void>;
  /** A deploy was told, or something else that problems should look at soon. */
  wake(): void;
  readonly problems: Problems;
  readonly tickets: Tickets;
}

/** Problems with their tickets, and whether their fixes worked. Throws `BadInput` for a wrong configuration. */
export function createPlanning(deps: PlanningDeps): Planning {
  const newId = inOrder(deps.newId);
  const metrics = problemMetrics(deps.registry);
  const { clock, state } = deps;
  const tracker = githubTracker({ config: deps.config, now: () => clock.now(), ...deps.outbound });
  const verify = { ...deps, newId, metrics, tracker };
  const tell = tellReporters(deps);
  const problems: Problems = createProblems({
    ...deps,
    newId,
    metrics,
    also: async (now) => {
      const changed = [...(await noticeFixes(verify, now)), ...(await watchFixes(verify, now))];
      await tell(now);
      return changed;
    },
    wakeTracker: () => tickets.wake(),
  });
  const tickets: Tickets = createTickets({
    ...deps,
    newId,
    tracker,
    metrics: trackerMetrics(deps.registry),
    factsOf: ticketFacts(state, deps.publicUrl),
    changed: (ids) => problems.announce(ids),
  });
  return {
    start() {
      problems.start();
      tickets.start();
    },
    async stop() {
      await problems.stop();
      await tickets.stop();
    },
    wake: () => problems.wake(),
    problems,
    tickets,
  };
}
