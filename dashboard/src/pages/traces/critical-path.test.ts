import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath, pathTotals } from './critical-path.js';
import { makeSpan, origin, type SpanSketch } from './span-fixtures.js';
import { buildTree } from './span-tree.js';

function path(spans: readonly SpanSketch[]) {
  const root = buildTree(spans.map(makeSpan), origin, { adjustClocks: false }).roots[0];
  return root ? criticalPath(root) : [];
}

const drawn = (spans: readonly [string, string, number, number][]): string =>
  path(spans.map(([id, parent, from, to]) => ({ id, parent, from, to })))
    .map((segment) => `${segment.key}:${segment.from}-${segment.to}`)
    .join(' ');

describe('criticalPath', () => {
  it.each<[string, [string, string, number, number][], string]>([
    ['a span alone', [['a', '', 0, 10]], 'a:0-10'],
    [
      'one child',
      [
        ['a', '', 0, 10],
        ['b', 'a', 2, 8],
      ],
      'a:0-2 b:2-8 a:8-10',
    ],
    [
      'children in a row',
      [
        ['a', '', 0, 10],
        ['b', 'a', 0, 4],
        ['c', 'a', 4, 10],
      ],
      'b:0-4 c:4-10',
    ],
    [
      'the longer of two that run side by side',
      [
        ['a', '', 0, 10],
        ['b', 'a', 1, 9],
        ['c', 'a', 1, 5],
      ],
      'a:0-1 b:1-9 a:9-10',
    ],
    [
      'what came before the one that ended last, not beside it',
      [
        ['a', '', 0, 10],
        ['x', 'a', 0, 3],
        ['beside', 'a', 2, 7],
        ['last', 'a', 4, 10],
      ],
      'x:0-3 a:3-4 last:4-10',
    ],
    [
      'a child that outlives its parent, cut',
      [
        ['a', '', 0, 10],
        ['b', 'a', 5, 90],
      ],
      'a:0-5 b:5-10',
    ],
    [
      'a child that begins before its parent, cut',
      [
        ['a', '', 5, 10],
        ['b', 'a', 0, 8],
      ],
      'b:5-8 a:8-10',
    ],
    [
      'a child wholly outside, left out',
      [
        ['a', '', 0, 10],
        ['b', 'a', 20, 30],
      ],
      'a:0-10',
    ],
    [
      'grandchildren within what the child was waited for',
      [
        ['a', '', 0, 10],
        ['b', 'a', 2, 20],
        ['c', 'b', 3, 6],
        ['d', 'b', 7, 15],
      ],
      'a:0-2 b:2-3 c:3-6 b:6-7 d:7-10',
    ],
    ['a span without duration', [['a', '', 3, 3]], ''],
  ])('is %s', (_name, spans, expected) => {
    expect(drawn(spans)).toBe(expected);
  });

  it('adds up where the time went', () => {
    expect(
      pathTotals([
        { key: 'a', from: 0, to: 1 },
        { key: 'b', from: 1, to: 5 },
        { key: 'a', from: 5, to: 7 },
      ]),
    ).toEqual([
      { key: 'b', ms: 4 },
      { key: 'a', ms: 3 },
    ]);
  });

  it('covers the root without gap or overlap, with stretches in which each span ran', () => {
    const spans = fc.array(
      fc.record({
        parent: fc.nat(),
        from: fc.integer({ min: 0, max: 100 }),
        length: fc.integer({ min: 0, max: 100 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(spans, (list) => {
        const sketches = list.map((one, i) => ({
          id: `s${i}`,
          parent: i === 0 ? '' : `s${one.parent % i}`,
          from: one.from,
          to: one.from + one.length,
        }));
        const root = sketches[0]!;
        const segments = path(sketches);
        let at = root.from;
        for (const segment of segments) {
          expect(segment.from).toBeCloseTo(at, 6);
          at = segment.to;
          const span = sketches.find((one) => one.id === segment.key)!;
          expect(segment.from).toBeGreaterThanOrEqual(span.from);
          expect(segment.to).toBeLessThanOrEqual(span.to);
        }
        expect(at).toBeCloseTo(root.to, 6);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
