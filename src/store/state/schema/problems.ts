/** Times are Unix milliseconds; JSON is text; booleans are 0 and 1. */
export interface ProblemTables {
  readonly problems: ProblemsTable;
  readonly problem_sources: ProblemSourcesTable;
  readonly problem_signature: ProblemSignatureTable;
  readonly problem_events: ProblemEventsTable;
  readonly problem_verifications: ProblemVerificationsTable;
  readonly tickets: TicketsTable;
  readonly ticket_outbox: TicketOutboxTable;
}

export interface ProblemsTable {
  readonly id: string;
  /** Unique. */
  readonly number: number;
  title: string;
  state: string;
  services: string;
  readonly environment: string;
  readonly created_at: number;
  readonly created_by: string;
  since: number;
  /** Of the impact, for ranking. */
  score: number;
  impact: string;
  awaits_release_since: number | null;
}

/** What a problem was opened from: the same source has one problem. */
export interface ProblemSourcesTable {
  readonly source: string;
  readonly problem_id: string;
}

export interface ProblemSignatureTable {
  readonly problem_id: string;
  readonly position: number;
  /** What makes two parts the same one. */
  readonly key: string;
  readonly part: string;
}

export interface ProblemEventsTable {
  readonly id: string;
  readonly problem_id: string;
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly actor: string | null;
  readonly data: string;
}

export interface ProblemVerificationsTable {
  readonly id: string;
  readonly problem_id: string;
  readonly change_id: string;
  readonly release_id: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  state: string;
  readonly started_at: number;
  watch_until: number;
  give_up_at: number;
  decided_at: number | null;
  before: string;
  sentence: string;
  evidence: string;
}

export interface TicketsTable {
  readonly problem_id: string;
  readonly tracker: string;
  place: string;
  number: number | null;
  url: string;
  state: string;
  synced_at: number | null;
  error: string | null;
  content: string;
  remote_at: number;
}

/** What is still to be said to the tracker. */
export interface TicketOutboxTable {
  readonly id: string;
  readonly problem_id: string;
  readonly sequence: number;
  readonly work: string;
  text: string;
  status: string;
  attempts: number;
  readonly created_at: number;
  next_attempt_at: number;
  last_error: string | null;
}
