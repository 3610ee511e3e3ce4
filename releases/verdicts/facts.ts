import type { FirstSeenRow } from '../../src/query/releases/first-seen.js';
import type { SideCounts } from '../../src/query/releases/side.js';

/** One side of a comparison: what was counted of a version in a stretch of time. Times are Unix ms. */
export interface SideFacts {
  readonly version: string;
  readonly releaseId: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  /** For how long it could take requests in that time, ms: the deploy does not wait for a full minute. */
  readonly exposureMs: number;
  /** `time`: telemetry carries no version, and the moment of the deploy parts the sides. */
  readonly matchedBy: 'version' | 'time';
  readonly counts: SideCounts;
}

/** previous: what ran before; alongside: another version that ran in the same time; chosen: as was asked. */
export type Basis = 'previous' | 'alongside' | 'chosen' | 'none';

/** Everything that two sides are compared by. */
export interface ComparisonFacts {
  readonly service: string;
  readonly basis: Basis;
  /** What was compared and why, as a sentence. */
  readonly basisText: string;
  readonly before: SideFacts | null;
  readonly after: SideFacts;
  /** Another version took requests in the same time: how many it took says nothing. */
  readonly isShared: boolean;
  readonly firstSeen: readonly FirstSeenRow[];
  /** Of the sides' points, ms. */
  readonly stepMs: number;
}

/** Everything that a verdict follows from, besides the time at which it is decided. */
export interface VerdictFacts extends ComparisonFacts {
  readonly version: string;
  readonly minRequests: number;
  readonly bakeMs: number;
  /** When the judged run began, Unix ms. */
  readonly startMs: number;
  /** baking: its time is not over, and nothing but clear harm may be said. */
  readonly stage: 'baking' | 'baked' | 'replaced';
  /** By what it was replaced before its bake time was over, and when. */
  readonly replaced: { readonly version: string; readonly at: number } | null;
}
