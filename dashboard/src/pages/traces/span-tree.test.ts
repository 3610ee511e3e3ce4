import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSpan, origin } from './span-fixtures.js';
import { buildTree, type SpanNode } from './span-tree.js';

const tree = (spans: Parameters<typeof makeSpan>[0][], adjustClocks = false) =>
  buildTree(spans.map(makeSpan), origin, { adjustClocks });

/** `a(b c(d))` for a tree, which reads better in a table of cases than objects do. */
const drawn = (nodes: readonly SpanNode[]): string =>
  nodes.map((node) => node.key + (node.children.length > 0 ? `(${drawn(node.children)})` : '')).join(' ');

describe('buildTree', () => {
  it.each<[string, [string, string, number, number][], string]>([
    ['nothing', [], ''],
    ['one span', [['a', '', 0, 10]], 'a'],
    [
      'children by their start',
      [
        ['c', 'a', 5, 6],
        ['b', 'a', 1, 2],
        ['a', '', 0, 10],
      ],
      'a(b c)',
    ],
    [
      'a parent that never arrived',
      [
        ['b', 'x', 1, 2],
        ['c', 'x', 3, 4],
      ],
      'missing x(b c)',
    ],
    [
      'an orphan beside a root',
      [
        ['a', '', 0, 10],
        ['b', 'x', 1, 2],
      ],
      'a missing x(b)',
    ],
    [
      'a span that is its own parent',
      [
        ['a', 'a', 0, 10],
        ['b', 'a', 1, 2],
      ],
      'a(b)',
    ],
    [
      'a loop of two, cut above the earlier',
      [
        ['a', 'b', 1, 2],
        ['b', 'a', 0, 3],
      ],
      'b(a)',
    ],
    [
      'a tail that leads into a loop',
      [
        ['t', 'a', 5, 6],
        ['a', 'b', 0, 9],
        ['b', 'a', 1, 8],
      ],
      'a(b t)',
    ],
    [
      'two spans of one id',
      [
        ['a', '', 0, 10],
        ['a', '', 2, 3],
        ['b', 'a', 1, 2],
      ],
      'a(b) a#2',
    ],
    ['a parent id of zeros, as some SDKs write none', [['a', '0000000000000000', 0, 1]], 'a'],
  ])('draws %s', (_name, spans, expected) => {
    expect(drawn(tree(spans.map(([id, parent, from, to]) => ({ id, parent, from, to }))).roots)).toBe(
      expected,
    );
  });

  it('says what is odd', () => {
    const built = tree([
      { id: 'a', parent: 'b', from: 0, to: 3 },
      { id: 'b', parent: 'a', from: 1, to: 2 },
      { id: 'o', parent: 'x', from: 1, to: 2 },
    ]);
    expect(built).toMatchObject({ missing: 1, cycles: 1 });
    expect(built.byKey.get('o')?.issues).toEqual(['orphan']);
    expect(built.byKey.get('a')?.issues).toEqual(['cycle']);
    expect(built.byKey.get('missing x')).toMatchObject({ span: null, start: 1, end: 2 });
  });

  it('counts spans and errors below', () => {
    const built = tree([
      { id: 'a', from: 0, to: 9 },
      { id: 'b', parent: 'a', from: 0, to: 9 },
      { id: 'c', parent: 'b', from: 0, to: 9, status: 'Error' },
    ]);
    expect(built.byKey.get('a')).toMatchObject({ below: 2, errorsBelow: 1 });
    expect(built.byKey.get('c')).toMatchObject({ below: 0, errorsBelow: 1 });
  });

  describe('clocks', () => {
    const skewed = [
      { id: 'a', service: 'web', from: 100, to: 200 },
      { id: 'b', parent: 'a', service: 'api', from: 40, to: 100 },
      { id: 'c', parent: 'b', service: 'api', from: 50, to: 60 },
    ];
    it('says that a child of another service begins before its parent', () => {
      const built = tree(skewed);
      expect(built).toMatchObject({ skewed: 1, skewMs: 60, start: 40, end: 200 });
      expect(built.byKey.get('b')).toMatchObject({ issues: ['skew'], start: 40, shifted: 0 });
    });
    it('moves it into the middle of its parent when asked, with all below it', () => {
      const built = tree(skewed, true);
      expect(built.byKey.get('b')).toMatchObject({ start: 120, end: 180, shifted: 80 });
      expect(built.byKey.get('c')).toMatchObject({ start: 130, end: 140, issues: [] });
    });
    it('leaves a child of the same service alone: one clock cannot differ from itself', () => {
      const same = skewed.map((span) => ({ ...span, service: 'web' }));
      expect(tree(same, true)).toMatchObject({ skewed: 0, start: 40 });
    });
  });

  it('keeps a chain of 20,000 spans', () => {
    const spans = Array.from({ length: 20_000 }, (_, i) => ({
      id: `s${i}`,
      parent: i === 0 ? '' : `s${i - 1}`,
      from: i,
      to: 40_000 - i,
    }));
    expect(tree(spans).byKey.get('s0')?.below).toBe(19_999);
  });

  it('shows every span exactly once, whatever the parents say', () => {
    const id = fc.integer({ min: 0, max: 12 }).map(String);
    const span = fc.record({
      id,
      parent: fc.oneof(id, fc.constant(''), fc.constant('x')),
      from: fc.integer({ min: 0, max: 50 }),
      to: fc.integer({ min: 0, max: 50 }),
      service: fc.constantFrom('a', 'b'),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), fc.boolean(), (list, adjust) => {
        const built = tree(list, adjust);
        const seen: SpanNode[] = [];
        const stack = [...built.roots];
        for (let node = stack.pop(); node; node = stack.pop()) {
          seen.push(node);
          stack.push(...node.children);
          expect(seen.length).toBeLessThanOrEqual(2 * list.length);
        }
        expect(seen.filter((node) => node.span)).toHaveLength(list.length);
        expect(new Set(seen.map((node) => node.key)).size).toBe(seen.length);
        for (const node of seen) expect(node.end).toBeGreaterThanOrEqual(node.start);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
