import type { Clock } from '../../src/lib/clock.js';

/** A clock that moves only by hand; sleeps end at once. */
export class HandClock implements Clock {
  #now: number;

  constructor(now = Date.parse('2026-11-22T10:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  /** Forward by `ms`. */
  advance(ms: number): void {
    this.#now += ms;
  }
}
