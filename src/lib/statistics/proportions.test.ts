import { describe, expect, it } from 'vitest';
import { differenceOfShares, wilson } from './proportions.js';

describe('wilson', () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (successes, total, low, high) => {
    const interval = wilson({ successes, total });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('says nothing about nothing', () => {
    expect(wilson({ successes: 0, total: 0 })).toEqual({ low: 0, high: 1 });
  });
});

describe('differenceOfShares', () => {
  // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 - 48/80.
  it('agrees with the published interval', () => {
    const found = differenceOfShares({ successes: 48, total: 80 }, { successes: 56, total: 70 });
    expect(found.difference).toBeCloseTo(0.2, 10);
    expect(found.low).toBeCloseTo(0.0524, 4);
    expect(found.high).toBeCloseTo(0.3339, 4);
  });
});
