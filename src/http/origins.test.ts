import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hostName,
  isAllowedOrigin,
  isCrossSite,
  isExpectedHost,
  isLoopback,
  isOwnOrigin,
  type OriginRules,
  type Sender,
} from './origins.js';

const rules: OriginRules = { host: '127.0.0.1', publicUrl: '', allowedOrigins: [] };
const https: OriginRules = { ...rules, publicUrl: 'https://lemni.example.com/monitor' };
const sender = (change: Partial<Sender>): Sender => ({
  origin: undefined,
  host: 'localhost:4318',
  fetchSite: undefined,
  ...change,
});

it.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['app.localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.0.1', false],
  ['localhost.example', false],
  ['127.0.0.1.nip.io', false],
  ['', false],
  [undefined, false],
])('loopback: %s %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

it.each([
  ['Example.COM:80', 'example.com'],
  ['[::1]:4318', '[::1]'],
  ['[::1]', '[::1]'],
  ['localhost:', 'localhost'],
])('name in %s: %s', (header, expected) => {
  expect(hostName(header)).toBe(expected);
});

describe('the own origin', () => {
  it.each([
    ['the same host', rules, { origin: 'http://localhost:4318' }, true],
    ['behind a proxy that ends TLS', rules, { origin: 'https://l.example', host: 'l.example' }, true],
    [
      'publicUrl, whatever Host a proxy makes',
      https,
      { origin: 'https://lemni.example.com', host: 'x' },
      true,
    ],
    ['another port', rules, { origin: 'http://localhost:3000' }, false],
    ['publicUrl over plain HTTP', https, { origin: 'http://lemni.example.com', host: 'x' }, false],
    ['a longer name', https, { origin: 'https://lemni.example.com.evil.example', host: 'x' }, false],
    ['opaque', rules, { origin: 'null', host: 'null' }, false],
    ['none', rules, {}, false],
    ['no URL', rules, { origin: 'localhost:4318' }, false],
  ] as const)('%s', (_name, by, change, expected) => {
    expect(isOwnOrigin(sender(change), by)).toBe(expected);
  });
});

it.each([
  [{}, false],
  [{ fetchSite: 'same-origin' }, false],
  [{ fetchSite: 'none' }, false],
  [{ fetchSite: 'same-site' }, true],
  [{ fetchSite: 'cross-site' }, true],
  [{ fetchSite: 'anything new' }, true],
  [{ origin: 'http://localhost:4318', fetchSite: 'cross-site' }, false],
  [{ origin: 'https://evil.example', fetchSite: 'same-origin' }, true],
] as const)('cross-site: %j %s', (change, expected) => {
  expect(isCrossSite(sender(change), rules)).toBe(expected);
});

it.each([
  ['https://shop.example', ['https://shop.example'], true],
  ['https://shop.example', ['https://shop.example/'], true],
  ['https://shop.example', ['*'], true],
  ['http://shop.example', ['https://shop.example'], false],
  ['https://shop.example:8443', ['https://shop.example'], false],
  ['https://evil-shop.example', ['https://shop.example'], false],
  ['null', ['https://shop.example'], false],
  ['https://shop.example', [], false],
])('%s allowed by %j: %s', (origin, allowed, expected) => {
  expect(isAllowedOrigin(origin, allowed)).toBe(expected);
});

it('no text in a header can throw, and none but the known names pass', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (origin, host, fetchSite) => {
      isCrossSite({ origin, host, fetchSite }, https);
      if (isExpectedHost(host, rules)) {
        expect(hostName(host)).toMatch(
          /^(localhost|.*\.localhost|host\.docker\.internal|127\..*|0*177.*|0x7f.*|\d+|\[?::.*)$/,
        );
      }
    }),
    { seed: 20261122, numRuns: 2000 },
  );
});
