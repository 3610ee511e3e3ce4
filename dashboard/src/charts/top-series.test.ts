import { describe, expect, it } from 'vitest';
import { topSeries } from './top-series.js';

const line = (key: string, ...points: (number | null)[]) => ({ key, name: key, points });

describe('topSeries', () => {
  it('shows all when there is room', () => {
    const series = [line('a', 1), line('b', 2)];
    expect(topSeries(series, 'sum', 2)).toEqual({ shown: series, others: null });
  });

  it('keeps the largest in their order and folds the rest', () => {
    const { shown, others } = topSeries(
      [line('small', 1, 2), line('big', 9, 9), line('tiny', 1, null)],
      'sum',
      2,
    );
    expect(shown.map((one) => one.key)).toEqual(['big']);
    expect(others).toEqual({ count: 2, points: [2, 2] });
  });

  it('means what cannot be added', () => {
    expect(topSeries([line('a', 9), line('b', 1), line('c', 3)], 'mean', 2).others?.points).toEqual([2]);
  });

  it('leaves a gap where none of the rest has a point', () => {
    expect(
      topSeries([line('a', 9, 9), line('b', 1, null), line('c', 3, null)], 'sum', 2).others?.points,
    ).toEqual([4, null]);
  });

  it('does not swap equals between refreshes', () => {
    const keys = (...names: string[]) =>
      topSeries(
        names.map((n) => line(n, 5)),
        'sum',
        2,
      ).shown.map((one) => one.key);
    expect(keys('c', 'b', 'a')).toEqual(['a']);
    expect(keys('a', 'c', 'b')).toEqual(['a']);
  });

  it('counts a large negative line as large', () => {
    expect(topSeries([line('a', -9), line('b', 1), line('c', 2)], 'sum', 2).shown[0]?.key).toBe('a');
  });

  it('never shows more than seven lines by itself', () => {
    const many = Array.from({ length: 100 }, (_, i) => line(`s${i}`, i));
    const { shown, others } = topSeries(many, 'sum');
    expect(shown.length + 1).toBe(7);
    expect(others?.count).toBe(94);
  });
});
