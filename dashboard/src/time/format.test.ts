import { describe, expect, it } from 'vitest';
import { ago, bytes, count, duration, exact, join, percent, significant, span } from './format.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const s = 1000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

describe('ago', () => {
  it.each([
    [0, 'now'],
    [4 * s, 'now'],
    [42 * s, '42 s ago'],
    [59.9 * s, '59 s ago'],
    [14 * min, '14 min ago'],
    [3 * h + 59 * min, '3 h ago'],
    [47 * h, '47 h ago'],
    [5 * d, '5 d ago'],
    [100 * d, '14 wk ago'],
    [800 * d, '2 yr ago'],
    [-2 * min, 'in 2 min'],
  ])('%d ms before is %s', (before, expected) => {
    expect(ago(now - before, now)).toBe(expected);
  });
});

describe('span', () => {
  it('is the largest whole unit', () => {
    expect([0, 90 * s, 90 * min].map(span)).toEqual(['0 s', '1 min', '1 h']);
  });
});

describe('exact', () => {
  it('gives the zone of the viewer and UTC', () => {
    const { local, utc } = exact(Date.parse('2026-11-22T10:00:00Z'), 'Europe/Berlin');
    expect(local).toContain('11:00:00');
    expect(utc).toBe('2026-11-22 10:00:00 UTC');
  });
});

describe('three significant digits', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [312, '312'],
    [999.4, '999'],
    [999.6, '1 k'],
    [4331, '4.33 k'],
    [1_250_000, '1.25 M'],
    [0.034567, '0.0346'],
    [-4331, '-4.33 k'],
    [5e18, '5000 P'],
  ])('count %d is %s', (value, expected) => {
    expect(join(count(value))).toBe(expected);
  });

  it.each([
    [0, '0 ms'],
    [0.25, '250 µs'],
    [12.345, '12.3 ms'],
    [999.6, '1 s'],
    [1250, '1.25 s'],
    [90_000, '1.5 min'],
    [2.25 * h, '2.25 h'],
    [72 * h, '3 d'],
  ])('duration %d ms is %s', (value, expected) => {
    expect(join(duration(value))).toBe(expected);
  });

  it.each([
    [0.072, '7.2 %'],
    [0.0004, '0.04 %'],
    [1, '100 %'],
  ])('ratio %d is %s', (value, expected) => {
    expect(join(percent(value))).toBe(expected);
  });

  it.each([
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [1024 ** 3, '1 GiB'],
  ])('%d bytes are %s', (value, expected) => {
    expect(join(bytes(value))).toBe(expected);
  });

  it('says a dash for what is no number', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(significant)).toEqual(['–', '–']);
  });
});
