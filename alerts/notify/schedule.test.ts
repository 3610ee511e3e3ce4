import { describe, expect, it } from 'vitest';
import { parseRetryAfter, pauseAfter } from './schedule.js';

describe('the schedule', () => {
  it('goes from seconds to hours and ends within about a day', () => {
    const pauses: number[] = [];
    for (let attempts = 1; ; attempts++) {
      const pause = pauseAfter(attempts, undefined, () => 0);
      if (pause === undefined) break;
      pauses.push(pause / 1000);
    }
    expect(pauses).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]);
    expect(pauses.reduce((sum, s) => sum + s, 0)).toBeLessThan(24.5 * 3600);
  });

  it('spreads by a tenth at most, and waits as long as it was asked to, up to a day', () => {
    expect(pauseAfter(2, undefined, () => 0.999)).toBeLessThanOrEqual(33_000);
    expect(pauseAfter(1, 60_000, () => 0)).toBe(60_000);
    expect(pauseAfter(3, 60_000, () => 0)).toBe(120_000);
    expect(pauseAfter(1, 1e12, () => 0)).toBe(86_400_000);
    expect(pauseAfter(11, 60_000, () => 0)).toBeUndefined();
  });

  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['120', 120_000],
    [' 0 ', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2020 10:01:00 GMT', 0],
  ])('reads Retry-After %s', (header, want) => {
    expect(parseRetryAfter(header, Date.parse('2026-11-22T10:00:00Z'))).toBe(want);
  });
});
