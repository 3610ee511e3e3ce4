import type { Suspect } from '../http/contract/suspects.js';
import type { Alert } from './alerts.js';

/** What is to be explained: alerts that fire together. Times are Unix milliseconds. */
export interface SuspectSubject {
  readonly incidentId: string;
  /** When it began: the first `activeAt` of its alerts. */
  readonly at: number;
  /** Now, for what is known by now. */
  readonly now: number;
  readonly environment: string;
  readonly services: readonly string[];
  readonly alerts: readonly Alert[];
}

/** Suspects, most probable first, always with "no release"; never throws and takes at most a few seconds. */
export type JudgeSuspects = (subject: SuspectSubject) => Promise<readonly Suspect[]>;

/** Who called whom in a time, from traces. */
export interface ServiceCall {
  readonly caller: string;
  readonly callee: string;
  readonly environment: string;
  readonly calls: number;
  readonly errors: number;
}
