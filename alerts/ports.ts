import type { DeployRef } from '../src/model/incidents.js';
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

/** What rules ask of telemetry: one method a kind, one query for all rules of a window (src/query/). */
export interface RuleData {
  errorRatios(question: ErrorRatioQuestion): Promise<readonly ErrorRatioRow[]>;
}

/** Who deployed a service last before `at` (Unix ms); null when nobody is known to have. */
export type LastDeploy = (service: string, environment: string, at: number) => Promise<DeployRef | null>;

/** Tells every browser. Must not throw: an alert does not depend on who is watching. */
export interface Live {
  emit(event: 'incident', incident: IncidentView): void;
}
