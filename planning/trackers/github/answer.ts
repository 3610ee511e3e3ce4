import type { OutboundAnswer } from '../../../src/lib/outbound/request.js';
import type { TrackerFailure } from '../tracker.js';

const hourMs = 3_600_000;
/** What GitHub asks to wait when it names no time (docs.github.com/rest/using-the-rest-api/rate-limits). */
const secondaryPauseMs = 60_000;

/** What an answer that is no success means. Pure. */
export function failureOf(answer: OutboundAnswer, now: number): TrackerFailure {
  const { status } = answer;
  const said = saidBy(answer);
  const error = `GitHub answered ${status}${said === '' ? '' : `: ${said}`}`;
  const pause = quotaPause(answer, said, now);
  if (pause !== undefined) {
    return {
      ok: false,
      reason: 'rate_limited',
      error: `${error}. Going on in ${seconds(pause)}`,
      retryAfterMs: pause,
    };
  }
  if (status >= 500) return { ok: false, reason: 'server_error', error };
  switch (status) {
    case 401:
      return {
        ok: false,
        reason: 'unauthorized',
        error: `${error}. Is trackers.github.token right, and not expired?`,
      };
    case 403:
      return {
        ok: false,
        reason: 'unauthorized',
        error: `${error}. The token needs read and write access to the issues of the repository`,
      };
    case 404:
      return {
        ok: false,
        reason: 'not_found',
        error: `${error}. Does trackers.github.repository exist, and may the token see it?`,
      };
    case 410:
      return { ok: false, reason: 'gone', error };
    default:
      return { ok: false, reason: status >= 300 && status < 400 ? 'redirect' : 'rejected', error };
  }
}

/** How long to leave GitHub alone, when it asks for that. */
function quotaPause(answer: OutboundAnswer, said: string, now: number): number | undefined {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const after = answer.retryAfter?.trim() ?? '';
  if (/^\d{1,6}$/.test(after)) return bounded(Number(after) * 1000);
  const reset = answer.header('x-ratelimit-reset') ?? '';
  if (answer.header('x-ratelimit-remaining') === '0' && /^\d{1,12}$/.test(reset)) {
    return bounded(Number(reset) * 1000 - now);
  }
  return answer.status === 429 || /rate limit|abuse/i.test(said) ? secondaryPauseMs : undefined;
}

/** At least a second, since clocks differ; a wrong clock must not end everything for days. */
function bounded(ms: number): number {
  return Math.min(2 * hourMs, Math.max(1000, ms));
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

/** GitHub's own words: `message`, and the first of `errors`. */
function saidBy(answer: OutboundAnswer): string {
  const body = parseJson(answer.body);
  if (typeof body !== 'object' || body === null) return answer.excerpt.slice(0, 200);
  const { message, errors } = body as { readonly message?: unknown; readonly errors?: unknown };
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const detail =
    typeof first === 'object' && first !== null
      ? ` (${Object.values(first).map(String).join(' ').slice(0, 150)})`
      : '';
  return `${typeof message === 'string' ? message.slice(0, 200) : ''}${detail}`;
}

export function parseJson(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
