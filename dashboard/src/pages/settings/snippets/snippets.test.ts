import { describe, expect, it } from 'vitest';
import { changeLine, deployLine, feedbackLine, firstTrace, serverUrl } from './curl.js';
import { feedbackFetch, widgetTag } from './feedback.js';
import { environment, otelGuides } from './otel.js';

const url = 'https://lemni.example.com';
const key = 'lemni_ingest_abc';

describe('serverUrl', () => {
  it.each([
    ['', 'http://127.0.0.1:4318', 'http://127.0.0.1:4318'],
    ['https://lemni.example.com/', 'http://x', 'https://lemni.example.com'],
  ])('%j, seen at %s, is %s', (configured, origin, expected) => {
    expect(serverUrl(configured, origin)).toBe(expected);
  });
});

describe('every guide', () => {
  it.each(otelGuides)('$name has the address and the key', (guide) => {
    const text = guide
      .steps({ url, key })
      .map((step) => step.text)
      .join('\n');
    expect(text).toContain(url);
    expect(text).toContain(key);
  });

  it.each(otelGuides)('$name asks for no key where none is needed', (guide) => {
    const text = guide
      .steps({ url, key: null })
      .map((step) => step.text)
      .join('\n');
    expect(text).not.toMatch(/bearer/i);
    expect(text).not.toContain('null');
  });
});

describe('environment', () => {
  it('escapes the space of the header, as the specification asks', () => {
    expect(environment({ url, key })).toContain(`"Authorization=Bearer%20${key}"`);
  });
});

describe('lines for a terminal', () => {
  const shell = /-d '([\s\S]*)'$/;

  it.each([
    ['a span', firstTrace(url, key)],
    ['a deploy', deployLine(url, key)],
    ['a change', changeLine(url, key)],
    ['a feedback', feedbackLine(url, key)],
  ])('%s is JSON once the shell has filled it', (_, line) => {
    const body = shell.exec(line)?.[1] ?? '';
    const filled = body.replaceAll(/'\$\([^)]*(?:\([^)]*\))*[^)]*\)'|'\$USER'/g, '0');
    expect(() => void JSON.parse(filled)).not.toThrow();
    expect(line).toContain(`authorization: Bearer ${key}`);
  });

  it('leaves a placeholder in the page when there is no key', () => {
    expect(feedbackFetch({ url, key: null })).toContain('Bearer PUBLIC_KEY');
    expect(widgetTag({ url, key: null })).toContain('data-key="PUBLIC_KEY"');
  });
});
