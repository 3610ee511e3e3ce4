import type { Release } from '../../../../src/http/contract/changes.js';
import type { RangeMs } from '../../time/range.js';
import { outSince } from './sentences.js';

const minute = 60_000;

/**
 * The time in which a release can be judged: as long before it as after it, half an hour at least and a day at
 * most on each side. `now` is Unix ms; whole minutes.
 */
export function releaseWindow(release: Pick<Release, 'deployedAt' | 'firstSeenAt'>, now: number): RangeMs {
  const at = outSince(release);
  const side = Math.min(Math.max(now - at, 30 * minute), 24 * 60 * minute);
  const whole = (ms: number) => Math.floor(ms / minute) * minute;
  return { from: whole(at - side), to: whole(Math.min(at + side, now)) + minute };
}
