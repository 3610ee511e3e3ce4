/** Times are Unix milliseconds. */
export interface FeedbackTables {
  readonly feedback_groups: FeedbackGroupsTable;
  readonly feedback_group_members: FeedbackGroupMembersTable;
  readonly feedback_answers: FeedbackAnswersTable;
}

/** Feedbacks that say the same thing, put together by a person. */
export interface FeedbackGroupsTable {
  readonly id: string;
  title: string;
  /** open or closed. */
  state: string;
  readonly created_at: number;
  readonly created_by: string;
}

/** A feedback is in one group at the most. */
export interface FeedbackGroupMembersTable {
  readonly feedback_id: string;
  group_id: string;
  readonly feedback_at: number;
  /** Kept here too, so that a list of groups needs no telemetry; null when none was given. */
  readonly rating: number | null;
}

/** What the team wrote back. */
export interface FeedbackAnswersTable {
  readonly id: string;
  readonly feedback_id: string;
  readonly feedback_at: number;
  readonly at: number;
  readonly actor: string;
  readonly text: string;
  /** Unique: an answer that is given again under its key is the same answer. */
  readonly key: string;
}
