export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
  /** Share of the delay that is random, 0 to 1. */
  readonly jitter?: number;
}

/** The delay before attempt `attempt` (1 = the first retry): doubles each time, bounded, with jitter. */
export function backoffDelay(attempt: number, options: BackoffOptions, random: () => number): number {
  const full = Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1));
  const jitter = options.jitter ?? 0.2;
  return Math.round(full * (1 - jitter + random() * jitter));
}
