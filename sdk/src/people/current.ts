import { SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import { shared, type Person } from '../shared.js';

/** Says who the request at hand is for: `user.id` on all its spans and logs from now on. */
export function setUser(id: string): void {
  know({ user: id });
}

/** Says to which session the request at hand belongs: `session.id` on all its spans and logs from now on. */
export function setSession(id: string): void {
  know({ session: id });
}

/**
 * Records an error that the app caught and went on from, on the span at hand. With `failed`, the span's work counts
 * as failed too. Errors that a request ends with are recorded without this.
 */
export function recordException(
  error: unknown,
  options: { failed?: boolean; attributes?: Attributes } = {},
): void {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  const thrown = error instanceof Error ? error : String(error);
  span.recordException(thrown);
  if (options.attributes) span.setAttributes(options.attributes);
  if (options.failed === true) {
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Sends what waits. Never rejects. */
export async function flush(): Promise<void> {
  await shared()?.flush();
}

function know(known: Partial<Pick<Person, 'user' | 'session'>>): void {
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  const person = shared()?.people.get(span);
  if (person) Object.assign(person, known);
  for (const each of new Set([span, person?.root ?? span])) {
    if (known.user !== undefined) each.setAttribute('user.id', known.user);
    if (known.session !== undefined) each.setAttribute('session.id', known.session);
  }
}
