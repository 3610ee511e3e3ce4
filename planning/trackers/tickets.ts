import type { Logger } from 'pino';
import type { Clock } from '../../src/lib/clock.js';
import { BadInput, messageOf } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Problem, TicketOp } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { lockProblems, problemsByIds } from '../../src/store/state/problems.js';
import { getSetting, setSetting } from '../../src/store/state/settings.js';
import {
  claimTicketOp,
  countTickets,
  dueTicketOps,
  failTicketOps,
  insertTicket,
  nextTicketOpAt,
  retryTicketOps,
  settleTicketOp,
  ticketsByNumbers,
  ticketsOf,
  updateTicket,
} from '../../src/store/state/tickets.js';
import { mustFind } from '../problems/actions.js';
import { take } from '../problems/write.js';
import { attempt, type Done } from './attempt.js';
import type { TicketFacts } from './content.js';
import type { TrackerMetrics } from './metrics.js';
import { applyRemote, type RemoteNews } from './remote.js';
import { pauseAfter } from './schedule.js';
import type { Outcome, Tracker, TrackerFailure } from './tracker.js';

export interface TicketsDeps {
  readonly state: StateDatabase;
  /** Undefined: no tracker is configured. */
  readonly tracker: Tracker | undefined;
  /** What the ticket says, of a problem as it is now. */
  readonly factsOf: (problem: Problem) => Promise<TicketFacts>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: TrackerMetrics;
  /** Problems look different now. */
  readonly changed: (problemIds: readonly string[]) => Promise<void>;
}

export interface Tickets {
  start(): void;
  stop(): Promise<void>;
  /** Something was put into the outbox. */
  wake(): void;
  /** Makes every attempt that is due now, one after the other; how many. */
  runDue(): Promise<number>;
  /** Asks the tracker what changed since it was last asked. */
  poll(): Promise<void>;
  /** Opens a ticket for the problem, or links one. Throws `BadInput`. */
  request(problemId: string, url: string | undefined, actor: string): Promise<void>;
  /** What the tracker's webhook told. */
  told(news: RemoteNews): Promise<void>;
}

/** Longer than an attempt may take: then it is another process's turn. */
const leaseMs = 35_000;
const attemptMs = 25_000;
/** GitHub takes some 80 new contents a minute, and asks for a second between them. */
const paceMs = 1000;
/** Another process may have put something into the outbox. */
const maxIdleMs = 5000;
const pollEveryMs = 60_000;
/** GitHub's times are whole seconds, and a change may show a little later. */
const pollOverlapMs = 120_000;
const drainMs = 3000;
/** How far back the first look goes: a clock of ours that is ahead must not hide what happens from now on. */
const firstLookMs = 86_400_000;
const pollKey = 'planning:github-polled';

/** Tickets at the tracker, kept in step both ways through an outbox, so that none is lost and none is opened twice. */
export function createTickets(deps: TicketsDeps): Tickets {
  const { tracker } = deps;
  const lane = new Lane(deps);
  return {
    start: () => lane.start(),
    stop: () => lane.stop(),
    wake: () => lane.wake(),
    runDue: () => lane.runDue(),
    poll: () => lane.poll(),
    async request(problemId, url, actor) {
      if (!tracker) {
        throw new BadInput(
          'conflict',
          'No tracker is configured: set trackers.github.repository and its token in lemni.yaml.',
        );
      }
      await request(deps, tracker, { problemId, url, actor });
      lane.wake();
      await deps.changed([problemId]);
    },
    async told(news) {
      if (!tracker) return;
      const remote = { state: deps.state, newId: deps.newId, trackerName: tracker.name };
      await deps.changed(await applyRemote(remote, [news], deps.clock.now()));
    },
  };
}

interface Asked {
  readonly problemId: string;
  readonly url: string | undefined;
  readonly actor: string;
}

