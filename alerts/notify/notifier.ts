import type { Suspect } from '../../src/http/contract/suspects.js';
import type { Alert } from '../../src/model/alerts.js';
import type { Incident, NotificationEvent } from '../../src/model/incidents.js';
import type { NoticeLinks } from './links.js';

/** Why a message did not arrive. A closed set: it is a metric's label. */
export const failureReasons = [
  'refused_address',
  'network',
  'timeout',
  'redirect',
  'gone',
  'rate_limited',
  'client_error',
  'server_error',
] as const;
export type FailureReason = (typeof failureReasons)[number];

export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** False: no later attempt can succeed. */
      readonly retry: boolean;
      readonly reason: FailureReason;
      /** For a person, without secrets. */
      readonly error: string;
      /** When the receiver asked for a pause, ms. */
      readonly retryAfterMs?: number;
    };

/** What happened, from which a notifier composes its own body. */
export interface NoticeContent {
  readonly event: NotificationEvent;
  /** 1, 2, 3 ... of this incident at this notifier. */
  readonly sequence: number;
  readonly at: number;
  readonly incident: Incident;
  readonly alerts: readonly Alert[];
  /** It was resolved a moment ago and is open again. */
  readonly reopened: boolean;
  /** The most probable one, which may be "no release"; null when nobody was judged in time. */
  readonly suspect: Suspect | null;
  readonly links: NoticeLinks;
}

/** A body on its way, the same at every attempt. */
export interface OutgoingMessage {
  /** Stable: a receiver that got it twice knows by it. */
  readonly id: string;
  readonly payload: string;
  /** An earlier attempt was begun and nobody knows how it ended: this process died in it. */
  readonly mayBeRepeated?: boolean;
}

/**
 * A channel that incidents are told through. To add one: a folder beside webhook/, `compose` pure and `send` by
 * src/lib/outbound/request.ts (which cannot reach private networks), and an entry in create.ts.
 */
export interface Notifier {
  readonly name: string;
  readonly kind: string;
  /** Where it goes, as it may be shown: without what is secret in an address. */
  readonly target: string;
  /** One message at a time, with this pause between them, ms; without it several go at once. */
  readonly paceMs?: number;
  /** Whether the end of an incident is told too. */
  readonly sendResolved: boolean;
  compose(content: NoticeContent): string;
  /** Makes one attempt. Never throws. `now` is Unix ms. */
  send(
    message: OutgoingMessage,
    context: { readonly now: number; readonly signal: AbortSignal },
  ): Promise<Outcome>;
}
