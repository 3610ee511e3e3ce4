import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/clock.js';
import { Pace } from './pace.js';

/** Sleeps end when they are cut short, or by `advance`. */
class SteppedClock implements Clock {
  #now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push({ until: this.#now + ms, wake: resolve });
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake();
    await new Promise(setImmediate);
  }
}

function waiting(holds: () => boolean): { clock: SteppedClock; pace: Pace; ended: () => number } {
  const clock = new SteppedClock();
  const pace = new Pace(clock, holds);
  let ended = 0;
  for (let i = 0; i < 20; i++) void pace.wait().then(() => ended++);
  return { clock, pace, ended: () => ended };
}

describe('Pace', () => {
  it('holds up nobody while there is no need', async () => {
    const { clock, ended } = waiting(() => false);
    await clock.advance(0);
    expect(ended()).toBe(20);
  });

  it('holds senders up for a second at most', async () => {
    const { clock, ended } = waiting(() => true);
    await clock.advance(999);
    expect(ended()).toBe(0);
    await clock.advance(1);
    expect(ended()).toBe(20);
  });

  it('lets them go when there is room, and looks again when there is none yet', async () => {
    let behind = true;
    const { clock, pace, ended } = waiting(() => behind);
    await clock.advance(100);
    pace.changed();
    await clock.advance(0);
    expect(ended()).toBe(0);
    behind = false;
    pace.changed();
    await clock.advance(0);
    expect(ended()).toBe(20);
  });
});
