import type { SqlParams } from '../sql.js';
import { parseQuery } from './parse.js';
import { conditionOf } from './to-sql.js';
import type { Target } from './target.js';
import type { Query } from './tree.js';

/** A query that was understood: its tree, and its condition over a table. */
export interface Search {
  readonly query: Query;
  /** Adds the values of the condition to `params` and answers its SQL; undefined: not over this table. */
  condition(target: Target, params: SqlParams): string | undefined;
}

/** Throws `BadInput` with the column of the mistake. */
export function searchOf(text: string | undefined): Search {
  return searchFor(parseQuery(text ?? ''));
}

export function searchFor(query: Query): Search {
  return { query, condition: (target, params) => conditionOf(query, target, params) };
}

/** The condition over a table that has everything (logs, spans). */
export function whereOf(search: Search, target: Target, params: SqlParams): string {
  return search.condition(target, params) ?? '0';
}
