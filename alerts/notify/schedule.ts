const s = 1000;
const m = 60 * s;
const h = 60 * m;

/**
 * Pauses before the attempts, ms: the first at once, the last a day after it (Standard Webhooks' schedule with
 * shorter steps at the beginning, since an incident is news for minutes).
 */
const pauses = [0, 5 * s, 30 * s, 2 * m, 10 * m, 30 * m, h, 2 * h, 4 * h, 8 * h, 8 * h] as const;

const maxRetryAfterMs = 24 * h;

/**
 * How long to wait after `attempts` attempts (1 or more); undefined: it was the last. Up to a tenth longer at
 * random, so that receivers are not met by everything at once; at least as long as the receiver asked for.
 */
export function pauseAfter(
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number | undefined {
  const pause = pauses[attempts];
  if (pause === undefined) return undefined;
  const spread = Math.round(pause * (1 + 0.1 * random()));
  return Math.max(spread, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds or an HTTP date, as ms from now. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Date.parse takes almost anything, "-5" too.
  const at = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
