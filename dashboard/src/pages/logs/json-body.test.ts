import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces, prettyJson } from './json-body.js';

describe('prettyJson', () => {
  it.each([
    ['{"a":1}', '{\n  "a": 1\n}'],
    ['  [1,2] ', '[\n  1,\n  2\n]'],
    ['request failed {"code":500}', 'request failed\n{\n  "code": 500\n}'],
    ['plain text', null],
    ['[worker-3] done', null],
    ['{not json}', null],
    ['42', null],
    ['', null],
  ])('%s', (body, text) => expect(prettyJson(body)).toBe(text));

  it('leaves very long bodies alone', () => {
    expect(prettyJson(`["${'x'.repeat(200_000)}"]`)).toBeNull();
  });
});

describe('jsonPieces', () => {
  it('tells keys from values', () => {
    expect(jsonPieces('{ "a": "b", "c": -1.5 }').filter((p) => p.kind !== 'plain')).toEqual([
      { kind: 'key', text: '"a"' },
      { kind: 'string', text: '"b"' },
      { kind: 'key', text: '"c"' },
      { kind: 'number', text: '-1.5' },
    ]);
  });

  it('loses nothing, whatever the text', () => {
    const text = fc.oneof(fc.json(), fc.string());
    fc.assert(
      fc.property(text, (any) => {
        expect(
          jsonPieces(any)
            .map((p) => p.text)
            .join(''),
        ).toBe(any);
      }),
      { seed: 9, numRuns: 300 },
    );
  });
});
