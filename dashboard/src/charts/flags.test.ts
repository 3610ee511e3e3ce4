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

  it('tells apart what fits beside each other', () => {
    const flags = placeFlags([mark(0), mark(50), mark(100)], frame, area);
    expect(flags.map((f) => f.marks.length)).toEqual([1, 1, 1]);
    const long = placeFlags([mark(0, '2026.11.22-rc.1'), mark(50), mark(200)], frame, area);
    expect(long.map(flagText)).toEqual(['2 deploys', 'v200']);
  });

  it('turns a flag at the end of the plot, which may then cover the one before', () => {
    expect(placeFlags([mark(200), mark(980)], frame, area).map((f) => f.side)).toEqual(['right', 'left']);
    const flags = placeFlags([mark(300), mark(900), mark(985)], frame, area);
    expect(flags.map(flagText)).toEqual(['v300', '2 deploys']);
  });

  it('never lets one cover another, however many', () => {
    const many = Array.from({ length: 400 }, (_, i) => mark(((i * 7919) % 1000) + 0.5, `1.${i}`));
    const flags = placeFlags(many, frame, area);
    expect(flags.flatMap((f) => f.marks)).toHaveLength(400);
    const poles = flags.map((f) => f.x);
    expect(poles.every((x, i) => i === 0 || x - (poles[i - 1] ?? 0) > 60)).toBe(true);
  });
});

describe('timeToX', () => {
  it('stands for an empty frame', () => {
    expect(timeToX(5, { from: 5, to: 5 }, area)).toBe(50);
  });
});
