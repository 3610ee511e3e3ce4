import { matchSql, type SqlParams } from '../sql.js';
import type { Test } from './tree.js';

/** What `splitByNonAlpha` takes for a word: ASCII letters and digits, and everything beyond ASCII. */
const tokenPattern = /[0-9a-z\u0080-\u{10ffff}]+/gu;
const edge = '[^0-9a-z\\x{80}-\\x{10ffff}]';
/** More words than this do not make the index more selective. */
const maxIndexTokens = 16;

/** Lower case as lowerUTF8 makes it, for the characters that both know how to fold one to one. */
export function lowerCase(text: string): string {
  let lower = '';
  for (const char of text) {
    const folded = char.toLowerCase();
    // One character for one: `İ` becomes two in JavaScript.
    lower += folded.length === char.length ? folded : char;
  }
  return lower;
}

export function tokensOf(lower: string): string[] {
  return lower.match(tokenPattern) ?? [];
}

/** A text as an RE2 pattern that matches just it. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll('\0', '\\x00');
}

/**
 * Words in a text, whatever their case. A word or phrase is found where it stands between word boundaries: the
 * text index answers for its words, and the exact check runs on what is left. A star is any run of characters
 * without white space.
 */
export function textTest(column: string, test: Test, params: SqlParams): string {
  const lower = `lowerUTF8(${column})`;
  switch (test.type) {
    case 'exists':
      return `${column} != ''`;
    case 'matches':
      return matchSql(column, test.regex, params);
    case 'compare':
      // A text is no quantity; the parser allows it for any field.
      return '0';
    case 'is': {
      const value = lowerCase(test.value);
      if (value === '') return `${column} = ''`;
      const tokens = tokensOf(value);
      if (tokens.length === 0) return `position(${lower}, ${params.string(value)}) > 0`;
      const index = indexed(column, tokens, params);
      if (tokens[0] === value) return index;
      return `${index} AND match(${lower}, ${params.string(bounded(escapeRegex(value), value))})`;
    }
    case 'like': {
      const parts = test.parts.map(lowerCase);
      const [first = '', middle = '', last = ''] = parts;
      if (parts.length === 3 && first === '' && last === '' && !/\s/.test(middle)) {
        return `position(${lower}, ${params.string(middle)}) > 0`;
      }
      const pattern = bounded(parts.map(escapeRegex).join('\\S*'), parts.join('*'));
      return `match(${lower}, ${params.string(pattern)})`;
    }
  }
}

/** True for all texts that have these words, by the index. */
function indexed(column: string, tokens: readonly string[], params: SqlParams): string {
  const lower = `lowerUTF8(${column})`;
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined) return `hasToken(${lower}, ${params.string(only)})`;
  return `hasAllTokens(${lower}, ${params.strings(tokens.slice(0, maxIndexTokens))})`;
}

/** Where the text begins or ends with a word, that word must begin or end there. */
function bounded(pattern: string, text: string): string {
  const startsInWord = /^[0-9a-z\u0080-\u{10ffff}]/u.test(text);
  const endsInWord = /[0-9a-z\u0080-\u{10ffff}]$/u.test(text);
  return `${startsInWord ? `(?:^|${edge})` : ''}${pattern}${endsInWord ? `(?:$|${edge})` : ''}`;
}
