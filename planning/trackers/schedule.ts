import { backoffDelay } from '../../src/lib/backoff.js';
import type { TrackerFailure, TrackerReason } from './tracker.js';

/** These will not be better in a minute: somebody has to do something first. */
const slow: ReadonlySet<TrackerReason> = new Set([
  'unauthorized',
  'not_found',
  'redirect',
  'refused_address',
]);
/** These say that the tracker will never take it. */
const final: ReadonlySet<TrackerReason> = new Set(['gone', 'rejected']);
/** Attempts at what the tracker refuses for good; it may have been a moment's mistake. */
const maxRefused = 3;

const minuteMs = 60_000;

/**
 * ms until the next attempt after `attempts` of them; undefined: it was the last. An outage never ends the
 * attempts: the ticket is opened when the tracker is back, whenever that is. Pure but for the jitter.
 */
export function pauseAfter(
  failure: TrackerFailure,
  attempts: number,
  random: () => number,
): number | undefined {
  if (final.has(failure.reason) && attempts >= maxRefused) return undefined;
  const options = slow.has(failure.reason)
    ? { baseMs: minuteMs, maxMs: 15 * minuteMs }
    : { baseMs: 5000, maxMs: 10 * minuteMs };
  // A power of two beyond any bound would be infinite.
  const backoff = backoffDelay(Math.min(attempts, 20), options, random);
  // What was sent and not answered may still be under way there: long enough for it to show in a list.
  const settled = failure.reason === 'timeout' || failure.reason === 'network' ? 10_000 : 0;
  return Math.max(backoff, settled, failure.retryAfterMs ?? 0);
}
