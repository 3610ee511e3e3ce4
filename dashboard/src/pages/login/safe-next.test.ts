import { describe, expect, it } from 'vitest';
import { safeNext } from './safe-next.js';

describe('safeNext', () => {
  it.each([
    [undefined, '/'],
    ['/', '/'],
    ['/logs?query=level:error&from=now-1h', '/logs?query=level:error&from=now-1h'],
    ['/incidents/i1#timeline', '/incidents/i1#timeline'],
  ])('goes from %j to %j', (next, expected) => {
    expect(safeNext(next)).toBe(expected);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/login?next=/',
    'logs',
    '/\t/evil.example',
  ])('does not follow %j', (next) => {
    expect(new URL(safeNext(next), 'http://here').host).toBe('here');
    expect(safeNext(next)).not.toContain('login');
  });
});
