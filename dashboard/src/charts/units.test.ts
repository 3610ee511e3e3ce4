import { describe, expect, it } from 'vitest';
import { formatCount, formatMs, formatValue, threeDigits } from './units.js';

describe('threeDigits', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [0.5, '0.5'],
    [1.005, '1'],
    [12.34, '12.3'],
    [99.96, '100'],
    [123.4, '123'],
    [-0.01234, '-0.0123'],
    [0.0000123, '0.0000123'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d is %s', (value, text) => {
    expect(threeDigits(value)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [999, '999'],
    [999.7, '1 k'],
    [1000, '1 k'],
    [12_345, '12.3 k'],
    [1_000_000, '1 M'],
    [-2_500_000_000, '-2.5 G'],
  ])('%d is %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });
});

describe('formatMs', () => {
  it.each([
    [0, '0 ms'],
    [0.0005, '500 ns'],
    [0.83, '830 µs'],
    [14.23, '14.2 ms'],
    [999.9, '1 s'],
    [1500, '1.5 s'],
    [135_000, '2.25 min'],
    [7_200_000, '2 h'],
    [-14, '-14 ms'],
  ])('%d ms is %s', (value, text) => {
    expect(formatMs(value)).toBe(text);
  });
});

describe('formatValue', () => {
  it.each([
    [0.25, 's', '250 ms'],
    [0.25, 'seconds', '250 ms'],
    [2048, 'By', '2 KiB'],
    [512, 'bytes', '512 B'],
    [1_572_864, 'By/s', '1.5 MiB/s'],
    [7.2, '%', '7.2 %'],
    [0.072, 'ratio', '7.2 %'],
    [1200, '{request}', '1.2 k request'],
    [3, '1', '3'],
    [3, '', '3'],
    [21.5, 'Cel', '21.5 Cel'],
    [null, 'ms', '–'],
    [Number.NaN, 'ms', '–'],
  ])('%d in %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});
