/** Nanoseconds since the Unix epoch as two unsigned halves. */
export interface Nanoseconds {
  readonly lo: number;
  readonly hi: number;
}

export function nanosecondsOf(milliseconds: number): Nanoseconds {
  const value = BigInt(Math.round(milliseconds)) * 1_000_000n;
  return { lo: Number(value & 0xffff_ffffn), hi: Number(value >> 32n) };
}

/**
 * Judges times. DateTime64(9) ends in 2262, where a signed 64-bit number of nanoseconds does: what is above
 * is a negative number in disguise or nonsense, and it is above `latest` too, which is the arrival and the
 * future that clocks may be ahead.
 */
export class TimeJudge {
  readonly arrival: Nanoseconds;
  readonly #latest: Nanoseconds;

  constructor(arrivalMs: number, maxFutureMs: number) {
    this.arrival = nanosecondsOf(arrivalMs);
    this.#latest = nanosecondsOf(arrivalMs + maxFutureMs);
  }

  isValid(lo: number, hi: number): boolean {
    return hi < this.#latest.hi || (hi === this.#latest.hi && lo <= this.#latest.lo);
  }
}

/** Whole milliseconds of a time, exactly: the product of a double would be off by one at the edges. */
export function millisecondsOf(lo: number, hi: number): number {
  // 2^32 = 4294 * 10^6 + 967296.
  return hi * 4294 + Math.floor((hi * 967_296 + lo) / 1_000_000);
}
