import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.js';

/** The definition, in BigInt. */
function slow(labels: Record<string, string>): string {
  let hash = 0xcbf29ce484222325n;
  const bytes = Object.keys(labels)
    .sort()
    .flatMap((name) => [...Buffer.from(name), 0xff, ...Buffer.from(labels[name] ?? ''), 0xff]);
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

describe('fingerprint', () => {
  it("equals Alertmanager's", () => {
    expect(fingerprint({ severity: 'critical', alertname: 'foo', instance: 'b' })).toBe('6b47ddf1e10eb097');
  });

  it('equals its definition for any labels', () => {
    for (let i = 0; i < 500; i++) {
      const labels = { service: `s${i * 7919}`, environment: 'ü'.repeat(i % 9), alertname: String(i) };
      expect(fingerprint(labels)).toBe(slow(labels));
    }
    expect(fingerprint({})).toBe(slow({}));
  });

  it('does not depend on the order of labels', () => {
    expect(fingerprint({ a: '1', b: '2' })).toBe(fingerprint({ b: '2', a: '1' }));
    expect(fingerprint({ a: '12' })).not.toBe(fingerprint({ a: '1', b: '2' }));
  });
});
