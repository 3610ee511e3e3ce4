import { Counter, type Registry } from 'prom-client';
import type { DropReason } from '../../src/model/signals.js';

export interface FeedbackMetrics {
  accepted(duplicate: boolean): void;
  refused(reason: DropReason): void;
  /** The feedback was kept without its screenshot, because there was no room. */
  screenshotDropped(): void;
}

export function feedbackMetrics(registry: Registry): FeedbackMetrics {
  const accepted = new Counter({
    name: 'lemni_feedback_accepted_total',
    help: 'Feedback that was stored, or recognized as posted before.',
    labelNames: ['duplicate'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'lemni_feedback_refused_total',
    help: 'Feedback that was not taken, by reason.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const dropped = new Counter({
    name: 'lemni_feedback_screenshots_dropped_total',
    help: 'Screenshots that were left out, because there is no room for more.',
    registers: [registry],
  });
  return {
    accepted: (duplicate) => accepted.inc({ duplicate: String(duplicate) }),
    refused: (reason) => refused.inc({ reason }),
    screenshotDropped: () => dropped.inc(),
  };
}
