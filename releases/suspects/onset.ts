import type { VersionMinute } from './facts.js';

export interface Onset {
  /** The minute in which it began, Unix ms. */
  readonly at: number;
  /** Whether telemetry shows a moment at which it began; else it is the alert's own time. */
  readonly isSeen: boolean;
}

const minuteMs = 60_000;
/** By how much two rates must explain the minutes better than one does, in nats: by chance it is rarely 5. */
const clear = 6;

/**
 * The minute from which on more requests fail: where parting the minutes in two explains the failures best (maximum
 * likelihood of one change in a binomial rate). An alert looks at several minutes and comes later than that.
 */
export function onsetOf(minutes: readonly VersionMinute[], alertAt: number): Onset {
  const parts = perMinute(minutes);
  const total = sum(parts);
  let best = { at: 0, gain: 0 };
  let before = { total: 0, failed: 0 };
  for (const { minute, ...counts } of parts) {
    const after = { total: total.total - before.total, failed: total.failed - before.failed };
    // Long after the alert it cannot have begun; a little, since clocks differ.
    if (before.total > 0 && minute <= alertAt + minuteMs && ratio(after) > ratio(before)) {
      const gain = likelihood(before) + likelihood(after) - likelihood(total);
      if (gain > best.gain) best = { at: minute, gain };
    }
    before = { total: before.total + counts.total, failed: before.failed + counts.failed };
  }
  if (best.gain >= clear) return { at: best.at, isSeen: true };
  return { at: alertAt, isSeen: false };
}

export interface Counts {
  readonly total: number;
  readonly failed: number;
}

export function sum(parts: readonly Counts[]): Counts {
  let total = 0;
  let failed = 0;
  for (const part of parts) {
    total += part.total;
    failed += part.failed;
  }
  return { total, failed };
}

export function ratio({ total, failed }: Counts): number {
  return total === 0 ? 0 : failed / total;
}

/** Log likelihood of so many failures at their own rate, without the constant. */
function likelihood({ total, failed }: Counts): number {
  if (failed <= 0 || failed >= total) return 0;
  const share = failed / total;
  return failed * Math.log(share) + (total - failed) * Math.log(1 - share);
}

function perMinute(minutes: readonly VersionMinute[]): { minute: number; total: number; failed: number }[] {
  const byMinute = new Map<number, { minute: number; total: number; failed: number }>();
  for (const { minute, total, failed } of minutes) {
    const part = byMinute.get(minute) ?? { minute, total: 0, failed: 0 };
    part.total += total;
    part.failed += failed;
    byMinute.set(minute, part);
  }
  return [...byMinute.values()].sort((a, b) => a.minute - b.minute);
}
