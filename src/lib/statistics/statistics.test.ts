import { describe, expect, it } from 'vitest';
import { seeded } from '../seeded.js';
import { differenceOfEstimates } from './difference.js';
import { dispersionOfCounts, dispersionOfShares } from './dispersion.js';
import { normalQuantile, zFor } from './normal.js';
import { differenceOfShares, wilson } from './proportions.js';
import { quantileEstimate } from './quantiles.js';
import { rateEstimate } from './rates.js';

describe('normalQuantile', () => {
  // NIST/SEMATECH e-Handbook, 1.3.6.7.1, and R's qnorm.
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489],
    [0.9995, 3.2905267314919],
    [0.01, -2.3263478740408],
    [1e-9, -5.9978070150077],
  ])('%f', (share, z) => expect(normalQuantile(share)).toBeCloseTo(z, 7));

  it('reaches further the more is asked at once', () => {
    expect(zFor(0.05)).toBeCloseTo(1.96, 2);
    expect(zFor(0.05, 10)).toBeCloseTo(2.807, 3);
  });
});

describe('differenceOfEstimates', () => {
  it('is the interval for shares when the sides have those of Wilson', () => {
    const [before, after] = [
      { successes: 48, total: 80 },
      { successes: 56, total: 70 },
    ];
    expect(
      differenceOfEstimates({ value: 0.6, ...wilson(before) }, { value: 0.8, ...wilson(after) }),
    ).toEqual(differenceOfShares(before, after));
  });
});

describe('rateEstimate', () => {
  // The score interval of a Poisson mean: for none z^2, for ten 5.43 to 18.40.
  it.each([
    [0, 0, 3.8415],
    [10, 5.4321, 18.4094],
  ])('%i events', (events, low, high) => {
    const found = rateEstimate({ events, exposure: 1 });
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
  });

  it('is wider for events that come in bursts', () => {
    const calm = rateEstimate({ events: 100, exposure: 60 });
    const bursts = rateEstimate({ events: 100, exposure: 60 }, zFor(0.05), 9);
    expect((bursts.high - bursts.low) / (calm.high - calm.low)).toBeGreaterThan(2.5);
  });
});

describe('dispersion', () => {
  it('is 1 for one share, and grows with a burst', () => {
    const calm = Array.from({ length: 30 }, () => ({ successes: 2, total: 100 }));
    expect(dispersionOfShares(calm)).toBe(1);
    const burst = Array.from({ length: 30 }, (_, i) => ({ successes: i === 7 ? 60 : 0, total: 100 }));
    expect(dispersionOfShares(burst)).toBeGreaterThan(50);
    expect(dispersionOfCounts([0, 0, 60, 0])).toBe(60);
    expect(dispersionOfCounts([15, 15, 15, 15])).toBe(1);
  });
});

describe('quantileEstimate', () => {
  it('cannot bound a high quantile of a small sample', () => {
    const flat = { levels: [0, 1], values: [0, 1] };
    expect(quantileEstimate(flat, { level: 0.99, count: 100 })).toBeUndefined();
    expect(quantileEstimate(flat, { level: 0.99, count: 1000 })).toBeDefined();
    expect(quantileEstimate(flat, { level: 0.5, count: 0 })).toBeUndefined();
  });

  it('holds the true quantile in about 95 of 100 samples of a long-tailed distribution', () => {
    const random = seeded(11);
    const levels = Array.from({ length: 201 }, (_, i) => i / 200);
    const truth = Math.exp(normalQuantile(0.95));
    let held = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const sample = Array.from({ length: 500 }, () => Math.exp(normalQuantile(random()))).sort(
        (a, b) => a - b,
      );
      const values = levels.map((level) => sample[Math.min(499, Math.floor(level * 500))] ?? 0);
      const found = quantileEstimate({ levels, values }, { level: 0.95, count: 500 });
      if (found && found.low <= truth && truth <= found.high) held++;
    }
    expect(held / rounds).toBeGreaterThan(0.92);
    expect(held / rounds).toBeLessThan(0.985);
  });
});
