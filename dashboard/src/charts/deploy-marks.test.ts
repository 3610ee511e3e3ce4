import { describe, expect, it } from 'vitest';
import { deployMarks } from './deploy-marks.js';

const time = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString();
const at = (minute: number) => Date.parse(time(minute));
const frame = { from: at(0), to: at(59) };
const deploy = (id: string, version: string, minute: number, startedAt: string | null = null) => ({
  id,
  at: time(minute),
  type: 'service.deployed',
  service: 'shop',
  version,
  environment: 'prod',
  startedAt,
});
const release = (id: string, version: string, deployedAt: string | null, minute = 0) => ({
  id,
  service: 'shop',
  version,
  environment: 'prod',
  firstSeenAt: time(minute),
  deployedAt,
});

describe('deployMarks', () => {
  it('leads to the release', () => {
    expect(deployMarks([deploy('c1', '1.4.0', 10)], [release('r1', '1.4.0', time(10))], frame)).toEqual([
      { id: 'c1', at: at(10), service: 'shop', version: '1.4.0', releaseId: 'r1' },
    ]);
  });
  it('marks a deploy that was told twice once, where it began', () => {
    const marks = deployMarks([deploy('c2', '1', 12, time(10)), deploy('c1', '1', 10, time(10))], [], frame);
    expect(marks.map((mark) => mark.at)).toEqual([at(10)]);
  });
  it('marks a version deployed again later twice', () => {
    expect(deployMarks([deploy('c1', '1', 10), deploy('c2', '1', 40)], [], frame)).toHaveLength(2);
  });
  it('marks a version that only telemetry knows where it was first seen', () => {
    expect(deployMarks([], [release('r1', '2', null, 30)], frame)).toMatchObject([
      { at: at(30), releaseId: 'r1' },
    ]);
  });
  it('leaves out what lies outside, and what is no time', () => {
    const outside = [deploy('c1', '1', 75), { ...deploy('c2', '2', 1), at: 'never' }];
    expect(deployMarks(outside, [release('r', '3', null, 80)], frame)).toEqual([]);
  });
});
