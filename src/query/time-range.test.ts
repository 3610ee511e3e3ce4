import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../lib/errors.js';
import { seeded } from './testing/seeded.js';
import { formatNs, gridOf, parseRange } from './time-range.js';

const now = Date.parse('2026-11-22T10:00:30Z');
const hour = 3_600_000;
const day = 24 * hour;

describe('parseRange', () => {
  it.each<[{ from?: string; to?: string }, number, number]>([
    [{}, now - hour, now],
    [{ from: 'now-15m' }, now - hour / 4, now],
    [{ from: 'now-2d', to: 'now-1d' }, now - 2 * day, now - day],
    [{ from: '2026-11-22T09:00:00Z', to: '2026-11-22T11:00:00+01:00' }, now - hour - 30_000, now - 30_000],
    [{ from: String(now - 5), to: String(now) }, now - 5, now],
    // The future of senders' clocks, and no further.
    [{ to: '2100-01-01T00:00:00Z', from: 'now' }, now, now + day],
  ])('%j', (input, fromMs, toMs) => {
    expect(parseRange(input, now)).toEqual({ fromMs, toMs });
  });

  it.each<[{ from?: string; to?: string }, string]>([
    [{ from: 'now', to: 'now-1h' }, 'from'],
    [{ from: 'now', to: 'now' }, 'from'],
    [{ from: 'now-500d' }, 'from'],
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-13-01T00:00:00Z' }, 'to'],
    [{ to: '' }, 'to'],
    [{ from: 'now-15' }, 'from'],
    [{ from: '-5' }, 'from'],
    [{ from: '1e9' }, 'from'],
  ])('refuses %j', (input, at) => {
    expect(() => parseRange(input, now)).toThrow(expect.objectContaining({ code: 'bad_request', at }));
  });

  it('any text gives a range in its bounds or BadInput', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^(now[-+]?)?\d{0,16}[smhdwT:Z.-]?$/));
    fc.assert(
      fc.property(texts, texts, (from, to) => {
        try {
          const { fromMs, toMs } = parseRange({ from, to }, now);
          expect(fromMs).toBeGreaterThanOrEqual(0);
          expect(fromMs).toBeLessThan(toMs);
          expect(toMs - fromMs).toBeLessThanOrEqual(400 * day);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
        }
      }),
      seeded(2000),
    );
  });
});

describe('gridOf', () => {
  it.each<[number, number, number, number]>([
    [hour, 60, 60_000, 61],
    [day, 60, 1_800_000, 49],
    [30 * day, 60, 43_200_000, 61],
    [30 * day, 59, 86_400_000, 31],
    [60_000, 500, 500, 121],
    [1, 1, 1, 1],
  ])('%i ms in about %i buckets: steps of %i ms', (length, buckets, stepMs, most) => {
    const grid = gridOf({ fromMs: now - length, toMs: now }, buckets);
    expect(grid.stepMs).toBe(stepMs);
    expect(grid.buckets).toBeLessThanOrEqual(most);
  });

  it('covers the range in whole steps, and keeps its bounds', () => {
    const numbers = fc.tuple(
      fc.integer({ min: 0, max: now }),
      fc.integer({ min: 1, max: 400 * day }),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 90_000 }),
    );
    fc.assert(
      fc.property(numbers, ([fromMs, length, buckets, minStep]) => {
        const grid = gridOf({ fromMs, toMs: fromMs + length }, buckets, minStep);
        expect(grid.fromMs).toBeLessThanOrEqual(fromMs);
        expect(grid.toMs).toBeGreaterThanOrEqual(fromMs + length);
        expect(grid.stepMs).toBeGreaterThanOrEqual(minStep);
        expect(grid.buckets).toBe((grid.toMs - grid.fromMs) / grid.stepMs);
        expect(grid.buckets).toBeLessThanOrEqual(buckets + 1);
        expect(grid.fromMs % grid.stepMs).toBe(0);
      }),
      seeded(2000),
    );
  });
});

describe('formatNs', () => {
  it.each([
    ['0', '1970-01-01T00:00:00.000000000Z'],
    ['1795342830123456789', '2026-11-22T10:20:30.123456789Z'],
    ['-1', '1969-12-31T23:59:59.999999999Z'],
    ['999999999', '1970-01-01T00:00:00.999999999Z'],
  ])('%s is %s', (ns, text) => {
    expect(formatNs(ns)).toBe(text);
  });
});
