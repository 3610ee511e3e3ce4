import {
  feedbackView,
  untouched,
  type Feedback,
  type FeedbackAnswerView,
  type FeedbackCare,
  type FeedbackView,
} from '../../src/model/feedback.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { triageStates } from '../../src/store/state/feedback.js';
import { answersTo, type FeedbackAnswerRecord } from '../../src/store/state/feedback-answers.js';
import { groupsOf } from '../../src/store/state/feedback-groups.js';

/** What the team did with these, at most a thousand, in their order. */
export async function viewsOf(
  state: StateDatabase,
  feedbacks: readonly Feedback[],
): Promise<readonly FeedbackView[]> {
  const ids = feedbacks.map(({ id }) => id);
  const [states, groups, answers] = await Promise.all([
    triageStates(state, ids),
    groupsOf(state, ids),
    answersTo(state, ids),
  ]);
  return feedbacks.map((feedback) => {
    const care: FeedbackCare = {
      state: states.get(feedback.id) ?? untouched.state,
      groupId: groups.get(feedback.id) ?? null,
      answers: (answers.get(feedback.id) ?? []).map(answerView),
    };
    return feedbackView(feedback, care);
  });
}

export function answerView({ id, at, actor, text }: FeedbackAnswerRecord): FeedbackAnswerView {
  return { id, at: new Date(at).toISOString(), actor, text };
}
