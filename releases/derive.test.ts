import { describe, expect, it } from 'vitest';
import { toChange, type ToldChange } from '../ingest/changes/change.js';
import type { Change } from '../src/model/changes.js';
import type { Release } from '../src/model/releases.js';
import { deriveRelease, type Seen } from './derive.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const place = { service: 'checkout', environment: 'production' };
const time = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const deploy = (id: string, more: Partial<ToldChange>): Change =>
  toChange(
    { id, type: 'service.deployed', ...place, version: '1', ...more },
    { source: 'api', now, maxFutureMs: 0 },
  );
const derive = (deploys: readonly Change[], more: { stored?: Release; seen?: Seen; count?: number } = {}) =>
  deriveRelease({
    place,
    version: '1',
    stored: more.stored,
    deploys,
    deployCount: more.count ?? deploys.length,
    seen: more.seen,
  });

describe('a release', () => {
  const first = deploy('a', {
    startedAt: time(-60),
    finishedAt: time(-50),
    commit: 'abc',
    actor: 'Ada',
    commits: [{ sha: 'abc' }],
    fixes: ['p1'],
    attributes: { run: '1' },
  });
  const second = deploy('b', {
    finishedAt: time(-10),
    status: 'failed',
    url: 'https://ci/2',
    fixes: ['p1', 'p2'],
  });

  it('is what its deploys say in the order of their own times', () => {
    const expected = {
      source: 'change',
      status: 'failed',
      commit: 'abc',
      actor: 'Ada',
      url: 'https://ci/2',
      commits: [{ sha: 'abc' }],
      attributes: {},
      fixes: ['p1', 'p2'],
      firstSeenAt: now - 60 * 60_000,
      deployedAt: now - 50 * 60_000,
      deploys: 2,
    };
    expect(derive([first, second])).toMatchObject(expected);
    expect(derive([second, first])).toMatchObject(expected);
    expect(derive([second], { stored: derive([first]), count: 2 })).toMatchObject(expected);
  });

  it('was not deployed when its only deploy failed after all', () => {
    const stored = derive([first]);
    const failed = { ...first, status: 'failed' as const, at: now };
    expect(derive([failed], { stored }).deployedAt).toBeNull();
  });

  it('knows the whole time in which telemetry carried it', () => {
    const stored = derive([], { seen: { firstAt: 5000, lastAt: 6000 } });
    expect(stored).toMatchObject({
      source: 'telemetry',
      firstSeenAt: 5000,
      deployedAt: null,
      status: '',
      deploys: 0,
    });
    expect(derive([], { stored, seen: { firstAt: 4000, lastAt: 5500 } })).toMatchObject({
      firstSeenAt: 4000,
      telemetryFirstAt: 4000,
      telemetryLastAt: 6000,
    });
    expect(derive([first], { stored })).toMatchObject({
      source: 'change',
      firstSeenAt: 5000,
      telemetryLastAt: 6000,
    });
  });

  it('has one id for the same words, and others for other words', () => {
    const id = (service: string, environment: string, version: string): string =>
      deriveRelease({
        place: { service, environment },
        version,
        stored: undefined,
        deploys: [],
        deployCount: 0,
        seen: undefined,
      }).id;
    expect(id('a', 'b', 'c')).toBe(id('a', 'b', 'c'));
    expect(new Set([id('a', 'b', 'c'), id('ab', '', 'c'), id('a', 'bc', ''), id('a', '', 'bc')]).size).toBe(
      4,
    );
  });
});
