/** What a person said, with the page, session, trace and version they were in. Times are Unix milliseconds. */
export interface Feedback {
  readonly id: string;
  readonly at: number;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  /** 1 (bad) to 5 (good). */
  readonly rating: number | null;
  /** Empty when none was given, as are the words below. */
  readonly message: string;
  readonly email: string;
  readonly page: string;
  readonly sessionId: string;
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  readonly userId: string;
  readonly userAgent: string;
  /** Of the attachment in the state store. */
  readonly screenshotId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly receivedAt: number;
}

export type FeedbackState = 'open' | 'closed';

/** As the API answers it. */
export interface FeedbackView {
  id: string;
  at: string;
  service: string;
  environment: string;
  version: string;
  rating: number | null;
  message: string;
  email: string;
  page: string;
  sessionId: string;
  traceId: string;
  userId: string;
  userAgent: string;
  screenshotUrl: string | null;
  attributes: Record<string, string>;
  state: FeedbackState;
  /** The group that somebody put it into. */
  groupId: string | null;
  answers: FeedbackAnswerView[];
}

/** What somebody of the team wrote back. */
export interface FeedbackAnswerView {
  id: string;
  at: string;
  actor: string;
  text: string;
}

/** What the team did with it. */
export interface FeedbackCare {
  readonly state: FeedbackState;
  readonly groupId: string | null;
  readonly answers: readonly FeedbackAnswerView[];
}

/** Before anybody has looked at it. */
export const untouched: FeedbackCare = { state: 'open', groupId: null, answers: [] };

export function feedbackView(feedback: Feedback, care: FeedbackCare): FeedbackView {
  const { receivedAt: _receivedAt, screenshotId, at, attributes, ...words } = feedback;
  return {
    ...words,
    at: new Date(at).toISOString(),
    attributes: { ...attributes },
    screenshotUrl: screenshotId === '' ? null : `/api/feedback/${encodeURIComponent(words.id)}/screenshot`,
    state: care.state,
    groupId: care.groupId,
    answers: [...care.answers],
  };
}
