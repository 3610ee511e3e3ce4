import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import { ownIdentity } from './own-identity.js';
import { postToLemni } from './post.js';
import { lemniPlace, type LemniPlace } from './settings.js';
import { shared } from './shared.js';

/** What a person said. A rating, a message or both. */
export interface Feedback {
  /** Known again by it: letters, digits, dots, colons, - and _, 8 to 64 of them. */
  readonly id?: string;
  /** 1 (bad) to 5 (good). */
  readonly rating?: 1 | 2 | 3 | 4 | 5;
  readonly message?: string;
  readonly email?: string;
  readonly page?: string;
  /** These are those of the request at hand, and of the app itself, when they are not given. */
  readonly userId?: string;
  readonly sessionId?: string;
  readonly traceId?: string;
  readonly service?: string;
  readonly version?: string;
  readonly environment?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface FeedbackAccepted {
  readonly id: string;
}

/** Passes on what a person said; resolves when it is stored. Tried again when Lemni does not answer. */
export async function feedback(
  said: Feedback,
  place: LemniPlace = lemniPlace(process.env),
): Promise<FeedbackAccepted> {
  const own = ownIdentity();
  const span = trace.getActiveSpan();
  const person = span && shared()?.people.get(span);
  const same = said.service === undefined || said.service === own.service;
  return postToLemni<FeedbackAccepted>(place, '/api/feedback', {
    service: own.service,
    environment: own.environment,
    ...(same ? { version: own.version } : {}),
    userId: person?.user,
    sessionId: person?.session,
    traceId: span?.spanContext().traceId,
    ...said,
    id: said.id ?? randomUUID(),
  });
}
