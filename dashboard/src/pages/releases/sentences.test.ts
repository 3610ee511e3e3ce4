import { describe, expect, it } from 'vitest';
import { releaseWindow } from './release-window.js';
import { whatItDid, whatWasReleased } from './sentences.js';

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

describe('whatItDid', () => {
  const release = {
    ...out('checkout', 1),
    version: '1.4.0',
    environment: 'production',
    status: 'succeeded',
    current: true,
  };
  const verdict = (state: 'baking' | 'degraded' | 'none', bakeUntil: string | null = null) => ({
    ...{ state, bakeUntil, decidedAt: null },
    sentence: state === 'degraded' ? 'checkout 1.4.0 makes 7.2 % of requests fail.' : '',
  });
  it.each([
    [{ verdict: verdict('degraded') }, 'checkout 1.4.0 makes 7.2 % of requests fail.'],
    [
      { verdict: verdict('baking', '2026-11-22T12:12:00Z') },
      'checkout 1.4.0 has been out in production for 1 h; it is judged in 12 min.',
    ],
    [
      { verdict: verdict('baking') },
      'checkout 1.4.0 has been out in production for 1 h; it is judged when its bake time is over.',
    ],
    [{ verdict: verdict('none') }, 'checkout 1.4.0 has been out in production for 1 h.'],
    [{ current: false }, 'checkout 1.4.0 was out in production, and is replaced.'],
    [{ status: 'failed', verdict: verdict('none') }, 'checkout 1.4.0 failed to deploy in production.'],
    [{ status: 'started', environment: '' }, 'checkout 1.4.0 is being deployed.'],
  ])('%#', (change, expected) => expect(whatItDid({ ...release, ...change }, now)).toBe(expected));
});
