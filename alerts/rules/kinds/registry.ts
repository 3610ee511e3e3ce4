import type { CommonRule, Kind } from './kind.js';
import { absent } from './absent.js';
import { errors } from './errors.js';
import { feedback } from './feedback.js';
import { latency } from './latency.js';
import { logs } from './logs.js';

/** A kind whose own type of rule is known to itself only; load.ts hands each rule to the kind that made it. */
export type AnyKind = Kind<CommonRule & Record<string, unknown>>;

/**
 * Every kind of rule, by the name that `kind:` has in a rule file. PromQL will be one more entry: its schema has
 * `expr`, its `ask` evaluates all expressions at `at`, and each sample of a result is an observation that holds.
 */
export const kinds: ReadonlyMap<string, AnyKind> = new Map(
  [erased(errors), erased(latency), erased(logs), erased(feedback), erased(absent)].map((kind) => [
    kind.name,
    kind,
  ]),
);

function erased<Spec extends CommonRule>(kind: Kind<Spec>): AnyKind {
  // Sound because a rule is asked by the kind whose schema parsed it, and by no other.
  return kind as unknown as AnyKind;
}
