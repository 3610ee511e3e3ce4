import { feedbackView, untouched, type Feedback } from '../../src/model/feedback.js';
import type { TelemetrySink } from '../sink.js';
import { encodeFeedback } from './encode.js';
import type { FeedbackMetrics } from './metrics.js';
import type { FeedbackInbox, Live, Screenshot } from './ports.js';

export interface FeedbackIntakeDeps {
  readonly sink: TelemetrySink;
  readonly inbox: FeedbackInbox;
  readonly live: Live;
  readonly metrics: FeedbackMetrics;
}

export interface FeedbackIntake {
  /** True when it was stored, false when its id was taken before; resolves once both stores have it. */
  take(feedback: Feedback, screenshot: Screenshot | undefined): Promise<boolean>;
}

/**
 * Screenshot, row, inbox, in this order: the inbox decides what is a repetition, so a crash before it leaves
 * something that the sender's retry completes, and never a row that points at nothing.
 */
export function createFeedbackIntake(deps: FeedbackIntakeDeps): FeedbackIntake {
  return {
    async take(feedback, screenshot) {
      if (await deps.inbox.has(feedback.id)) {
        deps.metrics.accepted(true);
        return false;
      }
      const kept = await withScreenshot(feedback, screenshot, deps);
      await deps.sink.store([encodeFeedback(kept)]);
      await deps.inbox.open(kept.id, kept.at);
      deps.metrics.accepted(false);
      deps.live.emit('feedback', feedbackView(kept, untouched));
      return true;
    },
  };
}

async function withScreenshot(
  feedback: Feedback,
  screenshot: Screenshot | undefined,
  deps: FeedbackIntakeDeps,
): Promise<Feedback> {
  if (!screenshot) return feedback;
  if (await deps.inbox.attach(feedback.id, screenshot, feedback.at)) {
    return { ...feedback, screenshotId: feedback.id };
  }
  deps.metrics.screenshotDropped();
  // What the person wrote is worth more than the picture.
  const attributes = { ...feedback.attributes, 'lemni.screenshot_dropped': 'no room for more screenshots' };
  return { ...feedback, attributes };
}
