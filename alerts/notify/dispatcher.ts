import type { Logger } from 'pino';
import type { Clock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Notification } from '../../src/model/incidents.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { addTimeline } from '../../src/store/state/incident-timeline.js';
import {
  claimNotification,
  dueNotifications,
  failOrphans,
  nextDueAt,
  recordOutcome,
} from '../../src/store/state/notifications.js';
import * as timeline from '../incidents/timeline.js';
import type { AlertMetrics } from '../metrics.js';
import type { Notifier, Outcome } from './notifier.js';
import { pauseAfter } from './schedule.js';

export interface DispatcherDeps {
  readonly state: StateDatabase;
  readonly notifiers: readonly Notifier[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: AlertMetrics;
  /** An incident's timeline has a new entry. */
  readonly changed: (incidentId: string) => Promise<void>;
}

export interface Dispatcher {
  start(): void;
  /** Something was put into the outbox. */
  wake(): void;
  /** Makes every attempt that is due now; how many. */
  runDue(): Promise<number>;
  stop(): Promise<void>;
}

/** Messages to one receiver at once: one that hangs holds up neither the others nor other receivers. */
const concurrency = 4;
/** Longer than an attempt may take: then it is another process's turn. */
const leaseMs = 25_000;
/** Another process may have put something into the outbox. */
const pollMs = 5000;
const drainMs = 3000;
/** A receiver that asks for longer is tried by single messages in between. */
const maxPauseMs = 5 * 60_000;

/** Sends what is in the outbox, at least once each, in order for an incident, until it arrives or a day is over. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const lanes = deps.notifiers.map((notifier) => new Lane(notifier, deps));
  return {
    start() {
      void forgetOrphans(deps);
      for (const lane of lanes) lane.start();
    },
    wake() {
      for (const lane of lanes) lane.wake();
    },
    async runDue() {
      const made = await Promise.all(lanes.map((lane) => lane.runDue()));
      return made.reduce((sum, some) => sum + some, 0);
    },
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

async function forgetOrphans({ state, notifiers, log }: DispatcherDeps): Promise<void> {
  const names = notifiers.map(({ name }) => name);
  try {
    const failed = await failOrphans(state, names, 'The notifier is no longer configured.');
    if (failed > 0) log.warn({ failed }, 'messages to notifiers that are no longer configured were given up');
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the outbox could not be read');
  }
}

/** One receiver's queue. */
class Lane {
  readonly #notifier: Notifier;
  readonly #deps: DispatcherDeps;
  readonly #stopping = new AbortController();
  readonly #sending = new AbortController();
  #pausedUntil = -Infinity;
  #wakeUp = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(notifier: Notifier, deps: DispatcherDeps) {
    this.#notifier = notifier;
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  wake(): void {
    this.#wakeUp.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    // What is on its way may still arrive; then it is cut off and made again after the next start.
    const timer = setTimeout(() => this.#sending.abort(), drainMs);
    await this.#loop;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      this.#wakeUp = new AbortController();
      let pause = pollMs;
      try {
        const made = await this.runDue();
        pause = made > 0 ? 0 : await this.#untilNext();
      } catch (error) {
        log.warn({ notifier: this.#notifier.name, error: messageOf(error) }, 'the outbox could not be read');
      }
      if (pause > 0) await clock.sleep(pause, this.#wakeUp.signal);
    }
  }

  async #untilNext(): Promise<number> {
    const at = await nextDueAt(this.#deps.state, this.#notifier.name);
    // At least a little: a message may be due that waits for an older one of its incident.
    if (at === undefined) return pollMs;
    return Math.min(pollMs, Math.max(200, Math.max(at, this.#pausedUntil) - this.#deps.clock.now()));
  }

  async runDue(): Promise<number> {
    const { state, clock } = this.#deps;
    if (clock.now() < this.#pausedUntil) return 0;
    const due = await dueNotifications(state, this.#notifier.name, clock.now(), concurrency * 16);
    const queue = [...due];
    const { paceMs } = this.#notifier;
    let made = 0;
    const worker = async (): Promise<void> => {
      for (let message = queue.shift(); message; message = queue.shift()) {
        if (this.#stopping.signal.aborted || clock.now() < this.#pausedUntil) return;
        if (await this.#attempt(message)) made++;
        if (paceMs !== undefined && queue.length > 0) await clock.sleep(paceMs, this.#stopping.signal);
      }
    };
    await Promise.all(Array.from({ length: paceMs === undefined ? concurrency : 1 }, worker));
    return made;
  }

  async #attempt(message: Notification): Promise<boolean> {
    const { state, clock, log, metrics } = this.#deps;
    if (!(await claimNotification(state, message, clock.now() + leaseMs))) return false;
    const claim = { ...message, attempts: message.attempts + 1 };
    // Nothing was written about the attempt before: the process that made it died in it.
    const mayBeRepeated = message.attempts > 0 && message.lastError === null;
    const outcome = await this.#notifier.send(
      { ...claim, mayBeRepeated },
      { now: clock.now(), signal: this.#sending.signal },
    );
    if (!outcome.ok && outcome.reason === 'rate_limited') {
      // It has had enough of everything, not of this message alone.
      this.#pausedUntil = clock.now() + Math.min(outcome.retryAfterMs ?? 0, maxPauseMs);
    }
    const settled = settle(claim, outcome, clock.now(), this.#deps.random);
    metrics.notification(settled.status === 'pending' ? 'retry' : settled.status, outcome);
    if (!outcome.ok && (claim.attempts === 1 || settled.status === 'failed')) {
      const { name } = this.#notifier;
      log.warn({ notifier: name, message: claim.id, error: outcome.error }, 'a message did not arrive');
    }
    await this.#record(claim, settled, clock.now());
    return true;
  }

  /** The outcome and its line in the timeline, in one transaction. */
  async #record(claim: Notification, settled: Settled, now: number): Promise<void> {
    const { state, newId, changed } = this.#deps;
    const { incidentId } = claim;
    await state.transaction().execute(async (transaction) => {
      const mine = await recordOutcome(transaction, claim, settled);
      if (!mine || settled.text === undefined || incidentId === null) return;
      const data = {
        notificationId: claim.id,
        notifier: claim.notifier,
        event: claim.event,
        failed: settled.status !== 'sent',
      };
      const entry = timeline.by(null, incidentId, now, 'notification', settled.text, data);
      await addTimeline(transaction, timeline.withIds([entry], now, newId));
    });
    if (incidentId !== null) await changed(incidentId);
  }
}

interface Settled {
  readonly status: Notification['status'];
  readonly sentAt: number | null;
  readonly lastError: string | null;
  readonly nextAttemptAt: number;
  /** For the timeline: what is worth a line there. */
  readonly text: string | undefined;
}

/** What an attempt's outcome means for the message. Pure. */
export function settle(claim: Notification, outcome: Outcome, now: number, random: () => number): Settled {
  const { notifier, event, attempts } = claim;
  if (outcome.ok) {
    const text = `Told ${notifier}: ${event}`;
    return { status: 'sent', sentAt: now, lastError: null, nextAttemptAt: now, text };
  }
  // A test tells a person who is waiting for it: there is no use in trying for a day.
  const retry = outcome.retry && event !== 'test';
  const pause = retry ? pauseAfter(attempts, outcome.retryAfterMs, random) : undefined;
  const lastError = outcome.error;
  if (pause === undefined) {
    const text = `Could not tell ${notifier} (${event}): ${lastError}. Given up after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
    return { status: 'failed', sentAt: null, lastError, nextAttemptAt: now, text };
  }
  const text =
    attempts === 1 ? `Could not tell ${notifier} (${event}) yet: ${lastError}. Trying again` : undefined;
  return { status: 'pending', sentAt: null, lastError, nextAttemptAt: now + pause, text };
}
