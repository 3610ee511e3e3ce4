import { describe, expect, it } from 'vitest';
import { chartModel, dashOf, loneRadii, statsOf, type ChartInput } from './chart-model.js';
import { chartSummary } from './chart-summary.js';
import { bucketAt } from './cursor.js';

const series = (key: string, ...points: (number | null)[]) => ({ key, name: key, color: 'red', points });
const input = (over: Partial<ChartInput>): ChartInput => ({
  kind: 'bars',
  from: 0,
  to: 4000,
  stepMs: 1000,
  series: [],
  unit: '',
  ...over,
});

describe('chartModel', () => {
  it('makes the axis high enough for the stack, not for each bar', () => {
    const model = chartModel(input({ series: [series('a', 30, 1), series('b', 30, 1)] }), new Set());
    expect(model.axis.max).toBe(60);
  });

  it('leaves hidden lines out of the axis but in the list', () => {
    const model = chartModel(input({ series: [series('a', 300), series('b', 3)] }), new Set(['a']));
    expect(model.axis.max).toBeLessThan(10);
    expect(model.lines.map((line) => line.hidden)).toEqual([true, false]);
  });

  it('puts a point in the middle of its bucket', () => {
    expect(chartModel(input({ series: [series('a', 5)] }), new Set()).lines[0]?.xy).toEqual([
      { x: 500, y: 5 },
    ]);
  });

  it('folds the eighth line into others', () => {
    const many = Array.from({ length: 9 }, (_, i) => series(`s${i}`, i + 1));
    const model = chartModel(input({ kind: 'lines', series: many, fold: 'sum' }), new Set());
    expect(model.lines).toHaveLength(7);
    expect(model.lines.at(-1)).toMatchObject({ name: '3 others', points: [1 + 2 + 3] });
  });
});

describe('dashOf', () => {
  const lines = [
    { color: 'hsl(10 x)' },
    { color: 'hsl(355 x)' },
    { color: 'hsl(120 x)' },
    { color: 'var(--x)' },
  ];
  it('tells near hues apart, also across zero', () => {
    expect(lines.map((_, i) => dashOf(lines, i).length > 0)).toEqual([false, true, false, false]);
  });
});

describe('loneRadii', () => {
  it('makes only points between gaps visible', () => {
    const xy = [1, null, 2, null, 3, 3].map((y, x) => ({ x, y }));
    expect(loneRadii(xy)).toEqual([2, 0, 2, 0, 0, 0]);
  });
});

describe('statsOf', () => {
  it('passes over gaps', () => {
    expect(statsOf([1, null, 3, null])).toEqual({ last: 3, min: 1, max: 3, mean: 2, total: 4 });
  });
  it('knows that nothing is not zero', () => {
    expect(statsOf([null])).toEqual({ last: null, min: null, max: null, mean: null, total: 0 });
  });
});

describe('chartSummary', () => {
  const clock = (at: number) => `${at / 1000}s`;
  it('says in words what is drawn', () => {
    const data = input({ series: [series('error', 1, 7, 2)], to: 3000 });
    const marks = [{ id: '1', at: 1500, service: 'shop', version: '1.4.0', releaseId: null }];
    expect(chartSummary('Logs', data, chartModel(data, new Set()), { marks, clock })).toBe(
      'Logs, from 0s to 3s. error: 10 in all, highest 7 at 1s. Deploys: shop 1.4.0 at 1.5s.',
    );
  });
  it('says when there is nothing', () => {
    const data = input({});
    expect(chartSummary('Logs', data, chartModel(data, new Set()), { marks: [], clock })).toContain(
      'No data.',
    );
  });
});

describe('bucketAt', () => {
  const grid = { from: 1000, stepMs: 100, count: 3 };
  it.each([
    [null, null],
    [999, null],
    [1000, 0],
    [1299, 2],
    [1300, null],
  ])('%s is bucket %s', (at, index) => expect(bucketAt(at, grid)).toBe(index));
});
