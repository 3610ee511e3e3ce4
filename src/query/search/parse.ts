import { parseQuantity } from './quantity.js';
import { checkRegex } from './regex.js';
import { refuse, Scanner, textOf, type RawChar } from './scanner.js';
import { queryLimits, type Bound, type CompareOp, type Query, type Test } from './tree.js';

/**
 * The tree of a query, or `BadInput` with the 0-based column of the mistake. Any string gives one or the other.
 *
 *     or    = and { "OR" and }
 *     and   = not { [ "AND" ] not }
 *     not   = ( "NOT" | "-" ) not | "(" or ")" | field op value | text
 */
export function parseQuery(text: string): Query {
  if (text.length > queryLimits.length) {
    throw refuse(`The query is longer than ${queryLimits.length} characters.`, queryLimits.length);
  }
  const parser = new Parser(text);
  return parser.parse();
}

const fieldName = /^[\p{L}_@$][\p{L}\p{N}_.\-@$/]*$/u;
/** `=` is `:`; `!=` is its opposite. Longer ones first. */
const operators = ['>=', '<=', '!=', '>', '<', '=', ':'] as const;
type Operator = (typeof operators)[number];
const rangeStart = /^[[{]\s*[^\s\]}]*\s+TO(?:\s|$)/;

class Parser {
  readonly #scan: Scanner;
  #terms = 0;

  constructor(text: string) {
    this.#scan = new Scanner(text);
  }

  parse(): Query {
    const scan = this.#scan;
    scan.skipSpace();
    if (scan.isDone()) return { type: 'all' };
    const query = this.#or(undefined, 0);
    if (!scan.isDone()) throw refuse('This ")" closes nothing. To search for it, put it in quotes.', scan.at);
    return query;
  }

  #or(field: string | undefined, depth: number): Query {
    if (depth > queryLimits.depth) {
      throw refuse(`More than ${queryLimits.depth} levels of parentheses or NOT.`, this.#scan.at);
    }
    const items = [this.#and(field, depth)];
    while (this.#scan.keyword('OR')) {
      this.#scan.skipSpace();
      items.push(this.#and(field, depth));
    }
    return joined('or', items);
  }

  #and(field: string | undefined, depth: number): Query {
    const scan = this.#scan;
    const items = [this.#not(field, depth)];
    for (;;) {
      scan.skipSpace();
      const start = scan.at;
      if (scan.isDone() || scan.peek() === ')') return joined('and', items);
      if (scan.keyword('OR')) {
        scan.at = start;
        return joined('and', items);
      }
      if (scan.keyword('AND')) scan.skipSpace();
      items.push(this.#not(field, depth));
    }
  }

  #not(field: string | undefined, depth: number): Query {
    const scan = this.#scan;
    const start = scan.at;
    if (depth > queryLimits.depth) {
      throw refuse(`More than ${queryLimits.depth} levels of parentheses or NOT.`, start);
    }
    const minus = scan.peek() === '-' && !/^(?:\s|\)|)$/.test(scan.peek(1));
    if (minus) scan.at++;
    if (minus || scan.keyword('NOT')) {
      scan.skipSpace();
      return { type: 'not', item: this.#not(field, depth + 1) };
    }
    if (scan.isDone() || scan.peek() === ')') {
      throw refuse('Something to search for is missing here.', start);
    }
    for (const word of ['AND', 'OR']) {
      if (scan.keyword(word)) {
        throw refuse(
          `${word} needs something on both sides. To search for the word, put it in quotes.`,
          start,
        );
      }
    }
    return scan.peek() === '(' ? this.#group(field, depth) : this.#term(field, depth);
  }

  #group(field: string | undefined, depth: number): Query {
    const scan = this.#scan;
    const start = scan.at++;
    scan.skipSpace();
    if (scan.peek() === ')') throw refuse('There is nothing between these parentheses.', start);
    const query = this.#or(field, depth + 1);
    if (scan.peek() !== ')') throw refuse('The closing ")" is missing for the "(" here.', start);
    scan.at++;
    return query;
  }

  /** A test of a field, or text. Inside `field:( ... )` every word is a value of that field. */
  #term(field: string | undefined, depth: number): Query {
    const scan = this.#scan;
    const start = scan.at;
    if (++this.#terms > queryLimits.terms) {
      throw refuse(`The query has more than ${queryLimits.terms} terms.`, start);
    }
    if (field !== undefined) return { type: 'test', field, test: this.#value(false), at: start };
    if (scan.peek() === '"' || scan.peek() === '/') {
      return { type: 'test', field: undefined, test: this.#value(false), at: start };
    }
    const name = this.#fieldName();
    if (name === undefined) {
      scan.at = start;
      return { type: 'test', field: undefined, test: this.#value(false), at: start };
    }
    return this.#fieldTest(name.field, name.operator, { start, depth });
  }

  /** `field op`, when the word that starts here begins with one; what was read of another word is given back. */
  #fieldName(): { field: string; operator: Operator } | undefined {
    const scan = this.#scan;
    const isOperator = (): boolean => operators.some((operator) => scan.startsWith(operator));
    const chars = scan.raw(isOperator);
    const operator = operators.find((candidate) => scan.startsWith(candidate));
    if (operator === undefined || scan.startsWith('://') || chars.length === 0) return undefined;
    // An escaped character may be anything: it stands for a letter in the test of the name's form.
    if (!fieldName.test(chars.map(({ char, escaped }) => (escaped ? 'x' : char)).join(''))) return undefined;
    if (chars.length > queryLimits.field) {
      throw refuse(`The name of a field is longer than ${queryLimits.field} characters.`, scan.at);
    }
    scan.at += operator.length;
    return { field: textOf(chars), operator };
  }

  #fieldTest(field: string, first: Operator, at: { start: number; depth: number }): Query {
    const scan = this.#scan;
    // `status:>=500` is `status>=500`.
    const second = first === ':' ? operators.find((candidate) => scan.startsWith(candidate)) : undefined;
    const operator = second !== undefined && second !== ':' && second !== '=' ? second : first;
    if (operator !== first) scan.at += operator.length;
    if (scan.isDone() || /[\s)]/.test(scan.peek())) {
      const exists = operator === ':' ? ` Write ${field}:* to ask whether it is there.` : '';
      throw refuse(`A value is missing after "${field}${operator}".${exists}`, scan.at);
    }
    const leaf = (test: Test): Query => ({ type: 'test', field, test, at: at.start });
    if (operator === '!=') return { type: 'not', item: leaf(this.#value(false)) };
    if (operator !== ':' && operator !== '=')
      return leaf({ type: 'compare', op: operator, bound: this.#bound() });
    if (scan.peek() === '(') return this.#group(field, at.depth);
    if (rangeStart.test(scan.text.slice(scan.at, scan.at + 200))) return this.#range(leaf);
    const value = this.#value(true);
    return Array.isArray(value) ? between(value[0], value[1], leaf) : leaf(value);
  }

  /** One value: quoted, a regex, with wildcards, plain; and `400..499` where a range may stand. */
  #value(ranges: false): Test;
  #value(ranges: boolean): Test | [Limit, Limit];
  #value(ranges: boolean): Test | [Limit, Limit] {
    const scan = this.#scan;
    const start = scan.at;
    if (scan.peek() === '"') return { type: 'is', value: scan.quoted() };
    if (scan.peek() === '/') {
      const regex = scan.regex();
      if (regex !== undefined) return { type: 'matches', regex: checkRegex(regex, start + 1) };
    }
    const chars = scan.raw();
    if (chars.length === 0) throw refuse('A value is missing here. Put brackets in quotes.', start);
    const limits = ranges ? dotted(textOf(chars)) : undefined;
    if (limits !== undefined) return limits;
    return wildcard(chars, start);
  }

  #bound(): Bound {
    const scan = this.#scan;
    const start = scan.at;
    const text = scan.peek() === '"' ? scan.quoted() : textOf(scan.raw());
    if (text === '') throw refuse('A number is missing here.', start);
    return { text, quantity: parseQuantity(text) };
  }

  /** `[400 TO 499]` with both ends, `{400 TO 499}` without them; `*` is no limit. */
  #range(leaf: (test: Test) => Query): Query {
    const scan = this.#scan;
    const start = scan.at;
    const [whole, open, low, high, close] =
      /^([[{])\s*([^\s\]}]+)\s+TO\s+([^\s\]}]+)\s*([\]}])/.exec(scan.text.slice(start, start + 300)) ?? [];
    if (whole === undefined || low === undefined || high === undefined) {
      throw refuse('A range is written [400 TO 499], or {400 TO 499} without its ends.', start);
    }
    scan.at += whole.length;
    const from = limit(low, open === '[' ? '=' : '');
    const to = limit(high, close === ']' ? '=' : '');
    if (!from || !to) {
      throw refuse('The ends of a range are numbers, durations, sizes, or * for no limit.', start + 1);
    }
    return between(from, to, leaf);
  }
}

