import type { DeployRef } from '../src/model/incidents.js';
import type { ServiceCall } from '../src/model/suspects.js';
import type { IncidentView } from './incidents/view.js';

/** Requests of one service, environment, version and operation in a window. */
export interface ErrorRatioRow {
  readonly service: string;
  readonly environment: string;
  /** Empty when the spans carry none. */
  readonly version: string;
  /** The span's name; empty unless `perOperation` was asked for. */
  readonly operation: string;
  /** Server and consumer spans, and roots of any kind. */
  readonly requests: number;
  /** Those with status code Error. */
  readonly errors: number;
}

export interface ErrorRatioQuestion {
  /** ms before `at`. */
  readonly windowMs: number;
  /** Unix milliseconds: the end of the window, exclusive. */
  readonly at: number;
  readonly service?: string;
  readonly environment?: string;
  readonly perOperation: boolean;
}

/** Part of a window: one version's share of what was asked. */
export interface LatencyOfVersion {
  readonly version: string;
  readonly requests: number;
  /** One value for each quantile of the question, ms. */
  readonly quantilesMs: readonly number[];
}

/** How long the requests of one service, environment and operation took in a window. */
export interface LatencyRow {
  readonly service: string;
  readonly environment: string;
  /** The span's name; empty unless `perOperation` was asked for. */
  readonly operation: string;
  /** Server and consumer spans, and roots of any kind. */
  readonly requests: number;
  /** One value for each quantile of the question, ms; by t-digest, so near and not exact. */
  readonly quantilesMs: readonly number[];
  /** Those with most requests first; at most 50. */
  readonly versions: readonly LatencyOfVersion[];
}

export interface LatencyQuestion {
  readonly windowMs: number;
  readonly at: number;
  readonly perOperation: boolean;
  /** From 0 to 1, each once. */
  readonly quantiles: readonly number[];
}

/** Log records of one service, environment and version that a search found in a window; never 0. */
export interface LogCountRow {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly records: number;
}

export interface LogCountQuestion {
  readonly windowMs: number;
  readonly at: number;
  /** In the log query language; each once. */
  readonly searches: readonly string[];
}

/** By the text of the search: what it found, or why it could not be asked. */
export type LogCounts = ReadonlyMap<string, readonly LogCountRow[] | Error>;

export interface CommonLogsQuestion {
  readonly windowMs: number;
  readonly at: number;
  readonly search: string;
}

/** What is logged most often of what a search finds. */
export interface CommonLogRow {
  readonly service: string;
  readonly environment: string;
  /** The newest record of that pattern, cut after 300 characters. */
  readonly body: string;
  readonly records: number;
}

/** How many people spoke of one service, environment and version in a window; each of them once. */
export interface FeedbackCountRow {
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly people: number;
  /** With a rating of 1 to 5. */
  readonly rated: number;
  /** With a rating of 1 or 2. */
  readonly bad: number;
  /** The same two in the time before the window (`beforeMs`). */
  readonly peopleBefore: number;
  readonly badBefore: number;
}

export interface FeedbackCountQuestion {
  readonly windowMs: number;
  readonly at: number;
  /** How long before the window is looked at for what is usual; 0: not at all. */
  readonly beforeMs: number;
}

export const absentSignals = ['logs', 'traces', 'metrics'] as const;
export type AbsentSignal = (typeof absentSignals)[number];

/** When a service was last heard of. */
export interface LastSeenRow {
  readonly service: string;
  readonly environment: string;
  readonly signal: AbsentSignal;
  /** Unix ms, to the minute: the end of the last minute with a signal, or `at` when that lies ahead. */
  readonly lastAt: number;
  /** In how many minutes of the lookback there was a signal; of metrics fewer than there were. */
  readonly minutes: number;
  /** The longest time between two minutes with a signal in the lookback; 0 when there is none, or unknown. */
  readonly longestPauseMs: number;
}

export interface LastSeenQuestion {
  readonly at: number;
  readonly lookbackMs: number;
  readonly signals: readonly AbsentSignal[];
}

/** What rules ask of telemetry: one method a kind, one query for all rules of a window (src/query/rule-data/). */
export interface RuleData {
  errorRatios(question: ErrorRatioQuestion): Promise<readonly ErrorRatioRow[]>;
  latencies(question: LatencyQuestion): Promise<readonly LatencyRow[]>;
  logCounts(question: LogCountQuestion): Promise<LogCounts>;
  /** Of each place the log pattern that a search finds most often in a window. */
  commonLogs(question: CommonLogsQuestion): Promise<readonly CommonLogRow[]>;
  feedbackCounts(question: FeedbackCountQuestion): Promise<readonly FeedbackCountRow[]>;
  lastSeen(question: LastSeenQuestion): Promise<readonly LastSeenRow[]>;
}

/** Who deployed a service last before `at` (Unix ms); null when nobody is known to have. */
export type LastDeploy = (service: string, environment: string, at: number) => Promise<DeployRef | null>;

/** Who called whom shortly before `at` (Unix ms), from traces. Bounded; empty when nothing is known. */
export type Calls = (at: number) => Promise<readonly ServiceCall[]>;

/** What people said about services in a time. */
export interface Said {
  /** Told apart by user, else address, else session, else each for itself. */
  readonly people: number;
  /** Those who gave a rating of 1 or 2. */
  readonly badly: number;
  /** The worst of it, of equals the newest; when the newest was said, Unix ms. */
  readonly feedbackId: string;
  readonly lastAt: number;
}

/** What people said between two times (Unix ms); null: nothing. */
export type FeedbackDuring = (question: {
  readonly services: readonly string[];
  readonly environment: string;
  readonly from: number;
  readonly to: number;
}) => Promise<Said | null>;

/** Tells every browser. Must not throw: an alert does not depend on who is watching. */
export interface Live {
  emit(event: 'incident', incident: IncidentView): void;
}
