import { BadInput } from '../lib/errors.js';
import { instant } from '../lib/time-range.js';

/** Half-open, in Unix milliseconds: `from <= t < to`. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Grid extends Range {
  readonly stepMs: number;
  readonly buckets: number;
}

const hourMs = 3_600_000;
/** Retention is days to months; more than this is a mistake, and a scan of everything. */
const maxRangeMs = 400 * 86_400_000;
/** Senders' clocks may run ahead by the hour that ingest allows (`ingest.maxFuture`), and a day for charts. */
const maxAheadMs = 86_400_000;

/** The range that `from` and `to` ask for; the last hour by default. */
export function parseRange(
  input: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
  defaultMs = hourMs,
): Range {
  const toMs = Math.min(instant('to', input.to, now) ?? now, now + maxAheadMs);
  const fromMs = instant('from', input.from, now) ?? toMs - defaultMs;
  if (fromMs >= toMs) {
    throw new BadInput('bad_request', '"from" must be before "to".', { at: 'from' });
  }
  if (toMs - fromMs > maxRangeMs) {
    throw new BadInput('bad_request', 'The range is longer than 400 days: ask for less.', { at: 'from' });
  }
  return { fromMs: Math.max(0, fromMs), toMs };
}

/** Steps that people read easily, in milliseconds. */
const steps = [
  1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000,
  604_800_000,
] as const;

/**
 * The range cut into about `buckets` equal steps of a round length (one more at the most), aligned to the epoch
 * so that the same bucket means the same moment in the next request. The grid covers the range, and so may begin
 * before it and end after it.
 */
export function gridOf(range: Range, buckets: number, minStepMs = 1): Grid {
  // An hour that is not aligned lies in 61 minutes.
  const most = buckets + 1;
  const fits = (step: number): boolean =>
    step >= minStepMs && Math.ceil(range.toMs / step) - Math.floor(range.fromMs / step) <= most;
  const last = 604_800_000;
  let stepMs: number = steps.find(fits) ?? last;
  while (!fits(stepMs)) stepMs += last;
  const fromMs = Math.floor(range.fromMs / stepMs) * stepMs;
  const toMs = Math.ceil(range.toMs / stepMs) * stepMs;
  return { fromMs, toMs, stepMs, buckets: Math.round((toMs - fromMs) / stepMs) };
}

/** RFC 3339 with milliseconds. */
export function formatMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** RFC 3339 with nine digits, from Unix nanoseconds as a decimal string (JS numbers cannot hold them). */
export function formatNs(ns: string): string {
  const value = BigInt(ns);
  const seconds = value / 1_000_000_000n - (value % 1_000_000_000n < 0n ? 1n : 0n);
  const fraction = value - seconds * 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString();
  return `${date.slice(0, -5)}.${fraction.toString().padStart(9, '0')}Z`;
}
