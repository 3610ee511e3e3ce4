import { describe, expect, it } from 'vitest';
import { judge, retryAfterMs, type Attempt } from './verdict.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const attempt = (more: Partial<Attempt>): Attempt => ({
  status: 0,
  retryAfter: null,
  tries: 0,
  hasScreenshot: false,
  ...more,
});

describe('judge', () => {
  it.each([
    ['stored', { status: 202 }, { kind: 'sent' }],
    ['sent before', { status: 200 }, { kind: 'sent' }],
    ['offline', {}, { kind: 'later', waitMs: 5000 }],
    ['offline for the fourth time', { tries: 3 }, { kind: 'later', waitMs: 40_000 }],
    ['offline for ever', { tries: 50 }, { kind: 'later', waitMs: 600_000 }],
    ['a server that fails', { status: 500, tries: 1 }, { kind: 'later', waitMs: 10_000 }],
    ['too many', { status: 429, retryAfter: '30' }, { kind: 'later', waitMs: 31_000 }],
    ['too many, without a time', { status: 429 }, { kind: 'later', waitMs: 5000 }],
    ['a day of waiting', { status: 503, retryAfter: '86400' }, { kind: 'later', waitMs: 3_600_000 }],
    ['a key that was revoked', { status: 401 }, { kind: 'later', waitMs: 3_600_000 }],
    [
      'a large picture',
      { status: 413, hasScreenshot: true },
      { kind: 'later', waitMs: 0, dropScreenshot: true },
    ],
    ['large without one', { status: 413 }, { kind: 'refused' }],
    ['not right', { status: 400 }, { kind: 'refused' }],
    ['not there', { status: 404 }, { kind: 'refused' }],
  ])('%s', (_what, more, verdict) => {
    expect(judge(attempt(more), 0.5, now)).toEqual(verdict);
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['2', 2000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['-5', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
