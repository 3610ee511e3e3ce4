import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../lib/clock.js';

/** A sender is held up this long at most; exporters give up after ten seconds. */
const maxHoldMs = 1000;

/**
 * Slows senders down to what the database takes while it is there: answers are held back (the rows are safe
 * already) while more waits on disk than it inserts in about a second. Otherwise a quick sender would fill
 * the disk and what it sent would be visible minutes later. While the database is away nobody is held up:
 * then waiting on disk is what the spool is for.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #holds: () => boolean;
  #release = newRelease();

  constructor(clock: Clock, holds: () => boolean) {
    this.#clock = clock;
    this.#holds = holds;
  }

  async wait(): Promise<void> {
    const deadline = this.#clock.now() + maxHoldMs;
    for (let left = maxHoldMs; left > 0 && this.#holds(); left = deadline - this.#clock.now()) {
      await this.#clock.sleep(left, this.#release.signal);
    }
  }

  /** Something changed: those who wait look again. */
  changed(): void {
    const before = this.#release;
    this.#release = newRelease();
    before.abort();
  }
}

/** Any number of senders may wait. */
function newRelease(): AbortController {
  const release = new AbortController();
  setMaxListeners(0, release.signal);
  return release;
}
