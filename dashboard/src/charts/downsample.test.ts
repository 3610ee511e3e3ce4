import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.js';

const line = (...ys: (number | null)[]) => ys.map((y, x) => ({ x, y }));

describe('downsample', () => {
  it('leaves few points alone', () => {
    const points = line(1, 2, 3);
    expect(downsample(points, 10)).toBe(points);
  });

  it('keeps a spike', () => {
    const points = line(...Array.from({ length: 1000 }, (_, i) => (i === 517 ? 99 : 1)));
    expect(downsample(points, 20)).toContainEqual({ x: 517, y: 99 });
  });

  it('keeps a gap', () => {
    const points = line(...Array.from({ length: 100 }, (_, i) => (i >= 40 && i < 60 ? null : 1)));
    expect(downsample(points, 20).some((p) => p.y === null)).toBe(true);
  });

  it('stays in order, within bounds, with the same extremes', () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
      maxLength: 500,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 100 }), (ys, most) => {
        const thin = downsample(line(...ys), most);
        expect(thin.length).toBeLessThanOrEqual(Math.max(most, 4));
        for (let i = 1; i < thin.length; i++) expect(thin[i]!.x).toBeGreaterThan(thin[i - 1]!.x);
        const known = ys.filter((y) => y !== null);
        const kept = thin.flatMap((p) => (p.y === null ? [] : [p.y]));
        if (known.length > 0) {
          expect(Math.max(...kept)).toBe(Math.max(...known));
          expect(Math.min(...kept)).toBe(Math.min(...known));
        } else expect(kept).toEqual([]);
      }),
      { seed: 11, numRuns: 300 },
    );
  });
});
