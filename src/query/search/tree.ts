/** What a query asks for: see docs/query-language.md. Columns (`at`) are 0-based UTF-16 positions in its text. */
export type Query =
  | { readonly type: 'all' }
  | { readonly type: 'and' | 'or'; readonly items: readonly Query[] }
  | { readonly type: 'not'; readonly item: Query }
  /** Words anywhere in the text of a record (`field` undefined), or a test of one field. */
  | { readonly type: 'test'; readonly field: string | undefined; readonly test: Test; readonly at: number };

export type Test =
  | { readonly type: 'is'; readonly value: string }
  /** The texts between the stars: `a*b` is `['a', 'b']`, `*.css` is `['', '.css']`. */
  | { readonly type: 'like'; readonly parts: readonly string[] }
  /** RE2, found anywhere in the value. */
  | { readonly type: 'matches'; readonly regex: string }
  | { readonly type: 'exists' }
  | { readonly type: 'compare'; readonly op: CompareOp; readonly bound: Bound };

export type CompareOp = '>' | '>=' | '<' | '<=';

export interface Bound {
  readonly text: string;
  /** Undefined: not a number (`level>=warn`). */
  readonly quantity: Quantity | undefined;
}

/** Nanoseconds, bytes, or a number without a unit. */
export interface Quantity {
  readonly unit: 'none' | 'duration' | 'bytes';
  readonly value: number;
}

/** Bounds of one query: each term costs a condition on every row that is read. */
export const queryLimits = {
  length: 10_000,
  terms: 100,
  depth: 32,
  field: 200,
  regex: 500,
  stars: 20,
} as const;
