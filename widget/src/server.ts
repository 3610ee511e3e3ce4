import type { Answer, FeedbackBody } from './outbox.js';
import type { Settings } from './settings.js';

/** What the team wrote back, as `GET /api/feedback/answers` tells it. */
export interface TeamAnswer {
  readonly feedbackId: string;
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

const timeoutMs = 30_000;
/** Browsers take 64 KiB of requests that outlive their page. */
const maxKeepalive = 60_000;

function headersOf({ key }: Settings): Record<string, string> {
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}

export async function postFeedback(settings: Settings, body: FeedbackBody): Promise<Answer> {
  const text = JSON.stringify(body);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(`${settings.base}api/feedback`, {
      method: 'POST',
      headers: { ...headersOf(settings), 'content-type': 'application/json' },
      body: text,
      credentials: 'omit',
      keepalive: text.length < maxKeepalive,
      signal: abort.signal,
    });
    const problem = response.ok
      ? undefined
      : ((await response.json().catch(() => undefined)) as { detail?: unknown } | undefined);
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      detail: typeof problem?.detail === 'string' ? problem.detail : `Error ${response.status}`,
    };
  } catch {
    // Offline, blocked by the page's policy, or an origin that Lemni does not allow: a browser does not say which.
    return { status: 0, retryAfter: null, detail: '' };
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined when they could not be asked. */
export async function askAnswers(
  settings: Settings,
  ids: readonly string[],
): Promise<readonly TeamAnswer[] | undefined> {
  try {
    const response = await fetch(`${settings.base}api/feedback/answers?ids=${ids.join(',')}`, {
      headers: headersOf(settings),
      credentials: 'omit',
    });
    if (!response.ok) return undefined;
    const { items } = (await response.json()) as { items?: unknown };
    return Array.isArray(items) ? (items as TeamAnswer[]) : undefined;
  } catch {
    return undefined;
  }
}
