import type { Logger } from 'pino';
import type { z } from 'zod';
import type {
  ProblemDetail,
  ProblemInput,
  ProblemItem,
  ProblemPatch,
} from '../../src/http/contract/problems.js';
import type { Clock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import { activeStates } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  countProblems,
  listProblems,
  problemsByIds,
  type ProblemFilter,
} from '../../src/store/state/problems.js';
import { commentProblem, mustFind, openProblem, patchProblem } from './actions.js';
import type { ProblemMetrics } from './metrics.js';
import type { FeedbackGroups, Live, ProblemTelemetry } from './ports.js';
import { problemDetail, problemItems } from './read.js';
import { recompute } from './recompute.js';

export interface ProblemsDeps {
  readonly state: StateDatabase;
  readonly telemetry: ProblemTelemetry;
  readonly groups: FeedbackGroups;
  readonly live: Live;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly metrics: ProblemMetrics;
  /** What else a pass does, after the costs: which problems it changed. */
  readonly also?: ((now: number) => Promise<readonly string[]>) | undefined;
  /** How long a fix is watched, ms: a short watch needs a closer look. */
  readonly bakeMs: number;
  /** Something may have been put into the tracker's outbox. */
  readonly wakeTracker: () => void;
}

export interface Problems {
  start(): void;
  /** Resolves when a pass that was under way is done. */
  stop(): Promise<void>;
  /** One pass now, as the loop makes it every 15 s. Throws what went wrong. */
  pass(): Promise<void>;
  /** A pass soon: a deploy was told, say. */
  wake(): void;
  open(input: z.output<typeof ProblemInput>, actor: string): Promise<{ item: ProblemItem; isNew: boolean }>;
  list(filter: ProblemFilter): Promise<ProblemItem[]>;
  detail(id: string): Promise<ProblemDetail>;
  patch(id: string, patch: z.output<typeof ProblemPatch>, actor: string): Promise<ProblemItem>;
  comment(id: string, text: string, actor: string): Promise<void>;
  /** Tells browsers how these look now. Never fails. */
  announce(ids: readonly string[]): Promise<void>;
}

const maxEveryMs = 15_000;
const minEveryMs = 2000;
/** A pass that took long is not made again before this many times its duration: it never takes more than 5 % of a core. */
const restFactor = 20;
const maxPauseMs = 10 * 60_000;
/** After a deploy was told its other rows follow within this. */
const wakeDelayMs = 300;
const maxAnnounced = 200;

/** Problems: what is worth planning, what it costs, and whether its fix worked. */
export function createProblems(deps: ProblemsDeps): Problems {
  const { state, telemetry, clock } = deps;
  const announce = announcer(deps);
  const loop = new Loop(deps, announce);
  const itemOf = async (id: string): Promise<ProblemItem> => {
    const [item] = await problemItems(state, [await mustFind(state, id)]);
    if (!item) throw new Error('A problem has a view.');
    return item;
  };
  return {
    start: () => loop.start(),
    stop: () => loop.stop(),
    pass: () => loop.pass(),
    wake: () => loop.wake(),
    async open(input, actor) {
      const now = clock.now();
      const { id, isNew } = await openProblem(deps, input, actor, now);
      if (isNew) {
        // Its cost is part of the first answer; when telemetry is away the loop makes up for it.
        await recompute(deps, now, await problemsByIds(state, [id])).catch((error: unknown) =>
          deps.log.warn({ error: messageOf(error) }, 'the cost of a new problem is not known yet'),
        );
        await announce([id]);
      }
      return { item: await itemOf(id), isNew };
    },
    list: async (filter) => problemItems(state, await listProblems(state, filter)),
    detail: async (id) => problemDetail({ state, telemetry }, await mustFind(state, id), clock.now()),
    async patch(id, patch, actor) {
      if (await patchProblem(deps, id, patch, { actor, now: clock.now() })) {
        deps.wakeTracker();
        await announce([id]);
      }
      return itemOf(id);
    },
    async comment(id, text, actor) {
      await commentProblem(deps, id, text, { actor, now: clock.now() });
      await announce([id]);
    },
    announce,
  };
}

function announcer({ state, live, log }: ProblemsDeps): (ids: readonly string[]) => Promise<void> {
  return async (ids) => {
    if (ids.length === 0) return;
    try {
      const problems = await problemsByIds(state, [...new Set(ids)].slice(0, maxAnnounced));
      for (const item of await problemItems(state, problems)) live.emit('problem', item);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'browsers could not be told of a problem');
    }
  };
}

class Loop {
  readonly #deps: ProblemsDeps;
  readonly #announce: (ids: readonly string[]) => Promise<void>;
  readonly #stopping = new AbortController();
  #wakeUp = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(deps: ProblemsDeps, announce: (ids: readonly string[]) => Promise<void>) {
    this.#deps = deps;
    this.#announce = announce;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#wakeUp.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#running;
  }

  async pass(): Promise<void> {
    const { clock, state, metrics, also, wakeTracker } = this.#deps;
    const now = clock.now();
    const changed = await recompute(this.#deps, now);
    const judged = (await also?.(now)) ?? [];
    metrics.active(await countProblems(state, activeStates));
    if (changed.length + judged.length > 0) wakeTracker();
    await this.#announce([...changed, ...judged]);
  }

  async #run(): Promise<void> {
    const { log, metrics } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      const started = performance.now();
      try {
        await this.pass();
        this.#isFailing = false;
      } catch (error) {
        metrics.passFailed();
        // One line when it begins to fail, not one a pass; the metric counts each.
        if (!this.#isFailing) log.warn({ error: messageOf(error) }, 'problems could not be looked at');
        this.#isFailing = true;
      }
      const ms = performance.now() - started;
      metrics.passed(ms / 1000);
      await this.#rest(Math.min(maxPauseMs, Math.max(this.#everyMs(), ms * restFactor)));
    }
  }

  #everyMs(): number {
    return Math.min(maxEveryMs, Math.max(minEveryMs, this.#deps.bakeMs / 10));
  }

  /** Until the next pass, or a moment after somebody asked for one. */
  async #rest(ms: number): Promise<void> {
    const { clock } = this.#deps;
    await clock.sleep(ms, this.#wakeUp.signal);
    if (!this.#wakeUp.signal.aborted) return;
    this.#wakeUp = new AbortController();
    await clock.sleep(wakeDelayMs, this.#stopping.signal);
  }
}
