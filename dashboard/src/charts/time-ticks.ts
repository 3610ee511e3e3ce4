const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that people count time in, ms. */
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28, 56, 91, 182, 364].map((n) => n * day),
];

export interface TimeTick {
  /** Unix ms */
  readonly at: number;
  readonly text: string;
  /** A new day begins: the day is written instead of the time. */
  readonly major: boolean;
}

/** Milliseconds that the viewer's zone is ahead of UTC at a time. */
export type ZoneOffset = (at: number) => number;

export const localOffset: ZoneOffset = (at) => -new Date(at).getTimezoneOffset() * minute;

/**
 * Round times of the viewer's zone in the range, at most `most`. Whole days begin at midnight there, also where
 * the clocks change in between.
 */
export function timeTicks(
  range: { from: number; to: number },
  most: number,
  offset = localOffset,
): TimeTick[] {
  const span = range.to - range.from;
  if (!(span > 0) || most < 1) return [];
  const step = steps.find((one) => span / one <= most) ?? Math.ceil(span / most / (364 * day)) * 364 * day;
  const ticks: TimeTick[] = [];
  // In local time a round time is a multiple of the step; its offset may differ from that of the start.
  const first = Math.ceil((range.from + offset(range.from)) / step) * step;
  for (let local = first; ticks.length <= most; local += step) {
    const at = local - offset(local - offset(local));
    if (at > range.to) break;
    if (at >= range.from) ticks.push(tickAt(at, local, step));
  }
  return ticks;
}

const two = (n: number): string => String(n).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `local` is the time as if the zone were UTC. */
function tickAt(at: number, local: number, step: number): TimeTick {
  const time = new Date(local);
  const midnight = local % day === 0;
  const dayText = `${time.getUTCDate()} ${months[time.getUTCMonth()] ?? ''}`;
  if (step >= day)
    return { at, text: step > 300 * day ? `${dayText} ${time.getUTCFullYear()}` : dayText, major: false };
  if (midnight) return { at, text: dayText, major: true };
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  const seconds = step < minute ? `:${two(time.getUTCSeconds())}` : '';
  const millis = step < second ? `.${String(time.getUTCMilliseconds()).padStart(3, '0')}` : '';
  return { at, text: clock + seconds + millis, major: false };
}
