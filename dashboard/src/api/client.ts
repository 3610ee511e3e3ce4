import { problemOf, unreachable } from './errors.js';

export type Param = string | number | boolean | null | undefined;
export type Params = Readonly<Record<string, Param>>;

/** Held in memory only; comes with `/api/me` and with each login. */
let csrfToken = '';

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Leaves out empty values, so that `?service=` never means "the service with no name". */
export function urlOf(path: string, params: Params = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null || value === '') continue;
    search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The answer is trusted to be what the contract says: same origin, same build. */
async function call<T>(url: string, { method, body, signal }: Call): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken;
  const response = await fetch(url, {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, params?: Params, signal?: AbortSignal) =>
    call<T>(urlOf(path, params), { method: 'GET', signal }),
  post: <T>(path: string, body: unknown = {}) => call<T>(path, { method: 'POST', body }),
  put: <T>(path: string, body: unknown) => call<T>(path, { method: 'PUT', body }),
  patch: <T>(path: string, body: unknown) => call<T>(path, { method: 'PATCH', body }),
  delete: <T>(path: string) => call<T>(path, { method: 'DELETE' }),
};
