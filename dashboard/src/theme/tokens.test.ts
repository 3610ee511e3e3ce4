import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serviceHue } from './service-hue.js';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  const block = css.slice(css.indexOf('{', start), css.indexOf('}', start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]),
  );
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const meanings = ['critical', 'warning', 'healthy', 'information', 'release', 'feedback'];
const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'];

describe.each([
  ['light', tokensOf("[data-mantine-color-scheme='light']")],
  ['dark', tokensOf("[data-mantine-color-scheme='dark']")],
])('contrast, %s', (_, tokens) => {
  const color = (name: string) => tokens.get(name) ?? '';
  const pairs = [
    ...['text', 'text-2', 'text-muted'].flatMap((text) => grounds.map((ground) => [text, ground])),
    ...meanings.flatMap((meaning) =>
      ['canvas', 'surface', `${meaning}-soft`].map((ground) => [meaning, ground]),
    ),
    ...meanings.map((meaning) => ['text', `${meaning}-soft`]),
    ['on-ink', 'ink'],
    ['information', 'hover'],
  ] as [string, string][];

  it.each(pairs)('%s on %s is at least 4.5 to 1', (text, ground) => {
    expect(contrast(color(text), color(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(meanings)('areas of %s stand out from the surface, 3 to 1 or nearly', (meaning) => {
    // Amber areas on white cannot reach 3 and stay amber: their lines and words carry the meaning.
    expect(contrast(color(`${meaning}-fill`), color('surface'))).toBeGreaterThanOrEqual(2.4);
  });

  it('shows the focus', () => {
    for (const ground of ['canvas', 'surface'])
      expect(contrast(color('focus'), color(ground))).toBeGreaterThanOrEqual(3);
  });
});

describe('serviceHue', () => {
  it('is stable and spread', () => {
    expect(serviceHue('checkout')).toBe(serviceHue('checkout'));
    const hues = ['checkout', 'cart', 'payment', 'frontend', 'shipping', 'ad', 'email'].map(serviceHue);
    expect(new Set(hues).size).toBe(hues.length);
    for (const hue of hues) expect(hue).toBeLessThanOrEqual(360);
  });
});