async function request(deps: TicketsDeps, tracker: Tracker, { problemId, url, actor }: Asked): Promise<void> {
  const now = deps.clock.now();
  const linked = url === undefined ? undefined : tracker.parseUrl(url);
  if (url !== undefined && !linked) {
    throw new BadInput(
      'bad_request',
      `This is no address of an issue of ${tracker.place}, where this installation keeps its tickets.`,
      { at: 'url' },
    );
  }
  await deps.state.transaction().execute(async (transaction) => {
    await lockProblems(transaction);
    const problem = await mustFind(transaction, problemId);
    const there = (await ticketsOf(transaction, [problemId])).get(problemId);
    if (there) {
      if (linked && there.number !== linked.number) {
        throw new BadInput('conflict', 'This problem has a ticket already.');
      }
      // Asked for again: what failed or waits is tried at once.
      if (there.state === 'failed')
        await updateTicket(transaction, problemId, { state: 'creating', error: null });
      await retryTicketOps(transaction, problemId, now);
      return;
    }
    if (linked) await mustBeFree(transaction, tracker, linked.number);
    const ticket = {
      ...{ problemId, tracker: tracker.name, place: tracker.place, number: linked?.number ?? null },
      ...({ url: linked?.url ?? '', state: linked ? 'open' : 'creating', syncedAt: null } as const),
      ...{ error: null, content: '', remoteAt: 0 },
    };
    await insertTicket(transaction, ticket);
    const text = linked
      ? `${actor} linked #${linked.number} of ${tracker.place}`
      : `${actor} asked for a ticket in ${tracker.place}`;
    const isNew = problem.state === 'open' || problem.state === 'regressed';
    const step = {
      problem,
      ...(isNew ? { change: { state: 'planned' } as const } : {}),
      event: { kind: isNew ? 'planned' : 'ticket', text, actor } as const,
      ticket: [{ work: linked ? 'update' : 'create', text: '' } as const],
    };
    await take(transaction, step, { now, newId: deps.newId });
  });
}

async function mustBeFree(transaction: StateDatabase, tracker: Tracker, number: number): Promise<void> {
  const [other] = await ticketsByNumbers(transaction, tracker.name, [number]);
  if (!other) return;
  const [problem] = await problemsByIds(transaction, [other.problemId]);
  throw new BadInput('conflict', `#${number} is the ticket of P-${problem?.number ?? '?'} already.`, {
    at: 'url',
  });
}

class Lane {
  readonly #deps: TicketsDeps;
  readonly #stopping = new AbortController();
  readonly #sending = new AbortController();
  #wakeUp = new AbortController();
  #loop: Promise<void> | undefined;
  #pausedUntil = 0;
  #pollAt = 0;
  #isPollFailing = false;

  constructor(deps: TicketsDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#deps.tracker) this.#loop ??= this.#run();
  }

