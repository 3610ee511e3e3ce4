import { describe, expect, it } from 'vitest';
import { flagText, placeFlags, timeToX, type DeployMark } from './flags.js';

const frame = { from: 0, to: 1000 };
const area = { left: 50, right: 1050 };
const mark = (at: number, version = `v${at}`): DeployMark => ({
  id: version,
  at,
  service: 's',
  version,
  releaseId: null,
});

describe('placeFlags', () => {
  it('puts a flag at its time', () => {
    expect(placeFlags([mark(250)], frame, area).map((f) => f.x)).toEqual([300]);
  });

  it('leaves out what lies outside the frame', () => {
    expect(placeFlags([mark(-1), mark(1001)], frame, area)).toEqual([]);
  });

  it('joins neighbours that would cover each other, whatever their order', () => {
    const flags = placeFlags([mark(120), mark(100), mark(500)], frame, area);
    expect(flags.map(flagText)).toEqual(['2 deploys', 'v500']);
  });

  it('does not chain: a flag takes only what is near its pole', () => {
    const flags = placeFlags([mark(0), mark(50), mark(100)], frame, area);
    expect(flags.map((f) => f.marks.length)).toEqual([2, 1]);
  });
});

describe('timeToX', () => {
  it('stands for an empty frame', () => {
    expect(timeToX(5, { from: 5, to: 5 }, area)).toBe(50);
  });
});
