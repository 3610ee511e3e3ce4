import { describe, expect, it } from 'vitest';
import { arc, crossing, curve, isUpper, parameters, stretches, way } from './loop-geometry.js';

const spots = way.map((stop) => ({ stop, ...curve(parameters[stop]) }));

describe('the loop', () => {
  it('crosses itself in the middle, twice', () => {
    for (const t of [Math.PI / 2, (3 * Math.PI) / 2]) {
      expect(curve(t).x).toBeCloseTo(crossing.x, 9);
      expect(curve(t).y).toBeCloseTo(crossing.y, 9);
    }
  });

  it('stays in its box', () => {
    for (let t = 0; t < 2 * Math.PI; t += 0.01) {
      const { x, y } = curve(t);
      expect(x).toBeGreaterThanOrEqual(0.03);
      expect(x).toBeLessThanOrEqual(0.97);
      expect(y).toBeGreaterThanOrEqual(-1e-9);
      expect(y).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('passes the stations in the order of the loop', () => {
    const order = way.map((stop) => parameters[stop]);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(Math.PI / 2);
    expect(order.at(-1)).toBeLessThan((5 * Math.PI) / 2);
  });

  it('has development on the left, operation on the right, two rows of four columns', () => {
    expect(spots.filter(({ x }) => x < 0.5).map(({ stop }) => stop)).toEqual([
      'plan',
      'code',
      'build',
      'test',
    ]);
    expect(way.filter(isUpper)).toEqual(['plan', 'code', 'release', 'deploy']);
    const columns = [...new Set(spots.map(({ x }) => x.toFixed(3)))].sort();
    expect(columns).toEqual(['0.115', '0.335', '0.665', '0.885']);
  });

  it('is symmetric, so that the rows are level', () => {
    const upper = spots.filter(({ stop }) => isUpper(stop)).map(({ y }) => y);
    const lower = spots.filter(({ stop }) => !isUpper(stop)).map(({ y }) => 1 - y);
    expect(Math.max(...upper) - Math.min(...upper)).toBeLessThan(0.02);
    expect(Math.min(...lower)).toBeCloseTo(Math.min(...upper), 6);
  });

  it('is closed by its stretches', () => {
    expect(stretches).toHaveLength(8);
    const length = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(length).toBeCloseTo(2 * Math.PI, 9);
    expect(stretches.at(-1)).toMatchObject({ from: 'monitor', to: 'plan' });
  });

  it('draws a path in pixels', () => {
    expect(arc(0, 0.1, 100, 50)).toMatch(/^M96\.5 25\.0(L[\d.]+ [\d.]+)+$/);
  });
});
