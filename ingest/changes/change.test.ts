import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../src/lib/errors.js';
import { toChange, type ToldChange } from './change.js';
import { encodeChanges } from './encode.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const context = { source: 'api', now, maxFutureMs: 3_600_000 };
const told = (more: Partial<ToldChange>) =>
  toChange({ type: 'service.deployed', service: 's', version: '1', ...more }, context);

describe('a change', () => {
  it.each([
    ['nothing is said', {}, now],
    [
      'when it finished',
      { startedAt: '2026-11-22T09:00:00Z', finishedAt: '2026-11-22T11:30:00+02:00' },
      now - 30 * 60_000,
    ],
    ['only when it started', { startedAt: '2026-11-22 09:00:00Z' }, now - 3_600_000],
    [
      'when it started, and goes on',
      { status: 'started', startedAt: '2026-11-22T09:00:00.5Z', finishedAt: '2026-11-22T09:30:00Z' },
      now - 3_599_500,
    ],
    ['a clock ahead', { finishedAt: '2026-11-22T10:59:00Z' }, now],
  ] as const)('took effect, when %s', (_what, more, at) => {
    expect(told(more).at).toBe(at);
  });

  it.each([
    '2026-11-22',
    '22.11.2026',
    '2026-13-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '9999-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '0',
    '',
  ])('cannot be at %j', (startedAt) => {
    expect(() => told({ startedAt })).toThrow(/"startedAt" is (not a time|.* in the future)/);
  });

  it('has no control characters, no half characters and no links but to the web', () => {
    const change = told({
      service: 'a\u0000b\u001b[31m',
      actor: 'x\ud800',
      url: 'javascript:alert(1)',
      commits: [
        { sha: 's', url: 'data:text/html,x', at: 'never', message: 'line\nline' },
        { sha: 't', url: 'HTTPS://x' },
      ],
    });
    expect(change).toMatchObject({ service: 'a\ufffdb\ufffd[31m', actor: 'x\ufffd', url: '' });
    expect(change.commits).toEqual([
      { sha: 's', message: 'line\nline' },
      { sha: 't', url: 'HTTPS://x' },
    ]);
  });

  it('is one row of bounded size, or bad input, whatever its words are', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('__proto__', '2026-11-22T10:00:00Z', 'https://x'),
    );
    const shape = fc.record(
      {
        id: word,
        service: word,
        environment: word,
        version: word,
        commit: word,
        url: word,
        actor: word,
        at: word,
        startedAt: word,
        finishedAt: word,
        attributes: fc.dictionary(word, word, { maxKeys: 120 }),
        commits: fc.array(fc.record({ sha: word, message: word, at: word }), { maxLength: 20 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(shape, (more) => {
        try {
          const { rows, bytes } = encodeChanges([told(more)]);
          expect(rows).toBe(1);
          expect(bytes.length).toBeLessThan(2_000_000);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
