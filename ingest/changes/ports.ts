import type { Change, Recorded } from '../../src/model/changes.js';

/** What is to be done with a change that has just been told. */
export type Recognition =
  /** To be stored: new, or known and now further (started, then succeeded); it carries what was known. */
  | { readonly kind: 'store'; readonly change: Change }
  /** Said before: nothing is to be stored. */
  | { readonly kind: 'duplicate'; readonly recorded: Recorded };

/** The state side of changes: which deploys are known, and the releases that they make. */
export interface ChangeLedger {
  /** Throws `BadInput` (conflict) when the id already names another deploy. */
  recognize(change: Change): Promise<Recognition>;
  /** Makes it part of the releases; resolves once that is durable. Safe to call again. */
  record(change: Change): Promise<Recorded>;
}

/** Takes changes in: resolves once telemetry and state both have it. */
export interface ChangeIntake {
  take(change: Change): Promise<Recorded>;
}
