import { messageOf } from '../../../src/lib/errors.js';
import {
  exchange,
  RefusedAddress,
  type OutboundAnswer,
  type OutboundDeps,
} from '../../../src/lib/outbound/request.js';
import type { Secret } from '../../../src/lib/secret.js';
import type { Outcome } from '../tracker.js';
import { failureOf, parseJson } from './answer.js';

export interface GithubClientDeps extends OutboundDeps {
  readonly apiUrl: string;
  readonly token: Secret;
  readonly now: () => number;
  /** How long an answer may take, ms. */
  readonly timeoutMs: number;
}

export type Method = 'GET' | 'POST' | 'PATCH';

export interface GithubClient {
  /** One request to a path below the API's address (`/repos/...`); the answer's JSON. Never throws. */
  call(method: Method, path: string, body: unknown, signal: AbortSignal): Promise<Outcome<unknown>>;
}

/** A page of a hundred issues of 64 KiB each. */
const maxResponseBytes = 16 * 1024 * 1024;
/** A repository that was renamed is one redirect away. */
const maxRedirects = 3;

/** GitHub's REST API, version 2022-11-28. The token goes to the API's own origin and nowhere else. */
export function githubClient(deps: GithubClientDeps): GithubClient {
  const base = new URL(deps.apiUrl);
  const root = base.href.replace(/\/+$/, '');
  return {
    async call(method, path, body, signal) {
      let url = new URL(root + path);
      for (let hops = 0; ; hops++) {
        const answer = await send(deps, { method, url, body, signal });
        if (!answer.ok) return answer;
        const { status, location } = answer.value;
        if (status >= 200 && status < 300) return bodyOf(answer.value);
        const target = redirectOf(answer.value, url);
        if (status < 300 || status >= 400 || target === undefined) return failureOf(answer.value, deps.now());
        if (target.origin !== base.origin || hops >= maxRedirects) {
          const where = location === undefined ? '' : ` to ${target.host}`;
          const error = `GitHub answered ${status}, a redirect${where} that is not followed: put the final address into trackers.github`;
          return { ok: false, reason: 'redirect', error };
        }
        url = target;
      }
    },
  };
}

/** In `Location`; GitHub's own also say it as `url` in the body. */
function redirectOf({ location, body, status }: OutboundAnswer, from: URL): URL | undefined {
  if (status < 300 || status >= 400) return undefined;
  const said = location ?? (parseJson(body) as { readonly url?: unknown } | undefined)?.url;
  return typeof said === 'string' && URL.canParse(said, from.href) ? new URL(said, from) : undefined;
}

function bodyOf(answer: OutboundAnswer): Outcome<unknown> {
  const value = parseJson(answer.body);
  if (value !== undefined) return { ok: true, value };
  const error = `GitHub answered ${answer.status} without JSON that could be read`;
  return { ok: false, reason: 'unexpected', error };
}

async function send(
  deps: GithubClientDeps,
  {
    method,
    url,
    body,
    signal,
  }: { readonly method: Method; readonly url: URL; readonly body: unknown; readonly signal: AbortSignal },
): Promise<Outcome<OutboundAnswer>> {
  try {
    const value = await exchange(deps, {
      ...{ method, url, signal, maxResponseBytes, timeoutMs: deps.timeoutMs },
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'Lemni',
        authorization: `Bearer ${deps.token.reveal()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { ok: true, value };
  } catch (error) {
    return thrown(error, deps);
  }
}

function thrown(error: unknown, { token, timeoutMs }: GithubClientDeps): Outcome<never> {
  const secret = token.reveal();
  const words = (text: string): string => (secret === '' ? text : text.replaceAll(secret, '<secret>'));
  if (error instanceof RefusedAddress) {
    return { ok: false, reason: 'refused_address', error: words(error.message) };
  }
  const name = error instanceof Error ? error.name : '';
  if (/Timeout|Abort/.test(name)) {
    return { ok: false, reason: 'timeout', error: `GitHub did not answer within ${timeoutMs / 1000} s` };
  }
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return { ok: false, reason: 'network', error: `GitHub could not be reached: ${words(messageOf(cause))}` };
}
