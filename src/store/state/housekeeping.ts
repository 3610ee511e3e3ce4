import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import { deleteAttachmentsBefore } from './attachments.js';
import type { StateDatabase } from './connect.js';
import { deleteDeliveriesBefore } from './deliveries.js';
import { deleteTriageBefore } from './feedback.js';
import { deleteAnswersBefore } from './feedback-answers.js';
import { deleteGroupsBefore } from './feedback-groups.js';

export interface HousekeepingDeps {
  readonly state: StateDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** config.retention.feedback: screenshots and inbox leave with the words (milliseconds). */
  readonly feedbackMs: number;
}

export interface Housekeeping {
  start(): void;
  /** Resolves when a round that was under way is done. */
  stop(): Promise<void>;
  /** One round, as `start` runs every hour. */
  round(): Promise<void>;
}

const everyMs = 3_600_000;
/** GitHub delivers again on request for three days; GitLab and proxies give up within one. */
const deliveriesMs = 7 * 86_400_000;

/** Deletes from the state store what its retention has passed; the telemetry store's TTLs do theirs. */
export function createHousekeeping(deps: HousekeepingDeps): Housekeeping {
  const { state, clock } = deps;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const round = async (): Promise<void> => {
    const now = clock.now();
    await deleteDeliveriesBefore(state, now - deliveriesMs);
    await deleteAttachmentsBefore(state, now - deps.feedbackMs);
    await deleteTriageBefore(state, now - deps.feedbackMs);
    await deleteAnswersBefore(state, now - deps.feedbackMs);
    await deleteGroupsBefore(state, now - deps.feedbackMs);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // What could not be deleted now is deleted in an hour.
      await round().catch((error: unknown) => {
        deps.logger.warn({ error: messageOf(error) }, 'housekeeping of the state database failed');
      });
      await clock.sleep(everyMs, stopping.signal);
    }
  };
  return {
    start: () => {
      running = run();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    round,
  };
}
