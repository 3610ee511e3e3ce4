/** What became of one attempt to send. */
export type Verdict =
  | { readonly kind: 'sent' }
  /** Again after `waitMs`; without the screenshot when that was too much. */
  | { readonly kind: 'later'; readonly waitMs: number; readonly dropScreenshot?: boolean }
  /** It will never be taken as it is. */
  | { readonly kind: 'refused' };

export interface Attempt {
  /** 0: no answer at all. */
  readonly status: number;
  readonly retryAfter: string | null;
  /** Attempts before this one. */
  readonly tries: number;
  readonly hasScreenshot: boolean;
}

const minWaitMs = 5_000;
const maxWaitMs = 600_000;
const hourMs = 3_600_000;

/** `random` in [0, 1) keeps the browsers of a whole office from coming back in the same second. */
export function judge(attempt: Attempt, random: number, now: number): Verdict {
  const { status, tries } = attempt;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const backoff = Math.min(minWaitMs * 2 ** tries, maxWaitMs) * (0.75 + random / 2);
  if (status === 429 || status === 503) {
    const told = retryAfterMs(attempt.retryAfter, now);
    return { kind: 'later', waitMs: told === undefined ? backoff : Math.min(told + random * 2_000, hourMs) };
  }
  if (status === 0 || status >= 500 || status === 408) return { kind: 'later', waitMs: backoff };
  // A key that was changed, or an origin that is not allowed yet: whoever runs the page can mend it.
  if (status === 401 || status === 403) return { kind: 'later', waitMs: hourMs };
  if (attempt.hasScreenshot && (status === 413 || status === 400)) {
    return { kind: 'later', waitMs: 0, dropScreenshot: true };
  }
  return { kind: 'refused' };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3), as milliseconds from now. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
