/**
 * The three families of errors. A protocol's folder translates them into its own form; `code` is stable
 * and may be matched by programs, `message` speaks to a person: what was wrong, where, what to do.
 */
export abstract class LemniError extends Error {
  abstract readonly code: string;
}

export type BadInputCode =
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited';

/** The sender must change something: the same request will always be refused (4xx, permanent). */
export class BadInput extends LemniError {
  readonly code: BadInputCode;
  /** Where in the input the mistake is, when it is known (a JSON path, a byte offset, a column). */
  readonly at: string | undefined;
  /** For `rate_limited`: seconds after which a new attempt makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: BadInputCode,
    message: string,
    options: { at?: string; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'BadInput';
    this.code = code;
    this.at = options.at;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export type UnavailableCode =
  'queue_full' | 'disk_full' | 'store_unavailable' | 'stopping' | 'limit_exceeded';

/** Lemni cannot do it now; the same request may succeed later (429/503 with Retry-After). */
export class Unavailable extends LemniError {
  readonly code: UnavailableCode;
  readonly retryAfterSeconds: number;

  constructor(
    code: UnavailableCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Unavailable';
    this.code = code;
    // Small on purpose: an OTLP exporter's whole retry budget is 10 s (OTel JS 0.223).
    this.retryAfterSeconds = options.retryAfterSeconds ?? 2;
  }
}

/** A promise the code made to itself was broken. */
export class Bug extends LemniError {
  readonly code = 'bug';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Bug';
  }
}

/** Throws a Bug unless the condition holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
