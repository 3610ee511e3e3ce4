import type { Impact as ImpactView, SignaturePart } from '../http/contract/problems.js';

export type { SignaturePart } from '../http/contract/problems.js';

export type ProblemState = 'open' | 'planned' | 'fixed' | 'verified' | 'regressed' | 'dismissed';

/** States in which a problem still costs somebody something, or may. */
export const activeStates = ['open', 'planned', 'fixed', 'regressed'] as const satisfies ProblemState[];

export type ProblemEventKind =
  | 'opened'
  | 'evidence_added'
  | 'planned'
  | 'ticket'
  | 'fixed'
  | 'verified'
  | 'regressed'
  | 'inconclusive'
  | 'comment'
  | 'state';

/** As in the contract, with times as Unix milliseconds. */
export type Impact = Omit<ImpactView, 'from' | 'to'> & { readonly from: number | null; readonly to: number };

/** Something worth planning. Times are Unix milliseconds. */
export interface Problem {
  readonly id: string;
  /** Counted from 1, for people: `P-3`. */
  readonly number: number;
  readonly title: string;
  readonly state: ProblemState;
  readonly services: readonly string[];
  /** Empty: any. */
  readonly environment: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** When its first sign was seen. */
  readonly since: number;
  readonly signature: readonly SignaturePart[];
  readonly impact: Impact;
  /** Its ticket was closed as done by then: the next release of its services counts as its fix. */
  readonly awaitsReleaseSince: number | null;
}

export interface ProblemEvent {
  readonly id: string;
  readonly problemId: string;
  readonly at: number;
  readonly kind: ProblemEventKind;
  readonly text: string;
  /** Who did it; null: Lemni itself. */
  readonly actor: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export type VerificationState = 'watching' | 'verified' | 'regressed' | 'inconclusive';

/** How often a part was seen before a release, and in how many of what. */
export interface PartShare {
  /** Its position in the signature. */
  readonly part: number;
  readonly of: 'requests' | 'records';
  readonly hits: number;
  readonly total: number;
}

/** Whether a release fixed a problem. Times are Unix milliseconds. */
export interface Verification {
  readonly id: string;
  readonly problemId: string;
  /** What told of the release: one watch for each. */
  readonly changeId: string;
  readonly releaseId: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly state: VerificationState;
  readonly startedAt: number;
  readonly watchUntil: number;
  /** Beyond this nobody looks any more whether there is enough traffic. */
  readonly giveUpAt: number;
  readonly decidedAt: number | null;
  /** How it was before the release, by part of the signature. */
  readonly before: readonly PartShare[];
  readonly sentence: string;
  readonly evidence: readonly string[];
}

export type TicketState = 'creating' | 'open' | 'closed' | 'failed';

/** An issue in a tracker that stands for a problem. */
export interface Ticket {
  readonly problemId: string;
  readonly tracker: string;
  /** In which place of the tracker: for GitHub `owner/name`. */
  readonly place: string;
  /** The tracker's own number; null while it is being created. */
  readonly number: number | null;
  readonly url: string;
  readonly state: TicketState;
  readonly syncedAt: number | null;
  readonly error: string | null;
  /** What it was last given, so that what people wrote is told from what Lemni did: see trackers/content.ts. */
  readonly content: string;
  /** When the tracker last changed it, as the tracker says: older news is no news. */
  readonly remoteAt: number;
}

/** One thing to do at the tracker. */
export type TicketWork = 'create' | 'update' | 'comment' | 'close' | 'reopen';

export interface TicketOp {
  readonly id: string;
  readonly problemId: string;
  /** 1, 2, 3 ... of one problem: they are done in this order. */
  readonly sequence: number;
  readonly work: TicketWork;
  readonly text: string;
  readonly status: 'pending' | 'done' | 'failed';
  /** Counted before the attempt is made, so that a crash in the middle of it is known. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  readonly lastError: string | null;
}

/** `P-3`. */
export function problemName({ number }: Pick<Problem, 'number'>): string {
  return `P-${number}`;
}
