import { describe, expect, it } from 'vitest';
import { sessionId } from './session.js';
import { shelfOf } from './storage.js';
import { memoryStorage } from './testing/memory-storage.js';

const now = Date.parse('2026-11-22T10:00:00Z');

describe('sessionId', () => {
  it('is one of our own for as long as the tab is open', () => {
    const tab = shelfOf(() => memoryStorage());
    const storage = memoryStorage();
    const shelf = shelfOf(() => storage);
    const first = sessionId(shelf, () => memoryStorage(), now);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(sessionId(shelf, () => memoryStorage(), now)).toBe(first);
    expect(sessionId(tab, () => memoryStorage(), now)).not.toBe(first);
  });

  it('is one id too where nothing can be stored', () => {
    const broken = () => {
      throw new Error('denied');
    };
    const shelf = shelfOf(broken);
    expect(sessionId(shelf, broken, now)).toBe(sessionId(shelf, broken, now));
  });

  it.each([
    ['what OpenTelemetry keeps', { id: 'otel-1', startTimestamp: now - 60_000 }, true],
    ['not what it left behind yesterday', { id: 'otel-1', startTimestamp: now - 25 * 3_600_000 }, false],
    ['not something else', { id: 7 }, false],
    ['not null', null, false],
  ])('is %s', (_what, kept, used) => {
    const local = memoryStorage();
    local.setItem('opentelemetry-session', JSON.stringify(kept));
    const shelf = shelfOf(() => memoryStorage());
    expect(sessionId(shelf, () => local, now) === 'otel-1').toBe(used);
  });
});
