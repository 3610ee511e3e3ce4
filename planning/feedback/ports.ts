import type { FeedbackState, FeedbackView } from '../../src/model/feedback.js';

/** Tells the browsers that are watching. */
export interface Live {
  emit(event: 'feedback', payload: FeedbackView): void;
}

/** The people's side of feedback: what has been looked at. */
export interface TriageStates {
  /** The states of these; one that is not there is open. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, FeedbackState>>;
}
