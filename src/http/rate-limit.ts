import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { BadInput } from '../lib/errors.js';
import type { Clock } from '../lib/clock.js';

export interface RateLimitOptions {
  /** Attempts in a window. */
  readonly max: number;
  readonly windowMs: number;
  /** How many keys are remembered; the least recently used are forgotten. Default 10,000. */
  readonly keys?: number;
}

/** Counts attempts by key in fixed windows that begin with the first attempt. Bounded in memory. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #clock: Clock;
  readonly #windows: LRUCache<string, { used: number; readonly endsAt: number }>;

  constructor(options: RateLimitOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#windows = new LRUCache({ max: options.keys ?? 10_000 });
  }

  /** Takes one attempt before it is made, so that many at once cannot slip through; throws `rate_limited`. */
  take(key: string, what: string): void {
    const now = this.#clock.now();
    let window = this.#windows.get(key);
    // A window that ends later than one that begins now was begun before the clock was set back.
    if (!window || window.endsAt <= now || window.endsAt > now + this.#options.windowMs) {
      window = { used: 0, endsAt: now + this.#options.windowMs };
      this.#windows.set(key, window);
    }
    if (window.used >= this.#options.max) {
      const retryAfterSeconds = Math.ceil((window.endsAt - now) / 1000);
      throw new BadInput(
        'rate_limited',
        `Too many ${what}: try again in ${Math.ceil(retryAfterSeconds / 60)} min.`,
        { retryAfterSeconds },
      );
    }
    window.used++;
  }

  /** Gives the attempt back: it was a good one. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.used > 0) window.used--;
  }

  forget(key: string): void {
    this.#windows.delete(key);
  }
}

/** One key for an address: IPv6 by its /64, which one subscriber has to itself. */
export function addressKey(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return parsed
    .toByteArray()
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
