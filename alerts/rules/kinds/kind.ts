import type { z } from 'zod';
import type { commonFields } from '../schema.js';
import type { Ask, Threshold } from '../rule.js';

/** The fields every rule has, after they were checked. */
export type CommonRule = {
  readonly [Field in keyof typeof commonFields]: z.output<(typeof commonFields)[Field]>;
};

/**
 * A kind of rule: what its entry in a rule file looks like, how a person would say it, and how it is asked.
 * To add one: write it in a file beside errors.ts, give RuleData (ports.ts) its question, and list it in
 * registry.ts.
 */
export interface Kind<Spec extends CommonRule> {
  readonly name: string;
  readonly schema: z.ZodType<Spec>;
  /** The names of its fields, for who mistypes one. */
  readonly fields: readonly string[];
  /** The condition in words: `errors / requests of * > 5 % in 5 min`. */
  describe(spec: Spec): string;
  threshold(spec: Spec): Threshold | null;
  /** Why an alert ends of which nothing is there any more: `No request in 5 min`. */
  gone(spec: Spec): string;
  readonly ask: Ask<Spec>;
}
