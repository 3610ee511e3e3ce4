import { describe, expect, it } from 'vitest';
import { verdictWord } from './verdict-word.js';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('verdictWord', () => {
  it.each([
    ['healthy', null, 'healthy'],
    ['degraded', '2026-11-22T12:30:00Z', 'degraded'],
    ['inconclusive', null, 'inconclusive'],
    ['none', null, 'not judged'],
    ['baking', '2026-11-22T12:12:30Z', 'judged in 12 min'],
    ['baking', '2026-11-22T12:00:00Z', 'being judged'],
    ['baking', null, 'baking'],
  ] as const)('%s until %s', (state, bakeUntil, expected) => {
    expect(verdictWord({ state, bakeUntil }, now)).toBe(expected);
  });
});
