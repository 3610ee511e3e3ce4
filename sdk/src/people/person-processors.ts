import { propagation, trace, type Context, type Span } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Person, Shared } from '../shared.js';

export const userAttribute = 'user.id';
export const sessionAttribute = 'session.id';

/**
 * Puts `user.id` and `session.id` (OpenTelemetry semantic conventions) on every span of a request: from the W3C
 * baggage that it brought, or from `setUser` and `setSession`. Baggage is read and never written: an id must not
 * travel to other companies' services by itself.
 */
export function personSpans(people: Shared['people']): SpanProcessor {
  return {
    onStart(span, parentContext) {
      const parent = trace.getSpan(parentContext);
      const person = (parent && people.get(parent)) ?? fromBaggage(parentContext, span);
      people.set(span, person);
      mark(span, person);
    },
    onEnd: () => undefined,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** The same on every log record. */
export function personLogs(people: Shared['people']): LogRecordProcessor {
  return {
    onEmit(record: ReadWriteLogRecord, context?: Context) {
      const span = context && trace.getSpan(context);
      const person = span && people.get(span);
      if (person?.user !== undefined) record.setAttribute(userAttribute, person.user);
      if (person?.session !== undefined) record.setAttribute(sessionAttribute, person.session);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

export function mark(span: Span, person: Person): void {
  if (person.user !== undefined) span.setAttribute(userAttribute, person.user);
  if (person.session !== undefined) span.setAttribute(sessionAttribute, person.session);
}

function fromBaggage(context: Context, root: Span): Person {
  const baggage = propagation.getBaggage(context);
  return {
    root,
    user: baggage?.getEntry(userAttribute)?.value ?? baggage?.getEntry('enduser.id')?.value,
    session: baggage?.getEntry(sessionAttribute)?.value,
  };
}
