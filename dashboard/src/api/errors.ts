import type { Problem } from '../../../src/http/contract/common.js';

/** What the server said (RFC 9457), or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** Where in the input: a path, or a 0-based column of a query. */
  readonly at: string | undefined;

  constructor(problem: Pick<Problem, 'status' | 'code' | 'title' | 'detail'> & { at?: string | undefined }) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.at = problem.at;
  }
}

export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: 'unreachable',
    title: 'Lemni does not answer',
    detail: 'The server could not be reached. Check that it runs and that this machine can reach it.',
  });
}

/** Reads a failed response; anything that is no problem document gets a sentence of its own. */
export async function problemOf(response: Response): Promise<ApiError> {
  const fallback = {
    status: response.status,
    code: 'http_error',
    title: `Error ${response.status}`,
    detail: `The server answered ${response.status} ${response.statusText}`.trim() + '.',
  };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return new ApiError(fallback);
  // A problem document by its media type; missing members fall back one by one.
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiError({
    status: body.status ?? fallback.status,
    code: body.code ?? fallback.code,
    title: body.title ?? fallback.title,
    detail: body.detail ?? fallback.detail,
    at: body.at,
  });
}
