import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeTicks, type ZoneOffset } from './time-ticks.js';

const utc: ZoneOffset = () => 0;
const hour = 3_600_000;
/** Berlin in October 2026: one hour back on the 25th at 01:00 UTC. */
const berlin: ZoneOffset = (at) => (at < Date.UTC(2026, 9, 25, 1) ? 2 : 1) * hour;
const drawn = (from: string, to: string, most: number, offset = utc) =>
  timeTicks({ from: Date.parse(from), to: Date.parse(to) }, most, offset)
    .map((tick) => (tick.major ? `*${tick.text}` : tick.text))
    .join(' ');

describe('timeTicks', () => {
  it.each([
    ['2026-11-22T10:03:20Z', '2026-11-22T11:03:20Z', 5, '10:15 10:30 10:45 11:00'],
    ['2026-11-22T10:00:00Z', '2026-11-22T10:05:00Z', 5, '10:00 10:01 10:02 10:03 10:04 10:05'],
    [
      '2026-11-22T10:00:00Z',
      '2026-11-22T10:00:02Z',
      4,
      '10:00:00.000 10:00:00.500 10:00:01.000 10:00:01.500 10:00:02.000',
    ],
    ['2026-11-22T20:00:00Z', '2026-11-23T08:00:00Z', 4, '21:00 *23 Nov 03:00 06:00'],
    ['2026-11-20T12:00:00Z', '2026-11-23T12:00:00Z', 4, '21 Nov 22 Nov 23 Nov'],
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z', 4, ''],
  ])('%s to %s', (from, to, most, text) => expect(drawn(from, to, most)).toBe(text));

  it('puts days at midnight of the zone, also where the clocks change', () => {
    const ticks = timeTicks(
      { from: Date.parse('2026-10-24T00:00:00Z'), to: Date.parse('2026-10-27T00:00:00Z') },
      4,
      berlin,
    );
    expect(ticks.map((tick) => new Date(tick.at).toISOString())).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
      '2026-10-26T23:00:00.000Z',
    ]);
  });

  it('gives few, rising, inside', () => {
    const range = fc.record({
      from: fc.integer({ min: 0, max: 4e12 }),
      span: fc.integer({ min: 1, max: 4e11 }),
    });
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 20 }), ({ from, span }, most) => {
        const ticks = timeTicks({ from, to: from + span }, most, berlin);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const [i, tick] of ticks.entries()) {
          expect(tick.at >= from && tick.at <= from + span).toBe(true);
          if (i > 0) expect(tick.at).toBeGreaterThan(ticks[i - 1]!.at);
        }
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
