import { BadInput, messageOf } from '../../../src/lib/errors.js';
import type { Secret } from '../../../src/lib/secret.js';
import {
  post,
  RefusedAddress,
  type OutboundDeps,
  type OutboundResponse,
} from '../../../src/lib/outbound/request.js';
import { shownUrl, withoutUrl } from '../../../src/lib/outbound/redact.js';
import type { Notifier, Outcome, OutgoingMessage } from '../notifier.js';
import { parseRetryAfter } from '../schedule.js';
import { webhookPayload } from './payload.js';
import { signatureHeaders, signingKey } from './signature.js';

export interface WebhookConfig {
  readonly name: string;
  readonly url: string;
  readonly secret: Secret;
  readonly sendResolved: boolean;
}

export interface WebhookDeps extends OutboundDeps {
  /** How long a receiver may take, ms. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

/** A generic webhook, signed as Standard Webhooks 1.0 says. Throws `BadInput` for a secret or URL that is none. */
export function webhook(config: WebhookConfig, deps: WebhookDeps): Notifier {
  const key = signingKey(config.name, config.secret);
  const url = webhookUrl(config);
  return {
    name: config.name,
    kind: 'webhook',
    sendResolved: config.sendResolved,
    compose: webhookPayload,
    send: (message, { now, signal }) => send({ url, key, deps }, message, now, signal),
  };
}

function webhookUrl({ name, url }: WebhookConfig): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed;
  throw new BadInput('bad_request', `The url of webhook "${name}" is not an http or https address.`);
}

async function send(
  { url, key, deps }: { readonly url: URL; readonly key: Buffer | undefined; readonly deps: WebhookDeps },
  message: OutgoingMessage,
  now: number,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await post(deps, {
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': deps.userAgent,
        ...authorization(url),
        ...signatureHeaders(key, message, now),
      },
      body: message.payload,
      timeoutMs: deps.timeoutMs,
      signal,
    });
    return outcomeOf(response, url, now);
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

/** 2xx arrived, 410 asks to be left alone for good, everything else may be better later. */
function outcomeOf(response: OutboundResponse, url: URL, now: number): Outcome {
  const { status, location } = response;
  if (status >= 200 && status < 300) return { ok: true };
  const said = response.excerpt === '' ? '' : `: ${withoutUrl(response.excerpt, url)}`;
  const error = `${shownUrl(url)} answered ${status}${said}`;
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
    return {
      ok: false,
      retry: false,
      reason: 'refused_address',
      error: withoutUrl(error.message, url),
    };
  }
  if (isTimeout(error)) {
    return {
      ok: false,
      retry: true,
      reason: 'timeout',
      error: `${shownUrl(url)} did not answer within ${timeoutMs / 1000} s`,
    };
  }
  return {
    ok: false,
    retry: true,
    reason: 'network',
    error: withoutUrl(`${shownUrl(url)}: ${causeOf(error)}`, url),
  };
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
