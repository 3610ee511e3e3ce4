import { describe, expect, it } from 'vitest';
import { addressKey, RateLimit } from './rate-limit.js';

function clockAt(start: number): { now(): number; sleep(): Promise<void>; at: number } {
  return {
    at: start,
    now() {
      return this.at;
    },
    sleep: () => Promise.resolve(),
  };
}

describe('a rate limit', () => {
  it('lets so many through in a window that begins with the first', () => {
    const clock = clockAt(1000);
    const limit = new RateLimit({ max: 2, windowMs: 90_000 }, clock);
    limit.take('a', 'tries');
    clock.at += 60_000;
    limit.take('a', 'tries');
    limit.take('b', 'tries');
    expect(() => limit.take('a', 'tries')).toThrow('Too many tries: try again in 1 min.');
    try {
      limit.take('a', 'tries');
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 30 });
    }
    clock.at += 30_000;
    limit.take('a', 'tries');
  });

  it('keeps nobody out for longer than a window when the clock is set back', () => {
    const clock = clockAt(3_600_000);
    const limit = new RateLimit({ max: 1, windowMs: 60_000 }, clock);
    limit.take('a', 'tries');
    clock.at = 0;
    limit.take('a', 'tries');
    expect(() => limit.take('a', 'tries')).toThrow('Too many tries');
    clock.at = 60_000;
    limit.take('a', 'tries');
  });

  it('gives back and forgets', () => {
    const limit = new RateLimit({ max: 1, windowMs: 1000 }, clockAt(0));
    limit.take('a', 'tries');
    limit.giveBack('a');
    limit.giveBack('a');
    limit.take('a', 'tries');
    expect(() => limit.take('a', 'tries')).toThrow();
    limit.forget('a');
    limit.take('a', 'tries');
    limit.giveBack('unknown');
  });

  it('remembers only so many', () => {
    const limit = new RateLimit({ max: 1, windowMs: 1000, keys: 2 }, clockAt(0));
    for (const key of ['a', 'b', 'c']) limit.take(key, 'tries');
    limit.take('a', 'tries');
    expect(() => limit.take('c', 'tries')).toThrow();
  });
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '20010db800010002'],
  ['2001:db8:1:2::9', '20010db800010002'],
  ['2001:db8:1:3::9', '20010db800010003'],
  [undefined, 'unknown'],
  ['nonsense', 'unknown'],
])('the key of %s is %s', (address, expected) => {
  expect(addressKey(address)).toBe(expected);
});
