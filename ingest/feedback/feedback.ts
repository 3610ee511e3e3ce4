import { BadInput } from '../../src/lib/errors.js';
import { cleanText } from '../../src/lib/text.js';
import type { Feedback } from '../../src/model/feedback.js';
import type { Scrub } from './ports.js';

/** Feedback as it was posted, checked for types and lengths. */
export interface ToldFeedback {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  readonly rating?: number | undefined;
  readonly message?: string | undefined;
  readonly email?: string | undefined;
  readonly page?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly userId?: string | undefined;
  readonly screenshot?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

export interface FeedbackContext {
  readonly id: string;
  /** Unix milliseconds: the time of arrival. */
  readonly now: number;
  readonly userAgent: string;
  readonly scrub: Scrub;
}

const maxAttributes = 50;

/** The feedback that was posted, cleaned and scrubbed; OpenTelemetry's defaults where a dimension is missing. */
export function toFeedback(told: ToldFeedback, context: FeedbackContext): Feedback {
  if (told.rating === undefined && isBlank(told.message) && told.screenshot === undefined) {
    throw new BadInput('bad_request', 'There is nothing in it: give a rating, a message or a screenshot.');
  }
  const { scrub } = context;
  // Scrubbed before it is cut, or half a secret at the end would pass for none.
  const words = (text: string | undefined, max: number): string =>
    cleanText(scrub.scrub(cleanText(text ?? '', 20_000)), max);
  return {
    id: context.id,
    at: context.now,
    service: isBlank(told.service) ? 'unknown_service' : cleanText(told.service ?? '', 200),
    environment: cleanText(told.environment ?? '', 200),
    version: cleanText(told.version ?? '', 200),
    rating: told.rating ?? null,
    message: words(told.message, 10_000),
    email: words(told.email, 320),
    page: words(told.page, 2000),
    sessionId: words(told.sessionId, 200),
    traceId: (told.traceId ?? '').toLowerCase(),
    userId: words(told.userId, 200),
    userAgent: cleanText(context.userAgent, 500),
    screenshotId: '',
    attributes: attributesOf(told.attributes ?? {}, scrub, words),
    receivedAt: context.now,
  };
}

function attributesOf(
  attributes: Readonly<Record<string, string>>,
  scrub: Scrub,
  words: (text: string, max: number) => string,
): Record<string, string> {
  const entries = Object.entries(attributes);
  if (entries.length > maxAttributes) {
    throw new BadInput(
      'bad_request',
      `"attributes" has ${entries.length} entries; at most ${maxAttributes} are kept.`,
      { at: 'attributes' },
    );
  }
  // A null prototype: a key such as __proto__ is a key like any other.
  const kept = Object.create(null) as Record<string, string>;
  for (const [key, value] of entries) {
    kept[cleanText(key, 200)] = scrub.secretKey(key) ? '[scrubbed]' : words(value, 2000);
  }
  return kept;
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}
