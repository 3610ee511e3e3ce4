/** Times are Unix milliseconds; JSON is text; booleans are 0 and 1. */
export interface ReleaseTables {
  readonly releases: ReleasesTable;
  readonly deploys: DeploysTable;
  readonly feedback_triage: FeedbackTriageTable;
}

/** A version of a service in an environment. */
export interface ReleasesTable {
  /** A hash of service, environment and version: two processes that see it first agree. */
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** change or telemetry. */
  source: string;
  first_seen_at: number;
  /** When the last successful deploy of it took effect; null when none was told. */
  deployed_at: number | null;
  /** deployed_at, else first_seen_at: what lists are sorted by. */
  happened_at: number;
  /** First and last minute in which telemetry carried the version. */
  telemetry_first_at: number | null;
  telemetry_last_at: number | null;
  commit_sha: string;
  url: string;
  actor: string;
  /** Of its last deploy; empty when telemetry alone told of it. */
  status: string;
  commits: string;
  attributes: string;
  fixes: string;
  deploy_count: number;
  /** What ran before it here: see releases/timeline.ts. */
  previous_version: string | null;
  is_current: number;
}

export interface DeploysTable {
  readonly change_id: string;
  readonly release_id: string;
  readonly type: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  status: string;
  /** When it took effect, and when it began to (started_at, else at). */
  at: number;
  effective_from: number;
  commit_sha: string;
  url: string;
  actor: string;
  source: string;
  started_at: number | null;
  finished_at: number | null;
  commits: string;
  attributes: string;
  fixes: string;
  received_at: number;
  /** See ingest/changes/change.ts; empty when the sender gave an id. */
  readonly fingerprint: string;
}

/** One row for each feedback from the moment it was taken: also what makes a second post of an id harmless. */
export interface FeedbackTriageTable {
  readonly feedback_id: string;
  readonly feedback_at: number;
  state: string;
  changed_at: number;
  changed_by: string;
}
