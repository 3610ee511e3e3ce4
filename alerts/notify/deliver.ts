import { BadInput, messageOf } from '../../src/lib/errors.js';
import {
  post,
  RefusedAddress,
  type OutboundDeps,
  type OutboundResponse,
} from '../../src/lib/outbound/request.js';
import { shownUrl, withoutUrl } from '../../src/lib/outbound/redact.js';
import type { Outcome } from './notifier.js';
import { parseRetryAfter } from './schedule.js';

export interface DeliverDeps extends OutboundDeps {
  /** How long a receiver may take, ms. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

export interface Delivery {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** What an answer means beyond its status; undefined: what every receiver means by it. */
  readonly judge?: (response: OutboundResponse) => Outcome | undefined;
}

/** An http or https address of the configuration. Throws `BadInput` that names the notifier, not the address. */
export function receiverUrl(what: string, name: string, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed;
  throw new BadInput('bad_request', `The url of ${what} "${name}" is not an http or https address.`);
}

/** Makes one attempt and says what came of it. Never throws; secrets of the address are not in what it says. */
export async function deliver(
  deps: DeliverDeps,
  delivery: Delivery,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { url } = delivery;
  try {
    const response = await post(deps, {
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': deps.userAgent,
        ...authorization(url),
        ...delivery.headers,
      },
      body: delivery.body,
      timeoutMs: deps.timeoutMs,
      signal,
    });
    return delivery.judge?.(response) ?? outcomeOf(response, url, now);
  } catch (error) {
    return failed(error, url, deps.timeoutMs);
  }
}

/** `https://user:password@host` asks for Basic authentication, which undici leaves to its caller. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(words).toString('base64')}` };
}

/** `https://host/... answered 500: its first words`. */
export function answered({ status, excerpt }: OutboundResponse, url: URL): string {
  const said = excerpt === '' ? '' : `: ${withoutUrl(excerpt, url)}`;
  return `${shownUrl(url)} answered ${status}${said}`;
}

/** 2xx arrived, 410 asks to be left alone for good, everything else may be better later. */
function outcomeOf(response: OutboundResponse, url: URL, now: number): Outcome {
  const { status, location } = response;
  if (status >= 200 && status < 300) return { ok: true };
  const error = answered(response, url);
  if (status === 410) return { ok: false, retry: false, reason: 'gone', error };
  if (status >= 300 && status < 400) {
    const where =
      location !== undefined && URL.canParse(location, url.href) ? new URL(location, url).host : '';
    const to = where === '' ? '' : ` to ${where}`;
    const hint = `${shownUrl(url)} answered ${status}, a redirect${to}, which is not followed: put the final address into the configuration`;
    return { ok: false, retry: true, reason: 'redirect', error: hint };
  }
  const retryAfterMs = parseRetryAfter(response.retryAfter, now);
  const reason = status === 429 ? 'rate_limited' : status >= 500 ? 'server_error' : 'client_error';
  return { ok: false, retry: true, reason, error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function failed(error: unknown, url: URL, timeoutMs: number): Outcome {
  if (error instanceof RefusedAddress) {
    return { ok: false, retry: false, reason: 'refused_address', error: withoutUrl(error.message, url) };
  }
  if (isTimeout(error)) {
    const words = `${shownUrl(url)} did not answer within ${timeoutMs / 1000} s`;
    return { ok: false, retry: true, reason: 'timeout', error: words };
  }
  const words = withoutUrl(`${shownUrl(url)}: ${causeOf(error)}`, url);
  return { ok: false, retry: true, reason: 'network', error: words };
}

function isTimeout(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return name === 'TimeoutError' || /^(Headers|Body|Connect)TimeoutError$/.test(name);
}

/** undici and the dual-stack connect wrap what happened; the innermost words are the useful ones. */
function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (error instanceof Error && error.message === '' && error.cause !== undefined)
    return messageOf(error.cause);
  return messageOf(error);
}
