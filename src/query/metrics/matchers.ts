import { BadInput } from '../../lib/errors.js';
import { matchSql, type SqlParams } from '../sql.js';

/** A Prometheus label matcher. */
export interface Matcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const maxMatchers = 20;
const maxLength = 4000;
const matcher = /\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*(=~|!~|!=|=)\s*/y;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/**
 * `{job="shop", code=~"5.."}`, braces and a last comma optional, as Prometheus 3 writes it. Throws `BadInput`
 * with the 0-based column.
 */
export function parseMatchers(text: string | undefined): Matcher[] {
  const input = text ?? '';
  if (input.length > maxLength)
    throw refuse(`The matchers are longer than ${maxLength} characters.`, maxLength);
  const braced = /^\s*\{/.exec(input);
  const end = /\}\s*$/.exec(input);
  if (braced && !end) throw refuse('The closing "}" is missing.', input.length);
  let at = braced?.[0].length ?? 0;
  const stop = braced && end ? end.index : input.length;
  const matchers: Matcher[] = [];
  while (input.slice(at, stop).trim() !== '') {
    if (matchers.length >= maxMatchers) throw refuse(`More than ${maxMatchers} matchers.`, at);
    matcher.lastIndex = at;
    const [whole, label, op] = matcher.exec(input) ?? [];
    if (whole === undefined || label === undefined || op === undefined) {
      throw refuse('A matcher is written label="value", with =, !=, =~ or !~.', at);
    }
    const { value, next } = quoted(input, at + whole.length);
    matchers.push({ label, op: op as Matcher['op'], value }); // The expression allows these four only.
    const comma = /^\s*(,|$)/.exec(input.slice(next, stop));
    if (!comma) throw refuse('A comma is missing between two matchers.', next);
    at = Math.min(next + comma[0].length, stop);
  }
  return matchers;
}

function quoted(input: string, start: number): { value: string; next: number } {
  const quote = input.charAt(start);
  if (quote !== '"' && quote !== "'") throw refuse('The value of a matcher stands in quotes.', start);
  let value = '';
  for (let i = start + 1; i < input.length; i++) {
    const char = input.charAt(i);
    if (char === quote) return { value, next: i + 1 };
    if (char !== '\\') {
      value += char;
      continue;
    }
    const escape = escapes[input.charAt(++i)];
    if (escape === undefined) throw refuse('This escape is unknown: write \\\\ for a backslash.', i - 1);
    value += escape;
  }
  throw refuse(`The closing quote (${quote}) is missing.`, start);
}

function refuse(message: string, at: number): BadInput {
  return new BadInput('bad_request', message, { at: String(at) });
}

/** Regexes match the whole value, and a label that is not there is empty (Prometheus, "Querying basics"). */
export function matcherSql({ label, op, value }: Matcher, params: SqlParams): string {
  const sql = `Labels[${params.string(label)}]`;
  if (op === '=' || op === '!=') return `${sql} ${op} ${params.string(value)}`;
  const matches = matchSql(sql, `^(?s:${value})$`, params);
  return op === '=~' ? matches : `NOT ${matches}`;
}