  wake(): void {
    this.#wakeUp.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    // What is on its way may still arrive; then it is cut off, and looked for after the next start.
    const timer = setTimeout(() => this.#sending.abort(), drainMs);
    await this.#loop;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      this.#wakeUp = new AbortController();
      let pause = maxIdleMs;
      try {
        if (clock.now() >= this.#pollAt) await this.poll();
        pause = (await this.runDue()) > 0 ? 0 : await this.#untilNext();
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'tickets could not be kept in step');
      }
      if (pause > 0) await clock.sleep(pause, this.#wakeUp.signal);
    }
  }

  async #untilNext(): Promise<number> {
    const { state, clock } = this.#deps;
    const at = await nextTicketOpAt(state);
    if (at === undefined) return maxIdleMs;
    // While the tracker wants to be left alone nothing is due, whatever waits.
    return Math.min(maxIdleMs, Math.max(200, Math.max(at, this.#pausedUntil) - clock.now()));
  }

  async runDue(): Promise<number> {
    const { state, clock, tracker } = this.#deps;
    if (!tracker) return 0;
    let made = 0;
    for (;;) {
      const now = clock.now();
      // One after the other: GitHub asks not to be sent contents at once.
      const [op] =
        this.#stopping.signal.aborted || now < this.#pausedUntil ? [] : await dueTicketOps(state, now, 1);
      if (!op) return made;
      if (!(await claimTicketOp(state, op, now + leaseMs))) continue;
      await this.#attempt(tracker, { ...op, attempts: op.attempts + 1 });
      made++;
      await clock.sleep(paceMs, this.#stopping.signal);
    }
  }

  async #attempt(tracker: Tracker, op: TicketOp): Promise<void> {
    const { state, clock, factsOf } = this.#deps;
    const [problem] = await problemsByIds(state, [op.problemId]);
    const ticket = (await ticketsOf(state, [op.problemId])).get(op.problemId);
    if (!problem || !ticket) {
      await settleTicketOp(state, op, {
        status: 'failed',
        nextAttemptAt: clock.now(),
        lastError: 'It has no ticket.',
      });
      return;
    }
    const facts = await factsOf(problem);
    const outcome = await this.#within((signal) => attempt(tracker, { op, ticket, facts }, signal));
    await this.#record(tracker, problem, op, outcome);
    await this.#deps.changed([problem.id]);
  }

  /** An attempt ends before its lease does: an answer that comes later is not waited for. */
  async #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const timer = setTimeout(abort, attemptMs);
    this.#sending.signal.addEventListener('abort', abort, { once: true });
    try {
      return await work(controller.signal);
    } finally {
      clearTimeout(timer);
      this.#sending.signal.removeEventListener('abort', abort);
    }
  }

  /** What came of it, the ticket, and the line in the timeline, in one transaction. */
  async #record(tracker: Tracker, problem: Problem, op: TicketOp, outcome: Outcome<Done>): Promise<void> {
    const { state, clock, metrics, random } = this.#deps;
    const now = clock.now();
    if (!outcome.ok && outcome.retryAfterMs !== undefined) {
      this.#pausedUntil = now + outcome.retryAfterMs;
      metrics.pausedUntil(tracker.name, this.#pausedUntil);
    }
    const pause = outcome.ok ? undefined : pauseAfter(outcome, op.attempts, random);
    const status = outcome.ok ? 'done' : pause === undefined ? 'failed' : 'pending';
    metrics.attempt(
      tracker.name,
      op.work,
      status === 'pending' ? 'retry' : status,
      outcome.ok ? '' : outcome.reason,
    );
    this.#warn(tracker, op, outcome);
    await state.transaction().execute(async (transaction) => {
      await lockProblems(transaction);
      const settled = {
        status,
        nextAttemptAt: now + (pause ?? 0),
        lastError: outcome.ok ? null : outcome.error,
      } as const;
      if (!(await settleTicketOp(transaction, op, settled))) return;
      if (outcome.ok) await this.#done(transaction, problem, op, outcome.value);
      else await this.#failed(transaction, problem, op, { failure: outcome, isLast: status === 'failed' });
    });
  }

  async #done(transaction: StateDatabase, problem: Problem, op: TicketOp, done: Done): Promise<void> {
    const { clock, newId } = this.#deps;
    const now = clock.now();
    await updateTicket(transaction, problem.id, { ...done, syncedAt: now, error: null });
    if (op.work !== 'create' || done.number === undefined) return;
    const event = {
      ...({
        kind: 'ticket',
        actor: null,
        text: `#${done.number ?? ''} was opened: ${done.url ?? ''}`,
      } as const),
      data: { number: done.number, url: done.url },
    };
    await take(transaction, { problem, event }, { now, newId });
  }

  async #failed(
    transaction: StateDatabase,
    problem: Problem,
    op: TicketOp,
    { failure, isLast }: { readonly failure: TrackerFailure; readonly isLast: boolean },
  ): Promise<void> {
    const { clock, newId } = this.#deps;
    const now = clock.now();
    const isLost = isLast && (op.work === 'create' || failure.reason === 'gone');
    await updateTicket(transaction, problem.id, {
      error: failure.error,
      ...(isLost ? { state: 'failed' } : {}),
    });
    if (!isLost) return;
    const event = {
      ...({ kind: 'ticket', actor: null } as const),
      text: `The ticket could not be ${op.work === 'create' ? 'opened' : 'kept in step'}: ${failure.error}`,
    };
    await take(transaction, { problem, event }, { now, newId });
    if (op.work !== 'create') await failTicketOps(transaction, problem.id, failure.error);
  }

  #warn(tracker: Tracker, op: TicketOp, outcome: Outcome<Done>): void {
    if (outcome.ok || op.attempts > 1) return;
    const { error } = outcome;
    this.#deps.log.warn(
      { tracker: tracker.name, work: op.work, error },
      'a ticket could not be kept in step yet',
    );
  }

  async poll(): Promise<void> {
    const { state, clock, tracker, newId, log, changed } = this.#deps;
    const now = clock.now();
    this.#pollAt = now + pollEveryMs;
    if (!tracker || now < this.#pausedUntil || (await countTickets(state)) === 0) return;
    const last = Number((await getSetting(state, pollKey)) ?? now - firstLookMs);
    const found = await this.#within((signal) => tracker.changedSince(last - pollOverlapMs, signal));
    if (!found.ok) {
      if (found.retryAfterMs !== undefined) this.#pausedUntil = now + found.retryAfterMs;
      this.#deps.metrics.attempt(tracker.name, 'poll', 'retry', found.reason);
      if (!this.#isPollFailing)
        log.warn({ tracker: tracker.name, error: found.error }, 'the tracker could not be asked');
      this.#isPollFailing = true;
      return;
    }
    this.#isPollFailing = false;
    const { tickets, upTo, newest } = found.value;
    const news = tickets.map((one) => ({ ...one, actor: '' }));
    await changed(await applyRemote({ state, newId, trackerName: tracker.name }, news, now));
    // What was too much goes on where it ended, and on it goes: a thousand may change in one second.
    // All by the tracker's clock: by ours, when it is ahead, nothing would ever be news.
    const until =
      upTo === undefined ? Math.max(newest ?? last, last) : Math.max(upTo + pollOverlapMs, last + 1000);
    await setSetting(state, pollKey, String(until));
  }
}
