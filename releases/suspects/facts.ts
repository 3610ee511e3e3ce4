import type { ServiceCall } from '../../src/model/suspects.js';

/** What a failure is counted by: `errors` failed requests, `latency` slow ones, `logs` lines of ERROR and above. */
export type FailureSignal = 'errors' | 'latency' | 'logs';

/** One minute of one version of a service. Times are Unix ms. */
export interface VersionMinute {
  readonly minute: number;
  /** Empty when telemetry carries none. */
  readonly version: string;
  /** Requests, or log records. */
  readonly total: number;
  readonly failed: number;
}

/** What telemetry says of one service around the incident. */
export interface ServiceSeries {
  readonly service: string;
  readonly minutes: readonly VersionMinute[];
}

/** A service of the environment, whoever it is: whether it fails too. */
export interface OtherService {
  readonly service: string;
  readonly before: { readonly total: number; readonly failed: number };
  readonly during: { readonly total: number; readonly failed: number };
  /** Whether a release of its own came within the hour before: its failures may have that reason. */
  readonly isReleased: boolean;
}

export interface NewThing {
  readonly kind: 'pattern' | 'error_group';
  readonly fingerprint: string;
  readonly sample: string;
  readonly count: number;
  readonly firstAt: number;
}

/** A release that could have done it. */
export interface Candidate {
  readonly releaseId: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly kind: 'deployed' | 'rolledback' | 'seen';
  readonly status: string;
  readonly actor: string;
  /** When it began to take effect, and when it had. */
  readonly from: number;
  readonly at: number;
  /** Errors and severe patterns that only this version has; undefined: not asked. */
  readonly firstSeen?: readonly NewThing[] | undefined;
  /** Ratings that carry its version since the failure began. */
  readonly ratings?: { readonly rated: number; readonly bad: number } | undefined;
}

/** A change that makes no release: configuration, a flag. */
export interface OtherChange {
  readonly service: string;
  readonly at: number;
  readonly actor: string;
  readonly what: string;
}

/** Everything that suspects are judged by; what could not be read is empty and named in `unread`. */
export interface SuspectFacts {
  readonly now: number;
  /** When it began as the alerts have it. */
  readonly at: number;
  readonly environment: string;
  /** That have an alert; the one it comes from first. */
  readonly failing: readonly string[];
  readonly signal: FailureSignal;
  /** The failing operation, empty when it is the whole service. */
  readonly operation: string;
  readonly calls: readonly ServiceCall[];
  readonly candidates: readonly Candidate[];
  readonly series: readonly ServiceSeries[];
  readonly others: readonly OtherService[];
  readonly changes: readonly OtherChange[];
  readonly unread: readonly string[];
}
