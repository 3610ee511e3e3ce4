import { describe, expect, it } from 'vitest';
import { measureEffect, measureInterval, measureName, measureValue } from './measure-words.js';

const of = (name: 'error_ratio' | 'latency_p95' | 'throughput' | 'error_logs', unit: string) => ({
  name,
  unit,
});

describe('a measure in words', () => {
  it.each([
    [of('error_ratio', '1'), 0.072, '7.2 %', '+7.2 points'],
    [of('error_ratio', '1'), 0.01, '1 %', '+1 point'],
    [of('latency_p95', 'ms'), 1250, '1.25 s', '+1.25 s'],
    [of('throughput', '/s'), 3.14159, '3.14 /s', '+3.14 /s'],
    [of('throughput', '/s'), 12_300, '12.3 k/s', '+12.3 k/s'],
    [of('error_logs', '1'), 0.25, '0.25', '+0.25'],
    [of('error_logs', '/min'), 4, '4 /min', '+4 /min'],
  ])('%j %f', (measure, value, said, effect) => {
    expect(measureValue(measure, value)).toBe(said);
    expect(measureEffect({ ...measure, effect: value })).toBe(effect);
  });

  it('says what is not known', () => {
    const unknown = { ...of('error_ratio', '1'), effect: null, low: null, high: null };
    expect(measureValue(unknown, null)).toBe('–');
    expect(measureEffect(unknown)).toBe('–');
    expect(measureInterval(unknown)).toBe('');
  });

  it('gives the interval with its signs', () => {
    expect(measureInterval({ ...of('error_ratio', '1'), low: -0.002, high: 0.0891 })).toBe('−0.2 to +8.9');
    expect(measureInterval({ ...of('latency_p95', 'ms'), low: 0, high: 12 })).toBe('0 ms to +12 ms');
  });

  it('names error logs by what they are counted over', () => {
    expect(measureName(of('error_logs', '/min'))).toBe('Error logs a minute');
  });
});
