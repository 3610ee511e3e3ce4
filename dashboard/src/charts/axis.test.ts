import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceStep, valueAxis } from './axis.js';

describe('niceStep', () => {
  it.each([
    [0.3, '', 0.5],
    [3, '', 5],
    [100, '', 100],
    [1234, '', 2000],
    [0.0021, '', 0.005],
    [300, 'By', 500],
    [700, 'By', 1024],
    [3000, 'By', 5 * 1024],
    [3_000_000, 'By', 5 * 1024 ** 2],
    [130, 'ms', 200],
    [7000, 'ms', 10_000],
    [12_000, 'ms', 15_000],
    [40_000, 'ms', 60_000],
    [100_000, 'ms', 120_000],
    [12, 's', 15],
    [1200, 's', 1800],
    [5000, 's', 7200],
    [0, '', 1],
    [Number.NaN, '', 1],
  ])('%d %s rounds to %d', (raw, unit, step) => {
    expect(niceStep(raw, unit)).toBeCloseTo(step, 9);
  });
});

describe('valueAxis', () => {
  it('begins at zero when asked', () => {
    expect(valueAxis([80, 95], { unit: '', fromZero: true })).toEqual({
      min: 0,
      max: 100,
      ticks: [0, 50, 100],
    });
  });

  it('begins at zero by itself when the values lie near it', () => {
    expect(valueAxis([1, 9], { unit: '', fromZero: false }).min).toBe(0);
  });

  it('does not flatten a line that lies far from zero', () => {
    const axis = valueAxis([95, 99], { unit: '', fromZero: false });
    expect(axis.min).toBe(95);
    expect(axis.max).toBe(99);
  });

  it('makes room for a threshold', () => {
    expect(valueAxis([1], { unit: '', fromZero: true, include: [8] }).max).toBe(8);
  });

  it.each([
    ['nothing', []],
    ['only gaps', [null, null]],
  ])('stands for %s', (_name, values) => {
    expect(valueAxis(values, { unit: '', fromZero: true })).toEqual({ min: 0, max: 1, ticks: [0] });
  });

  it('gives one value a range around it', () => {
    const axis = valueAxis([50], { unit: '', fromZero: false });
    expect(axis.min).toBeLessThan(50);
    expect(axis.max).toBeGreaterThan(50);
  });

  it('contains every value, has few ticks, and they rise', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.constantFrom('', 'ms', 's', 'By', '%'), fc.boolean(), (list, unit, fromZero) => {
        const axis = valueAxis(list, { unit, fromZero });
        const slack = (axis.max - axis.min) * 1e-6;
        expect(axis.min).toBeLessThanOrEqual(Math.min(...list) + slack);
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(...list) - slack);
        expect(axis.ticks.length).toBeGreaterThan(1);
        expect(axis.ticks.length).toBeLessThanOrEqual(12);
        expect([...axis.ticks].sort((a, b) => a - b)).toEqual(axis.ticks);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
