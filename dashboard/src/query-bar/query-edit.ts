import { queryTokens, type Token } from './query-tokens.js';

export type FilterMode = 'include' | 'exclude';

const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_./-]*$/u;

/** A value as it is written in a query: in quotes unless it is plainly a word. */
export function quoted(value: string): string {
  if (plain.test(value) && !value.includes('..') && !/^(AND|OR|NOT|TO)$/i.test(value)) return value;
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** A field as it is written in a query: what a name may not hold is escaped. */
export function escapedField(field: string): string {
  return field.replace(/^[^\p{L}_@$]|[^\p{L}\p{N}_.\-@$/]/gu, '\\$&');
}

interface Clause {
  readonly mode: FilterMode;
  readonly field: string;
  /** As it is meant: without quotes. */
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** The clauses `field:value` that stand by themselves, outside of parentheses. */
function topClauses(query: string, tokens: readonly Token[]): Clause[] {
  const clauses: Clause[] = [];
  let depth = 0;
  tokens.forEach((token, i) => {
    const text = query.slice(token.from, token.to);
    if (token.kind === 'paren') depth += '([{'.includes(text) ? 1 : -1;
    if (token.kind !== 'field' || depth !== 0) return;
    const [op, value] = [tokens[i + 1], tokens[i + 2]];
    if (!op || !value || op.from !== token.to || value.from !== op.to) return;
    if (query.slice(op.from, op.to) !== ':' || (value.kind !== 'value' && value.kind !== 'string')) return;
    const raw = query.slice(value.from, value.to);
    // A star stands for anything: such a clause is no filter by one value.
    if (value.kind === 'value' && /(?<!\\)\*/.test(raw)) return;
    const before = tokens[i - 1];
    const negated = before?.kind === 'negate' && before.to === token.from;
    clauses.push({
      mode: negated ? 'exclude' : 'include',
      field: text.replace(/\\(.)/gu, '$1'),
      value:
        value.kind === 'string' ? raw.slice(1, -1).replace(/\\(["\\])/g, '$1') : raw.replace(/\\(.)/gu, '$1'),
      from: negated ? before.from : token.from,
      to: value.to,
    });
  });
  return clauses;
}

/** Whether the query narrows to this value, leaves it out, or neither. */
export function filterMode(query: string, field: string, value: string): FilterMode | null {
  const clause = topClauses(query, queryTokens(query)).find(
    (one) => one.field === field && one.value === value,
  );
  return clause?.mode ?? null;
}

export function withoutFilter(query: string, field: string, value: string): string {
  const clause = topClauses(query, queryTokens(query)).find(
    (one) => one.field === field && one.value === value,
  );
  if (!clause) return query;
  return tidy(query.slice(0, clause.from), query.slice(clause.to));
}

/**
 * The query narrowed to the value, or without it. Narrowing replaces another value of the same field, since
 * both at once would find nothing; a query of alternatives is put in parentheses first.
 */
export function withFilter(query: string, field: string, value: string, mode: FilterMode): string {
  if (filterMode(query, field, value) === mode) return query;
  let rest = withoutFilter(query, field, value);
  if (mode === 'include') {
    const other = topClauses(rest, queryTokens(rest)).find(
      (one) => one.field === field && one.mode === 'include',
    );
    if (other && !hasAlternatives(rest)) rest = tidy(rest.slice(0, other.from), rest.slice(other.to));
  }
  if (hasAlternatives(rest)) rest = `(${rest.trim()})`;
  return `${rest.trim()} ${mode === 'exclude' ? '-' : ''}${escapedField(field)}:${quoted(value)}`.trim();
}

/** The filter on when it is off, off when it is on. */
export function toggledFilter(query: string, field: string, value: string, mode: FilterMode): string {
  return filterMode(query, field, value) === mode
    ? withoutFilter(query, field, value)
    : withFilter(query, field, value, mode);
}

function hasAlternatives(query: string): boolean {
  let depth = 0;
  return queryTokens(query).some((token) => {
    const text = query.slice(token.from, token.to);
    if (token.kind === 'paren') depth += '([{'.includes(text) ? 1 : -1;
    return depth === 0 && token.kind === 'keyword' && text === 'OR';
  });
}

/** Joins what stood around a clause; a keyword that has lost its other side goes with it. */
function tidy(before: string, after: string): string {
  const left = before.replace(/\b(AND|OR|NOT)\s*$/, '').trim();
  const right = left === '' ? after.trim().replace(/^(AND|OR)\b\s*/, '') : after.trim();
  return `${left} ${right}`.trim();
}
