import type { CommonRule, Kind } from './kind.js';
import { errors } from './errors.js';

/** A kind whose own type of rule is known to itself only; load.ts hands each rule to the kind that made it. */
export type AnyKind = Kind<CommonRule & Record<string, unknown>>;

/** Every kind of rule, by the name that `kind:` has in a rule file. */
export const kinds: ReadonlyMap<string, AnyKind> = new Map([errors].map((kind) => [kind.name, erased(kind)]));

function erased<Spec extends CommonRule>(kind: Kind<Spec>): AnyKind {
  // Sound because a rule is asked by the kind whose schema parsed it, and by no other.
  return kind as unknown as AnyKind;
}
