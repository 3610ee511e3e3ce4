/** What a piece of a query is, for colouring and completion. The server's parser alone decides what it means. */
export type TokenKind = 'field' | 'operator' | 'value' | 'text' | 'string' | 'keyword' | 'negate' | 'paren';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
}

const keywords = new Set(['AND', 'OR', 'NOT', 'TO']);
const operator = /^(?::|!=|>=|<=|=|>|<)/;
const space = /\s/;

/** Cuts a query into pieces, without ever failing: half-typed queries are the usual case. */
export function queryTokens(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  /** Whether the last token was an operator right here: what follows is its value. */
  let afterOperator = false;
  const push = (kind: TokenKind, to: number): void => {
    tokens.push({ kind, from: at, to });
    at = to;
  };
  while (at < query.length) {
    const char = query.charAt(at);
    if (space.test(char)) {
      at += 1;
      afterOperator = false;
    } else if ('()[]{}'.includes(char)) {
      push('paren', at + 1);
      afterOperator = false;
    } else if (char === '"') {
      push('string', endOfString(query, at));
      afterOperator = false;
    } else if (char === '-' && !afterOperator && startsClause(query, at)) {
      push('negate', at + 1);
    } else {
      const op = afterOperator ? null : operator.exec(query.slice(at));
      if (op) {
        push('operator', at + op[0].length);
        afterOperator = true;
      } else {
        const to = endOfWord(query, at, afterOperator);
        const kind = afterOperator ? 'value' : kindOfWord(query, at, to);
        push(kind, to);
        afterOperator = false;
      }
    }
  }
  return tokens;
}

/** A minus negates where a clause may begin; inside a word it is part of it. */
function startsClause(query: string, at: number): boolean {
  const before = query.charAt(at - 1);
  const after = query.charAt(at + 1);
  return (at === 0 || space.test(before) || before === '(') && after !== '' && !space.test(after);
}

function endOfString(query: string, from: number): number {
  for (let i = from + 1; i < query.length; i++) {
    if (query.charAt(i) === '\\') i += 1;
    else if (query.charAt(i) === '"') return i + 1;
  }
  return query.length;
}

function endOfWord(query: string, from: number, isValue: boolean): number {
  let to = query.charAt(from) === '\\' ? from + 2 : from + 1;
  while (to < query.length) {
    const char = query.charAt(to);
    if (char === '\\') to += 1;
    else if (space.test(char) || '()[]{}"'.includes(char)) break;
    // A value may hold colons (times, URLs); a field ends at its operator.
    else if (!isValue && operator.test(query.slice(to))) break;
    to += 1;
  }
  return Math.min(to, query.length);
}

function kindOfWord(query: string, from: number, to: number): TokenKind {
  if (keywords.has(query.slice(from, to))) return 'keyword';
  return operator.test(query.slice(to)) ? 'field' : 'text';
}

/** What is being written at the cursor, and which part of the query a completion replaces. */
export type CompletionSpot =
  | { readonly kind: 'field'; readonly prefix: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'value';
      readonly field: string;
      readonly prefix: string;
      readonly from: number;
      readonly to: number;
    };

export function completionSpot(query: string, cursor: number): CompletionSpot | null {
  const tokens = queryTokens(query);
  const index = tokens.findIndex((token) => token.from < cursor && cursor <= token.to);
  const token = tokens[index];
  if (!token) return { kind: 'field', prefix: '', from: cursor, to: cursor };
  const text = query.slice(token.from, cursor);
  // A minus that negates nothing yet.
  if (text === '-') return { kind: 'field', prefix: '', from: cursor, to: cursor };
  switch (token.kind) {
    case 'text':
    case 'field':
    case 'keyword':
      return { kind: 'field', prefix: text, from: token.from, to: token.to };
    case 'operator': {
      const field = fieldBefore(query, tokens, index);
      return field ? { kind: 'value', field, prefix: '', from: token.to, to: token.to } : null;
    }
    case 'value':
    case 'string': {
      const field = tokens[index - 1]?.kind === 'operator' ? fieldBefore(query, tokens, index - 1) : null;
      if (!field) return null;
      const prefix = token.kind === 'string' ? unquoted(text) : text;
      return { kind: 'value', field, prefix, from: token.from, to: token.to };
    }
    case 'negate':
    case 'paren':
      return { kind: 'field', prefix: '', from: cursor, to: cursor };
  }
}

function fieldBefore(query: string, tokens: readonly Token[], operatorIndex: number): string | null {
  const field = tokens[operatorIndex - 1];
  return field?.kind === 'field' ? query.slice(field.from, field.to) : null;
}

function unquoted(text: string): string {
  return text
    .replace(/^"/, '')
    .replace(/(?<!\\)"$/, '')
    .replace(/\\(.)/g, '$1');
}
