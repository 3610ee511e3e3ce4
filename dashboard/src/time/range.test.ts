import { describe, expect, it } from 'vitest';
import {
  absoluteRange,
  describeRange,
  isRelative,
  parseTime,
  quickRanges,
  resolveRange,
  zoomOut,
} from './range.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const min = 60_000;
const h = 60 * min;

describe('parseTime', () => {
  it.each([
    ['now', now],
    [' now ', now],
    ['now-15m', now - 15 * min],
    ['now - 2h', now - 2 * h],
    ['now-7d', now - 7 * 24 * h],
    ['now-1w', now - 7 * 24 * h],
    ['now-30s', now - 30_000],
    ['2026-11-22T10:00:00.000Z', Date.parse('2026-11-22T10:00:00Z')],
    ['2026-11-22 10:00Z', Date.parse('2026-11-22T10:00:00Z')],
    ['1795341600000', 1_795_341_600_000],
  ])('%j', (text, expected) => {
    expect(parseTime(text, now)).toBe(expected);
  });

  it.each(['', 'yesterday', 'now+1h', 'now-', 'now-1y', 'now-99999999h', '12', '2026-13-45', 'now-1h now'])(
    'does not take %j',
    (text) => {
      expect(parseTime(text, now)).toBeNull();
    },
  );
});

describe('resolveRange', () => {
  it('refuses a range that is empty or turned round', () => {
    expect(resolveRange({ from: 'now', to: 'now' }, now)).toBeNull();
    expect(resolveRange({ from: 'now', to: 'now-1h' }, now)).toBeNull();
    expect(resolveRange({ from: 'now-1h', to: 'now' }, now)).toEqual({ from: now - h, to: now });
  });
});

describe('describeRange', () => {
  it.each([
    [{ from: 'now-1h', to: 'now' }, 'Last hour'],
    [{ from: 'now-15m', to: 'now' }, 'Last 15 minutes'],
    [{ from: 'now-2h', to: 'now-1h' }, '22 Nov 10:00 to 11:00'],
    [{ from: '2026-11-21T23:00:00Z', to: '2026-11-22T01:00:00Z' }, '21 Nov 23:00 to 22 Nov 01:00'],
    [{ from: 'nonsense', to: 'now' }, 'Choose a time'],
  ])('%j is %s', (range, expected) => {
    expect(describeRange(range, now, 'UTC')).toBe(expected);
  });

  it('names every quick range', () => {
    for (const range of quickRanges) expect(describeRange(range, now)).toMatch(/^Last /);
  });
});

describe('the rest', () => {
  it('tells relative from absolute', () => {
    expect(['now', 'now-1h', '2026-11-22T10:00:00Z'].map(isRelative)).toEqual([true, true, false]);
  });

  it('writes an absolute range as the API takes it, and back', () => {
    const range = { from: now - h, to: now };
    expect(resolveRange(absoluteRange(range), 0)).toEqual(range);
  });

  it('zooms out to twice the width, never beyond now', () => {
    expect(zoomOut({ from: now - h, to: now }, now)).toEqual({ from: now - 2 * h, to: now });
    const past = zoomOut({ from: now - 10 * h, to: now - 8 * h }, now);
    expect(past).toEqual({ from: now - 11 * h, to: now - 7 * h });
  });
});
