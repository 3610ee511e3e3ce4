import { describe, expect, it } from 'vitest';
import { makeSpan, origin, type SpanSketch } from './span-fixtures.js';
import { buildTree } from './span-tree.js';
import { ancestors, barOf, rulerTicks, selfMs, visibleRows } from './waterfall-rows.js';

const sketches: SpanSketch[] = [
  { id: 'a', from: 0, to: 100 },
  { id: 'b', parent: 'a', from: 10, to: 40 },
  { id: 'c', parent: 'b', from: 20, to: 30 },
  { id: 'd', parent: 'a', from: 30, to: 60 },
];
const tree = buildTree(sketches.map(makeSpan), origin, { adjustClocks: false });
const shown = (...collapsed: string[]) =>
  visibleRows(tree, new Set(collapsed)).map((row) => `${'-'.repeat(row.depth)}${row.node.key}`);

describe('visibleRows', () => {
  it('goes depth first', () => expect(shown()).toEqual(['a', '-b', '--c', '-d']));
  it('leaves out what is below a collapsed span', () => expect(shown('b')).toEqual(['a', '-b', '-d']));
  it('ignores a collapsed leaf and a span that is gone', () => expect(shown('c', 'gone')).toHaveLength(4));
});

describe('ancestors', () => {
  it('names those above, nearest first', () => expect(ancestors(tree, 'c')).toEqual(['b', 'a']));
  it('is empty for what is not there', () => expect(ancestors(tree, 'x')).toEqual([]));
});

describe('selfMs', () => {
  it('counts the time children share once', () => {
    expect(selfMs(tree.byKey.get('a')!)).toBe(50);
    expect(selfMs(tree.byKey.get('c')!)).toBe(10);
  });
});

describe('barOf', () => {
  it.each([
    ['inside', 25, 75, { left: 0.25, width: 0.5 }],
    ['cut on both sides', -10, 200, { left: 0, width: 1 }],
    ['a moment', 50, 50, { left: 0.5, width: 0 }],
    ['before', -10, -1, null],
    ['after', 101, 110, null],
  ])('%s', (_name, from, to, bar) => {
    expect(barOf(from, to, { from: 0, to: 100 })).toEqual(bar);
  });
});

describe('rulerTicks', () => {
  it.each([
    [{ from: 0, to: 100 }, 5, [0, 20, 40, 60, 80, 100]],
    [{ from: 13, to: 28 }, 4, [15, 20, 25]],
    [{ from: 0, to: 0.3 }, 3, [0, 0.1, 0.2, 0.3]],
    [{ from: 5, to: 5 }, 5, []],
  ])('%j in %d', (view, most, ticks) => {
    expect(rulerTicks(view, most)).toEqual(ticks);
  });
});
