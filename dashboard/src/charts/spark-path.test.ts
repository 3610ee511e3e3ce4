import { describe, expect, it } from 'vitest';
import { sparkPath } from './spark-path.js';

const box = { width: 12, height: 12 };

describe('sparkPath', () => {
  it('puts zero on the lower edge and the largest value on the upper one', () => {
    expect(sparkPath([0, 10], box).line).toBe('M1 11L11 1');
  });

  it('leaves a gap where there is no point', () => {
    const path = sparkPath([1, 1, null, 1, 1], box);
    expect(path.line.match(/M/g)).toHaveLength(2);
    expect(path.area.match(/Z/g)).toHaveLength(2);
  });

  it('shows a point that stands alone as a dot', () => {
    expect(sparkPath([null, 4, null], box)).toEqual({ line: '', area: '', dots: [{ x: 6, y: 1 }] });
  });

  it.each([
    ['nothing', [], ''],
    ['only zeros', [0, 0], 'M1 11L11 11'],
    ['not-a-number', [Number.NaN, 1, 1], 'M6 1L11 1'],
    ['negative values, held at zero', [-5, 5], 'M1 11L11 1'],
  ])('draws %s', (_name, points, line) => {
    expect(sparkPath(points, box).line).toBe(line);
  });

  it('keeps to a shared scale', () => {
    expect(sparkPath([5, 5], { ...box, max: 10 }).line).toBe('M1 6L11 6');
  });
});
