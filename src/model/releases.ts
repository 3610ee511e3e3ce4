import { createHash } from 'node:crypto';
import type { ChangeStatus, Commit } from './changes.js';

/** A version of a service in an environment. Times are Unix milliseconds. */
export interface Release {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** change: a deploy told of it; telemetry: a signal carried the version. */
  readonly source: 'change' | 'telemetry';
  readonly firstSeenAt: number;
  /** When its last successful deploy took effect. */
  readonly deployedAt: number | null;
  /** First and last minute in which telemetry carried the version. */
  readonly telemetryFirstAt: number | null;
  readonly telemetryLastAt: number | null;
  readonly commit: string;
  readonly url: string;
  readonly actor: string;
  /** Of its last deploy; empty when only telemetry told of it. */
  readonly status: ChangeStatus | '';
  readonly commits: readonly Commit[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly fixes: readonly string[];
  readonly deploys: number;
  readonly previousVersion: string | null;
  readonly current: boolean;
}

/** As much of a release as says when it ran. */
export interface ReleaseMoment {
  readonly id: string;
  readonly version: string;
  /** A deploy told of it, whatever became of the deploy. */
  readonly told: boolean;
  readonly firstSeenAt: number;
  readonly telemetryFirstAt: number | null;
  readonly telemetryLastAt: number | null;
  readonly previousVersion: string | null;
  readonly current: boolean;
}

/** As much of a deploy as says when it took effect. */
export interface DeployMoment {
  readonly releaseId: string;
  readonly status: ChangeStatus;
  readonly at: number;
}

/** A service in an environment: what a release is a version of. */
export interface Place {
  readonly service: string;
  readonly environment: string;
}

/** The same for the same three words, so that two processes which see a version first agree. */
export function releaseId(place: Place, version: string): string {
  const words = JSON.stringify([place.service, place.environment, version]);
  return `rel-${createHash('sha256').update(words).digest('hex').slice(0, 24)}`;
}
