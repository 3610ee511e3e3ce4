import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { BadInput, Unavailable, type BadInputCode } from '../lib/errors.js';
import type { Problem } from './contract/common.js';

const badInputStatus: Readonly<Record<BadInputCode, number>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
};

export interface Translated {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | undefined;
  /** Something that nobody expected: it belongs in the log. */
  readonly unexpected: boolean;
}

/** Any error as RFC 9457 problem details. What was not made for the sender's eyes is not shown to them. */
export function toProblem(error: unknown, requestId: string): Translated {
  if (error instanceof BadInput) {
    const problem = problemOf(badInputStatus[error.code], error.code, error.message);
    return {
      problem: error.at === undefined ? problem : { ...problem, at: error.at },
      retryAfterSeconds: error.retryAfterSeconds,
      unexpected: false,
    };
  }
  if (error instanceof Unavailable) {
    const status = error.code === 'limit_exceeded' ? 429 : 503;
    return {
      problem: problemOf(status, error.code, error.message),
      retryAfterSeconds: error.retryAfterSeconds,
      unexpected: false,
    };
  }
  const http = fromHttpError(error);
  if (http) return { problem: http, retryAfterSeconds: undefined, unexpected: false };
  return {
    problem: problemOf(
      500,
      'internal',
      `Something went wrong inside Lemni. Its log says more: look for request ${requestId}.`,
    ),
    retryAfterSeconds: undefined,
    unexpected: true,
  };
}

/** `about:blank`: the status says the kind (RFC 9457, section 4.2.1), `code` is for programs. */
function problemOf(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}

const parserMessages: Readonly<Record<string, string>> = {
  'entity.too.large': 'The body is larger than this path takes.',
  'entity.parse.failed': 'The body is not valid JSON.',
  'entity.verify.failed': 'The body could not be verified.',
  'encoding.unsupported': 'The Content-Encoding is not supported: send gzip, deflate, br or none.',
  'charset.unsupported': 'The charset is not supported: send UTF-8.',
  'request.aborted': 'The body ended before its Content-Length.',
  'request.size.invalid': 'The body is not as long as its Content-Length says.',
};

const codeOfStatus: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

/** Errors of express and its body parsers carry a 4xx `status`; their own messages may quote the body. */
function fromHttpError(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const detail =
    error instanceof URIError
      ? 'The path has a percent sign that begins no valid escape.'
      : ((typeof type === 'string' ? parserMessages[type] : undefined) ?? 'The request is not right.');
  return problemOf(status, codeOfStatus[status] ?? 'bad_request', detail);
}

/** The last middleware: every error of a route ends here, once. */
export function problemMiddleware(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const requestId = String(response.locals['requestId']);
    const translated = toProblem(error, requestId);
    if (translated.unexpected) {
      log.error({ err: error, requestId, method: request.method, path: request.path }, 'a request failed');
    }
    // An answer that has begun cannot become an error: the cut connection tells the reader that it is not whole.
    if (response.headersSent) response.destroy();
    else sendProblem(response, translated);
  };
}

function sendProblem(response: Response, { problem, retryAfterSeconds }: Translated): void {
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterSeconds)));
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="lemni"');
  response.set('Cache-Control', 'no-store');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** For what no route took. */
export const noSuchPath: RequestHandler = (request) => {
  throw new BadInput(
    'not_found',
    `There is nothing at ${request.method} ${request.path}. /api/openapi.json lists what there is.`,
  );
};
