import { describe, expect, it } from 'vitest';
import { releaseWindow } from './release-window.js';
import { whatWasReleased } from './sentences.js';

const h = 3_600_000;
const now = Date.parse('2026-11-22T12:00:00Z');
const out = (service: string, hours: number) => ({
  service,
  deployedAt: new Date(now - hours * h).toISOString(),
  firstSeenAt: new Date(0).toISOString(),
});

describe('whatWasReleased', () => {
  it.each([
    [[], 'Nothing that Lemni knows of.'],
    [[out('a', 1)], '1 release of 1 service in the last 24 hours.'],
    [[out('a', 1), out('b', 2), out('b', 30)], '2 releases of 2 services in the last 24 hours.'],
    [[out('a', 30)], '1 release of 1 service in the last 7 days.'],
    [[out('a', 999), out('b', 999)], '2 releases of 2 services, none in the last 7 days.'],
  ])('%#', (releases, expected) => {
    expect(whatWasReleased(releases, { now, more: false })).toBe(expected);
  });

  it('does not say that it counted all when the list goes on', () => {
    expect(whatWasReleased([out('a', 1), out('b', 2)], { now, more: true })).toBe(
      '2+ releases of 2 services in the last 24 hours.',
    );
  });
});

describe('releaseWindow', () => {
  it.each([
    ['just out', 0.1, 0.5, 0.1],
    ['out for three hours', 3, 3, 3],
    ['out for a month', 720, 24, 24],
  ])('%s', (_, hours, before, after) => {
    const at = now - hours * h;
    const { from, to } = releaseWindow(out('a', hours), now);
    expect(at - from).toBeGreaterThanOrEqual(before * h);
    expect(at - from).toBeLessThan(before * h + 60_000);
    expect(to - at).toBeGreaterThan(after * h - 60_000);
    expect(to - at).toBeLessThanOrEqual(after * h + 60_000);
  });
});
