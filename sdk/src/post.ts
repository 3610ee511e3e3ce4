import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { LemniPlace } from './settings.js';

/** Why Lemni did not take something, in words for the person who reads the log. */
export class LemniRequestError extends Error {
  override readonly name = 'LemniRequestError';
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}

const attempts = 4;
const attemptTimeoutMs = 10_000;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Posts JSON and gives the answer. Tries again four times in all when nobody answers, or 408, 429 and 5xx; honours
 * Retry-After up to ten seconds. What is posted carries an id, so that a repetition changes nothing.
 */
export async function postToLemni<Answer>(place: LemniPlace, path: string, body: unknown): Promise<Answer> {
  // Not part of the app's own traces.
  return context.with(suppressTracing(context.active()), async () => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await tryOnce<Answer>(place, path, body);
      if ('answer' in outcome) return outcome.answer;
      const { error, retry, pauseMs } = outcome;
      if (!retry || attempt === attempts) throw error;
      const pause = pauseMs ?? firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, Math.min(pause, longestPauseMs)));
    }
  });
}

type Attempt<Answer> =
  | { readonly answer: Answer }
  | { readonly error: LemniRequestError; readonly retry: boolean; readonly pauseMs?: number | undefined };

async function tryOnce<Answer>(
  { url, key }: LemniPlace,
  path: string,
  body: unknown,
): Promise<Attempt<Answer>> {
  let response: Response;
  try {
    response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(attemptTimeoutMs),
    });
  } catch (cause) {
    const message = `Lemni at ${url} did not answer (${reasonOf(cause)}). Is LEMNI_URL right?`;
    return { error: new LemniRequestError(message, { cause }), retry: true };
  }
  const text = await response.text().catch(() => '');
  if (response.ok) return answerOf<Answer>(text, url);
  const { status } = response;
  return {
    error: new LemniRequestError(`Lemni at ${url} refused ${path} (${status}): ${detailOf(text)}`, {
      status,
    }),
    retry: status === 408 || status === 429 || status >= 500,
    pauseMs: retryAfterMs(response.headers.get('retry-after')),
  };
}

function answerOf<Answer>(text: string, url: string): Attempt<Answer> {
  try {
    return { answer: JSON.parse(text) as Answer };
  } catch (cause) {
    const error = new LemniRequestError(`What answers at ${url} is not Lemni: no JSON came back.`, { cause });
    return { error, retry: false };
  }
}

/** `detail` of a problem document (RFC 9457), else the beginning of the body. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Not JSON: the text itself.
  }
  return text.slice(0, 200);
}

function retryAfterMs(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

/** fetch hides the reason, e.g. ECONNREFUSED, in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.message;
  return error.message;
}
