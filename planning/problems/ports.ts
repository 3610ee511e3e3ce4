import type { ProblemItem } from '../../src/http/contract/problems.js';
import type { ProblemTelemetry } from '../../src/query/problems/telemetry.js';

export type { ProblemTelemetry };

/** Tells the browsers that are watching. Must not throw. */
export interface Live {
  emit(event: 'problem', payload: ProblemItem): void;
}

/** Feedbacks that a person put together. */
export interface FeedbackGroups {
  /** Undefined when there is no such group; of its members at most a thousand. */
  find(
    groupId: string,
  ): Promise<{ readonly title: string; readonly feedbackIds: readonly string[] } | undefined>;
}

/** Where tickets are kept; there may be none. */
export interface TrackerPort {
  /** `github`. */
  readonly name: string;
  /** In which place of the tracker tickets are opened: `owner/name`. */
  readonly place: string;
  /** The ticket that an address means, or undefined when it is not one of this place. */
  parseUrl(url: string): { readonly number: number; readonly url: string } | undefined;
  /** Something was put into the outbox. */
  wake(): void;
}
