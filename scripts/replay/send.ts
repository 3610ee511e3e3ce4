import type { OtlpRequest } from './otlp.js';

export interface SendOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Sends one request as an exporter would: retries what OTLP calls retryable, honours Retry-After. */
export async function send(request: OtlpRequest, options: SendOptions): Promise<void> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  if (options.key !== undefined) headers['authorization'] = `Bearer ${options.key}`;
  let failure = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    const answer = await post(request, headers, options);
    if (answer.ok) return;
    failure = answer.message;
    if (!answer.retry)
      throw new Error(`${options.url}${request.path} refused ${request.items} items: ${failure}`);
    await options.sleep(answer.afterMs);
  }
  throw new Error(
    `${options.url}${request.path} did not take ${request.items} items in 20 attempts: ${failure}`,
  );
}

type Answer =
  | { readonly ok: true }
  | { readonly ok: false; readonly retry: boolean; readonly afterMs: number; readonly message: string };

async function post(
  request: OtlpRequest,
  headers: Record<string, string>,
  options: SendOptions,
): Promise<Answer> {
  try {
    const response = await options.fetch(options.url + request.path, {
      method: 'POST',
      headers,
      body: new Uint8Array(request.body),
    });
    const text = await response.text();
    if (response.ok) {
      if (text.includes('"partialSuccess"'))
        return { ok: false, retry: false, afterMs: 0, message: text.slice(0, 500) };
      return { ok: true };
    }
    const after = Number(response.headers.get('retry-after') ?? '1');
    const retry = [429, 502, 503, 504].includes(response.status);
    return {
      ok: false,
      retry,
      afterMs: (after || 1) * 1000,
      message: `${response.status} ${text.slice(0, 500)}`,
    };
  } catch (error) {
    return {
      ok: false,
      retry: true,
      afterMs: 1000,
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
