import { describe, expect, it } from 'vitest';
import { criticalPath } from './critical-path.js';
import { makeSpan, origin } from './span-fixtures.js';
import { buildTree } from './span-tree.js';
import { changeFinding, errorShare, traceAnswer, tracesAnswer } from './trace-findings.js';

const histogram = (ok: number[], error: number[], p95: (number | null)[]) => ({
  from: origin,
  to: origin,
  stepMs: 10,
  series: [
    { labels: { status: 'ok' }, points: ok },
    { labels: { status: 'error' }, points: error },
    { labels: { quantile: '0.95' }, points: p95 },
  ],
});

describe('tracesAnswer', () => {
  it.each([
    [histogram([90], [10], [250]), '100 requests, 10 % of them failed; 95 % took at most 250 ms.'],
    [histogram([5], [], [null]), '5 requests, none of them failed.'],
    [histogram([], [], []), 'Nothing was traced in this time.'],
  ])('%#', (input, text) => expect(tracesAnswer(input)).toBe(text));
});

describe('changeFinding', () => {
  const marks = [{ id: '1', at: 50, service: 'shop', version: '2', releaseId: null }];
  const find = (points: (number | null)[]) =>
    changeFinding('p95', points, { from: 0, stepMs: 10 }, { marks, say: (value) => `${value} ms` });
  it('names the deploy with which the level changed', () => {
    expect(find([100, 100, 100, 100, 100, 0, 300, 300, 300, 300, 300])).toBe(
      'p95 rose from 100 ms to 300 ms after shop 2',
    );
  });
  it('names the deploy next to the largest change, and none of several as near', () => {
    const rising = [0, 0, 0, 0, 0, 0, 0, 0.8, 0.8, 0.8, 0.8, 0.8, 5, 5, 5, 5, 5, 5];
    const say = (value: number): string => `${value} %`;
    const after = (...times: readonly number[]) => {
      const marks = times.map((at) => ({
        id: `${at}`,
        at,
        service: 'shop',
        version: `${at}`,
        releaseId: null,
      }));
      return changeFinding('failures', rising, { from: 0, stepMs: 10 }, { marks, say });
    };
    expect(after(60, 115)).toBe('failures rose from 0 % to 5 % after shop 115');
    expect(after(60)).toBe('failures rose from 0 % to 0.8 % after shop 60');
    expect(after(100, 115)).toMatch(/ after 2 deploys$/);
  });
  it.each([
    ['a change too small', [100, 100, 100, 100, 100, 0, 140, 140, 140, 140, 140]],
    ['a fall', [300, 300, 300, 300, 300, 0, 100, 100, 100, 100, 100]],
    ['too few points', [100, 100, null, null, null, 0, 300, 300, 300, 300, 300]],
    ['a change much later', [...Array.from({ length: 20 }, () => 100), 300, 300, 300, 300, 300, 300]],
    ['one outlier', [100, 100, 100, 100, 100, 0, 9000, 100, 100, 100, 100]],
  ])('says nothing of %s', (_name, points) => expect(find(points)).toBeNull());
});

describe('errorShare', () => {
  it('is a gap where nothing was asked', () =>
    expect(errorShare([9, 0, 0], [1, 0, 2])).toEqual([10, null, 100]));
});

describe('traceAnswer', () => {
  const answer = (...spans: Parameters<typeof makeSpan>[0][]) => {
    const tree = buildTree(spans.map(makeSpan), origin, { adjustClocks: false });
    const root = tree.roots[0];
    return traceAnswer(tree, root ? criticalPath(root) : []);
  };
  it('says where most of the time went', () => {
    expect(
      answer(
        { id: 'a', service: 'web', from: 0, to: 100, status: 'Error' },
        { id: 'b', parent: 'a', service: 'pay', from: 10, to: 90 },
      ),
    ).toBe('a took 100 ms and failed; 80 ms of it (80 %) in pay.');
  });
  it('says no more than it knows', () => {
    expect(answer({ id: 'a', from: 0, to: 100 })).toBe('a took 100 ms.');
    expect(answer()).toBe('This trace has no spans.');
  });
});
