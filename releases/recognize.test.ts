import { describe, expect, it } from 'vitest';
import { toChange, type ToldChange } from '../ingest/changes/change.js';
import type { Change } from '../src/model/changes.js';
import { judge, retryMs, type KnownDeploy } from './recognize.js';

const now = Date.parse('2026-11-22T10:00:00Z');
const told = (more: Partial<ToldChange> = {}, at = now): Change =>
  toChange(
    { type: 'service.deployed', service: 'checkout', environment: 'production', version: '1', ...more },
    { source: 'api', now: at, maxFutureMs: 0 },
  );
const known = (change: Change): KnownDeploy => ({ releaseId: 'rel-1', change });
const sameId = (earlier: Change, later: Change) =>
  judge(later, { sameId: known(earlier), sameWords: undefined, newest: undefined });
const sameWords = (earlier: Change, later: Change, newest = earlier, count = 1) =>
  judge(later, { sameId: undefined, sameWords: { newest: known(earlier), count }, newest: known(newest) });

describe('a deploy with an id', () => {
  it.each([
    ['started', 'succeeded', 'store'],
    ['started', 'failed', 'store'],
    ['started', 'started', 'duplicate'],
    ['succeeded', 'started', 'duplicate'],
    ['succeeded', 'succeeded', 'duplicate'],
  ] as const)('that was %s and is now %s: %s', (first, second, kind) => {
    const outcome = sameId(told({ id: 'x', status: first }), told({ id: 'x', status: second }, now + 1));
    expect(outcome.kind).toBe(kind);
  });

  it('may be run again: what it is later counts', () => {
    const failed = told({ id: 'x', status: 'failed' }, now);
    expect(sameId(failed, told({ id: 'x' }, now + 1)).kind).toBe('store');
    expect(sameId(failed, told({ id: 'x', finishedAt: '2026-11-22T09:00:00Z' }, now + 1)).kind).toBe(
      'duplicate',
    );
  });

  it('keeps what only the first telling said', () => {
    const outcome = sameId(
      told({
        id: 'x',
        type: 'service.rolledback',
        status: 'started',
        actor: 'ada',
        startedAt: '2026-11-22T09:00:00Z',
        attributes: { a: '1' },
        fixes: ['p'],
      }),
      told({ id: 'x', url: 'https://ci.example', attributes: { b: '2' } }),
    );
    expect(outcome).toMatchObject({
      change: {
        type: 'service.rolledback',
        status: 'succeeded',
        actor: 'ada',
        url: 'https://ci.example',
        startedAt: Date.parse('2026-11-22T09:00:00Z'),
        attributes: { a: '1', b: '2' },
        fixes: ['p'],
      },
    });
  });

  it.each(['service', 'environment', 'version'])('cannot name another %s', (word) => {
    expect(() => sameId(told({ id: 'x' }), told({ id: 'x', [word]: 'other' }))).toThrow(`with ${word} "`);
  });
});

describe('a deploy without an id', () => {
  const first = told();
  const other = told({ version: '2' }, now + 1);
  it.each([
    ['at once', told({}, now + 1), first, 'duplicate'],
    ['long after, with nothing in between', told({}, now + 10 * retryMs), first, 'duplicate'],
    ['soon, with another version in between', told({}, now + retryMs - 1), other, 'duplicate'],
    ['long after, with another version in between', told({}, now + retryMs), other, 'store'],
  ])('that is told again %s', (_what, later, newest, kind) => {
    expect(sameWords(first, later, newest).kind).toBe(kind);
  });

  it('that says when it started is the same for ever', () => {
    const started = { startedAt: '2026-11-22T09:00:00Z' };
    const outcome = sameWords(told(started), told(started, now + 10 * retryMs), other);
    expect(outcome).toEqual({
      kind: 'duplicate',
      recorded: { id: told(started).id, releaseId: 'rel-1', duplicate: true },
    });
  });

  it('gets an id of its own when it is another, and keeps it when it is judged again', () => {
    const outcome = sameWords(first, told({}, now + retryMs), other, 3);
    if (outcome.kind !== 'store') throw new Error(outcome.kind);
    expect(outcome.change.id).toBe(`${first.id}-4`);
    expect(sameWords(first, outcome.change, other, 3)).toEqual(outcome);
  });

  it('is told apart by each of its words, and by its kind', () => {
    const ids = [
      {},
      { service: 'cart' },
      { environment: '' },
      { version: '2' },
      { commit: 'abc' },
      { startedAt: '2026-11-22T09:00:00Z' },
      { type: 'service.rolledback' },
    ].map((more) => told(more).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(told({ status: 'started', actor: 'ada' }).id).toBe(told().id);
  });
});
