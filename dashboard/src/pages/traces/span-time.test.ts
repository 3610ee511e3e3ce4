import { describe, expect, it } from 'vitest';
import { offsetMs } from './span-time.js';

const origin = '2026-11-22T10:00:00.000000000Z';

describe('offsetMs', () => {
  it.each([
    ['2026-11-22T10:00:00.000000001Z', 0.000001],
    ['2026-11-22T10:00:01.5Z', 1500],
    ['2026-11-22T09:59:59.999999Z', -0.001],
    ['2026-11-22T10:00:00Z', 0],
    ['2026-11-22T11:00:00.25+01:00', 250],
  ])('%s', (time, ms) => expect(offsetMs(time, origin)).toBeCloseTo(ms, 9));

  it('takes what is not a time as the epoch', () => {
    expect(offsetMs('', '1970-01-01T00:00:00Z')).toBe(0);
    expect(offsetMs('never', '1970-01-01T00:00:00Z')).toBe(0);
  });
});
