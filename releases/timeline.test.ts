import { describe, expect, it } from 'vitest';
import type { DeployMoment, ReleaseMoment } from '../src/model/releases.js';
import { quietMs, timelineOf } from './timeline.js';

/** Minutes; telemetry as [first, last]. */
const release = (version: string, seen?: readonly [number, number], told = false, at = 0): ReleaseMoment => ({
  id: `rel-${version}`,
  version,
  told,
  firstSeenAt: Math.min(at === 0 ? Infinity : at, seen?.[0] ?? Infinity, 1e9) * 60_000,
  telemetryFirstAt: seen ? seen[0] * 60_000 : null,
  telemetryLastAt: seen ? seen[1] * 60_000 : null,
  previousVersion: null,
  current: false,
});
const deployed = (
  version: string,
  at: number,
  status: DeployMoment['status'] = 'succeeded',
): DeployMoment => ({
  releaseId: `rel-${version}`,
  at: at * 60_000,
  status,
});
const summary = (releases: readonly ReleaseMoment[], deploys: readonly DeployMoment[]) => {
  const { placed, reason } = timelineOf(releases, deploys);
  const version = (id: string): string => id.replace('rel-', '');
  return {
    current:
      placed
        .filter(({ current }) => current)
        .map(({ id }) => version(id))
        .join() || null,
    previous: Object.fromEntries(placed.map(({ id, previousVersion }) => [version(id), previousVersion])),
    reason,
  };
};

describe('the current version', () => {
  it.each([
    ['nothing is known', [], [], null, 'no version has run yet'],
    [
      'told only',
      [release('1', undefined, true), release('2', undefined, true)],
      [deployed('1', 1), deployed('2', 2)],
      '2',
      'the last deploy; telemetry carries no version',
    ],
    [
      'a deploy that failed',
      [release('1', undefined, true), release('2', undefined, true)],
      [deployed('1', 1), deployed('2', 2, 'failed')],
      '1',
      'the last deploy; telemetry carries no version',
    ],
    [
      'seen only, both still sending',
      [release('1', [1, 100]), release('2', [50, 100])],
      [],
      '2',
      'the newest version that telemetry still carries',
    ],
    [
      'seen only, the newer one fell silent',
      [release('1', [1, 100]), release('2', [50, 80])],
      [],
      '1',
      'the newest version that telemetry still carries',
    ],
    [
      'the newer one is a little behind',
      [release('1', [1, 100]), release('2', [50, 100 - quietMs / 60_000])],
      [],
      '2',
      'the newest version that telemetry still carries',
    ],
    [
      'told and seen, rolled back by deploy',
      [release('1', [1, 100], true), release('2', [50, 100], true)],
      [deployed('1', 1), deployed('2', 50), deployed('1', 99)],
      '1',
      'the newest version that telemetry still carries',
    ],
    [
      'told and seen, rolled back without a word',
      [release('1', [1, 100], true), release('2', [50, 70], true)],
      [deployed('1', 1), deployed('2', 50)],
      '1',
      'the newest version that telemetry still carries',
    ],
    [
      'deployed a moment ago',
      [release('1', [1, 100], true), release('2', undefined, true)],
      [deployed('1', 1), deployed('2', 99)],
      '2',
      'deployed a moment ago; no telemetry of it yet',
    ],
    [
      'deployed, and never seen where versions are seen',
      [release('1', [1, 100], true), release('2', undefined, true)],
      [deployed('1', 1), deployed('2', 60)],
      '1',
      'the newest version that telemetry still carries',
    ],
    [
      'telemetry with other names for versions',
      [release('0.0.1', [1, 100]), release('abc', undefined, true)],
      [deployed('abc', 20)],
      'abc',
      'the last deploy; telemetry carries other names for versions',
    ],
    [
      'a newer version that nobody told of',
      [release('1', [1, 100], true), release('2', [90, 100])],
      [deployed('1', 1)],
      '2',
      'the newest version that telemetry still carries',
    ],
    [
      'only begun',
      [release('1', undefined, true)],
      [deployed('1', 1, 'started')],
      null,
      'no version has run yet',
    ],
    [
      'begun and already seen',
      [release('1', [1, 100], true), release('2', [99, 100], true)],
      [deployed('1', 1), deployed('2', 98, 'started')],
      '2',
      'the newest version that telemetry still carries',
    ],
  ] as const)('%s', (_what, releases, deploys, current, reason) => {
    expect(summary(releases, deploys)).toMatchObject({ current, reason });
  });
});

describe('what ran before', () => {
  it('follows the deploys, whatever their order', () => {
    const releases = [
      release('2', undefined, true),
      release('1', undefined, true),
      release('3', undefined, true, 3),
    ];
    const deploys = [
      deployed('3', 3, 'failed'),
      deployed('1', 1),
      deployed('2', 2),
      deployed('2', 4),
      deployed('1', 5),
    ];
    expect(summary(releases, deploys).previous).toEqual({ 1: '2', 2: '1', 3: '2' });
    expect(summary(releases.toReversed(), deploys.toReversed()).previous).toEqual({ 1: '2', 2: '1', 3: '2' });
  });

  it('mixes what was told with what was seen', () => {
    const releases = [release('1', [1, 40]), release('2', [42, 100], true), release('3', [90, 100])];
    expect(summary(releases, [deployed('2', 41)]).previous).toEqual({ 1: null, 2: '1', 3: '2' });
  });
});
