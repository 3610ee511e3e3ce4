import type { RequestHandler } from 'express';
import { BadInput } from '../lib/errors.js';
import { isAllowedOrigin } from './origins.js';

export interface CorsOptions {
  /** Besides Content-Type, Content-Encoding, Authorization and X-Api-Key. */
  readonly headers?: readonly string[];
  /** POST by default. */
  readonly methods?: readonly string[];
}

/**
 * For what pages of other origins send: telemetry and feedback. Only origins in `allowedOrigins` (`*`: any) see
 * the answer; a preflight of another one is refused with a message for whoever reads the network tab. Never
 * with cookies. Mount it before the route, for OPTIONS too: `router.all(path, corsFor(...))`.
 */
export function corsFor(allowedOrigins: readonly string[], options: CorsOptions = {}): RequestHandler {
  const headers = [
    'Content-Type',
    'Content-Encoding',
    'Authorization',
    'X-Api-Key',
    ...(options.headers ?? []),
  ];
  return (request, response, next) => {
    response.vary('Origin');
    const origin = request.headers.origin;
    const allowed = origin !== undefined && isAllowedOrigin(origin, allowedOrigins);
    if (allowed) {
      response.set('Access-Control-Allow-Origin', allowedOrigins.includes('*') ? '*' : origin);
      response.set('Access-Control-Expose-Headers', 'Retry-After');
      // Other origins may read the answer, so this header's default (same-origin) would contradict it.
      response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    if (origin !== undefined && !allowed) {
      throw new BadInput('forbidden', notAllowed(origin));
    }
    response.set('Access-Control-Allow-Methods', [...(options.methods ?? ['POST']), 'OPTIONS'].join(', '));
    response.set('Access-Control-Allow-Headers', headers.join(', '));
    response.set('Access-Control-Max-Age', '600');
    // Chrome asks before a public page reaches a private address (WICG Private Network Access).
    if (request.headers['access-control-request-private-network'] === 'true') {
      response.set('Access-Control-Allow-Private-Network', 'true');
    }
    response.status(204).end();
  };
}

export function notAllowed(origin: string): string {
  return `Pages of ${origin.slice(0, 200)} may not send here: add the origin to ingest.allowedOrigins in lemni.yaml.`;
}