/** An end of a range; without a bound it is open. */
interface Limit {
  readonly bound: Bound | undefined;
  readonly equals: '=' | '';
}

function limit(text: string, equals: '=' | ''): Limit | undefined {
  if (text === '*') return { bound: undefined, equals };
  const quantity = parseQuantity(text);
  return quantity === undefined ? undefined : { bound: { text, quantity }, equals };
}

/** `400..499`, `*..250ms`: only numbers are a range, so that `../file` stays a word. */
function dotted(text: string): [Limit, Limit] | undefined {
  const dots = text.indexOf('..');
  if (dots < 1) return undefined;
  const from = limit(text.slice(0, dots), '=');
  const to = limit(text.slice(dots + 2), '=');
  return from && to && (from.bound ?? to.bound) !== undefined ? [from, to] : undefined;
}

function between(from: Limit, to: Limit, leaf: (test: Test) => Query): Query {
  const items: Query[] = [];
  const compare = (op: CompareOp, bound: Bound): Query => leaf({ type: 'compare', op, bound });
  if (from.bound) items.push(compare(`>${from.equals}`, from.bound));
  if (to.bound) items.push(compare(`<${to.equals}`, to.bound));
  return items.length === 0 ? leaf({ type: 'exists' }) : joined('and', items);
}

function joined(type: 'and' | 'or', items: readonly Query[]): Query {
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { type, items };
}

/** A word: its unescaped stars are wildcards, and a star alone asks whether there is anything at all. */
function wildcard(chars: readonly RawChar[], at: number): Test {
  const parts = [''];
  for (const { char, escaped } of chars) {
    if (char === '*' && !escaped) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { type: 'is', value: only };
  if (parts.every((part) => part === '')) return { type: 'exists' };
  if (parts.length - 1 > queryLimits.stars) {
    throw refuse(`A word has more than ${queryLimits.stars} stars.`, at);
  }
  return { type: 'like', parts };
}
