import { describe, expect, it } from 'vitest';
import { foldOf, unitOf } from './aggregation.js';
import { chartLines, lineName, metricAnswer } from './metric-lines.js';

const answer = (series: { labels: Record<string, string>; points: (number | null)[] }[]) => ({
  from: '',
  to: '',
  stepMs: 1,
  unit: 'By',
  aggregation: 'avg' as const,
  series,
});

describe('lineName', () => {
  it.each([
    [{}, 'all series'],
    [{ service: 'shop' }, 'shop'],
    [{ service: '' }, 'no service'],
    [{ service: 'shop', code: '500' }, 'service=shop code=500'],
    [{ service: 'shop', code: '' }, 'service=shop code=""'],
  ])('%j', (labels, name) => expect(lineName(labels)).toBe(name));
});

describe('metricAnswer', () => {
  it.each([
    [
      answer([{ labels: {}, points: [1024, 4096, 2048, null] }]),
      'mem is at 2 KiB, between 1 KiB and 4 KiB in this time.',
    ],
    [
      answer([
        { labels: { s: 'a' }, points: [1] },
        { labels: { s: 'b' }, points: [5] },
      ]),
      'mem: highest in b, at 5 B.',
    ],
    [answer([{ labels: {}, points: [null] }]), 'mem has no samples in this time.'],
    [answer([]), 'mem has no samples in this time.'],
  ])('%#', (series, text) => expect(metricAnswer('mem', series)).toBe(text));
});

describe('units and folding', () => {
  it.each([
    ['By', 'rate', 'By/s'],
    ['1', 'rate', '/s'],
    ['', 'rate', '/s'],
    ['s', 'p95', 's'],
    ['s', 'count', ''],
  ] as const)('%s, %s', (unit, aggregation, result) => expect(unitOf(unit, aggregation)).toBe(result));
  it('adds rates and means percentiles', () => {
    expect([foldOf('rate'), foldOf('p95')]).toEqual(['sum', 'mean']);
  });
});

describe('chartLines', () => {
  it('gives a service its own hue', () => {
    const [one] = chartLines(answer([{ labels: { service: 'shop' }, points: [] }]));
    const [other] = chartLines(answer([{ labels: { job: 'shop' }, points: [] }]));
    expect(one?.color).toBe(other?.color);
  });
  it('tells lines of one service apart', () => {
    const lines = chartLines(
      answer([
        { labels: { service: 'shop', code: '200' }, points: [] },
        { labels: { service: 'shop', code: '500' }, points: [] },
      ]),
    );
    expect(new Set(lines.map((line) => line.color)).size).toBe(2);
  });
});
