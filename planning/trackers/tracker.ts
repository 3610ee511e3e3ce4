/** Why something could not be done at a tracker. A closed set: it is a metric's label. */
export const trackerReasons = [
  'network',
  'timeout',
  'server_error',
  'rate_limited',
  'unauthorized',
  'not_found',
  'gone',
  'rejected',
  'redirect',
  'refused_address',
  'unexpected',
] as const;
export type TrackerReason = (typeof trackerReasons)[number];

export interface TrackerFailure {
  readonly ok: false;
  readonly reason: TrackerReason;
  /** For a person, without secrets. */
  readonly error: string;
  /** ms that the tracker asked for. */
  readonly retryAfterMs?: number;
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | TrackerFailure;

/** A ticket as the tracker has it. Times are Unix milliseconds. */
export interface RemoteTicket {
  /** `owner/name`, as the tracker writes it. */
  readonly place: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Why it was closed; null while it is open, or when nobody said. */
  readonly reason: 'completed' | 'not_planned' | 'duplicate' | null;
  readonly updatedAt: number;
  /** When it was last closed; undefined while it is open, or when that is not known. */
  readonly closedAt?: number | undefined;
}

export interface NewTicket {
  /** A text in the body by which the ticket is known again. */
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  /**
   * Unix milliseconds of the first attempt when there may have been one: then it is looked for before another
   * is opened.
   */
  readonly soughtSince: number | undefined;
}

export interface NewComment {
  readonly marker: string;
  readonly text: string;
  readonly soughtSince: number | undefined;
}

export interface ChangedTickets {
  readonly tickets: readonly RemoteTicket[];
  /** There is more than one look may read: it got to here, Unix ms. Undefined: that is all. */
  readonly upTo: number | undefined;
  /** The last change of anything at that place, by the tracker's clock, Unix ms. Undefined: there was none. */
  readonly newest: number | undefined;
}

/**
 * Where tickets live. Each call is one attempt; none throws. To add a tracker: a folder with this interface, its
 * settings in config/schema.ts, and an entry in planning.ts.
 */
export interface Tracker {
  readonly name: string;
  readonly place: string;
  parseUrl(url: string): { readonly number: number; readonly url: string } | undefined;
  create(ticket: NewTicket, signal: AbortSignal): Promise<Outcome<RemoteTicket>>;
  read(number: number, signal: AbortSignal): Promise<Outcome<RemoteTicket>>;
  update(
    number: number,
    change: { readonly title?: string; readonly body?: string },
    signal: AbortSignal,
  ): Promise<Outcome<RemoteTicket>>;
  comment(number: number, comment: NewComment, signal: AbortSignal): Promise<Outcome<undefined>>;
  setState(
    number: number,
    state:
      { readonly state: 'open' } | { readonly state: 'closed'; readonly reason: 'completed' | 'not_planned' },
    signal: AbortSignal,
  ): Promise<Outcome<RemoteTicket>>;
  /** Tickets of the place that changed since then, the first changed first. */
  changedSince(at: number, signal: AbortSignal): Promise<Outcome<ChangedTickets>>;
}
