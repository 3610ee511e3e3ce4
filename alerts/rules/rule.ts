import type { Labels } from '../../src/model/alerts.js';
import type { RuleData } from '../ports.js';
import type { Template } from './template/compile.js';

/** What a kind found about one set of labels at the time of evaluation. */
export interface Observation {
  /** e.g. `{service, environment}`; the rule's own labels are added later. */
  readonly labels: Labels;
  readonly value: number;
  /** Whether the rule's condition holds. */
  readonly breached: boolean;
  /** Asked for only when there is an alert to tell of: most observations are well, and words are dear. */
  readonly words: () => Words;
}

export interface Words {
  /** What is wrong, in a few words: `checkout: requests fail`. */
  readonly title: string;
  /** With its numbers: `checkout: 7.2 % of requests fail (312 of 4,330 in 5 min)`. */
  readonly sentence: string;
  /** Beside the bound: `above 5 %`, `not above 5 %`, `too few requests to judge (20 needed)`. */
  readonly verdict: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a rule's value is held against. `1`: a share; `ms`: a duration; `count`: how many. */
export interface Threshold {
  readonly value: number;
  readonly unit: '1' | 'ms' | 'count';
}

/** A rule of a file, ready to be evaluated. Its kind added what only it knows as `spec`. */
export interface Rule<Spec = unknown> {
  /** Stays the same while group, name and labels do: alerts are found again after a reload by it. */
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly spec: Spec;
  /** The condition in words, for a person. */
  readonly expression: string;
  /** For a line on a chart; null when the kind has none. */
  readonly threshold: Threshold | null;
  /** Why an alert ends of which nothing is there any more: `No request in 5 min`. */
  readonly whenGone: string;
  readonly intervalMs: number;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** With `severity`, without `alertname`. */
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, Template>>;
}

/** The answer for one rule: what it saw, or why it could not be asked. */
export type Answer = { readonly observations: readonly Observation[] } | { readonly error: unknown };

/** All rules of a kind are asked at once, so that those with the same question share one query. */
export type Ask<Spec> = (
  rules: readonly Rule<Spec>[],
  context: { readonly data: RuleData; readonly at: number },
) => Promise<ReadonlyMap<string, Answer>>;
