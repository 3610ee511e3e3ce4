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

/** The problems that were opened from feedback. */
export interface GroupProblems {
  /** Problem ids by group id; a group that no problem was opened from is left out. */
  of(groupIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export const noProblems: GroupProblems = { of: () => Promise.resolve(new Map()) };

/** An answer to one or many people. */
export interface AnswerToGive {
  /** At most 4,000 characters. */
  readonly text: string;
  /** Who answers: a person's name, or `Lemni`. */
  readonly actor: string;
  /** Given again under the same key, it is the same answer: for what is repeated after a crash. */
  readonly key?: string | undefined;
}

/** Tells reporters what became of what they said. Resolves to how many were told now (not before). */
export interface Reporters {
  answer(feedbackIds: readonly string[], answer: AnswerToGive): Promise<number>;
  answerGroup(groupId: string, answer: AnswerToGive): Promise<number>;
}
