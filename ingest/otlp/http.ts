import express from 'express';
import type { Logger } from 'pino';
import type { Access } from '../../src/http/access.js';
import { BadInput } from '../../src/lib/errors.js';
import { contentEncoding, decompress, readBody } from './body.js';
import { refusalOf } from './counters.js';
import type { OtlpIntake } from './intake.js';
import type { IngestConfig } from './ports.js';
import { otlpSignals, type OtlpEncoding, type OtlpSignal } from './signal.js';
import { encodeResponse, encodeStatus, wireError } from './wire-status.js';

export interface OtlpHttpDeps {
  readonly access: Pick<Access, 'key'>;
  readonly intake: OtlpIntake;
  readonly config: IngestConfig;
  readonly logger: Pick<Logger, 'error'>;
}

const mediaTypes: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The body, JSON's translation to protobuf, and the rows. */
const copiesInMemory: Readonly<Record<OtlpEncoding, number>> = { protobuf: 2, json: 3 };

/** `POST /v1/{logs,metrics,traces}`, also below `/otlp` (OTLP/HTTP, opentelemetry-proto 1.11). */
export function otlpRoutes(deps: OtlpHttpDeps): express.Router {
  const router = express.Router();
  for (const signal of otlpSignals) {
    const paths = [`/v1/${signal}`, `/otlp/v1/${signal}`];
    router.all(paths, cors(deps.config.allowedOrigins), onlyPost, admit(deps.access), receive(deps, signal));
    router.use(paths, refuse(deps, signal));
  }
  return router;
}

/** The encoding of a request, or undefined when its media type is none of OTLP's. */
function encodingOf(request: express.Request): OtlpEncoding | undefined {
  const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}

/** Browsers may send from the origins that were allowed, and from Lemni's own pages. */
function cors(allowed: readonly string[]): express.RequestHandler {
  return (request, response, next) => {
    const origin = request.get('origin');
    response.vary('Origin');
    if (origin === undefined) {
      next();
      return;
    }
    const own = origin === `${request.protocol}://${request.get('host') ?? ''}`;
    if (!own && !allowed.includes('*') && !allowed.includes(origin)) {
      throw new BadInput(
        'forbidden',
        `Pages of ${origin.slice(0, 200)} may not send telemetry here: add the origin to ingest.allowedOrigins.`,
      );
    }
    response.set('Access-Control-Allow-Origin', allowed.includes('*') ? '*' : origin);
    response.set('Access-Control-Expose-Headers', 'Retry-After');
    next();
  };
}

const onlyPost: express.RequestHandler = (request, response, next) => {
  if (request.method === 'POST') {
    next();
    return;
  }
  if (request.method === 'OPTIONS') {
    response.set({
      Allow: 'POST, OPTIONS',
      'Access-Control-Allow-Methods': 'POST',
      // Which headers an SDK adds is its own business (traceparent, baggage, x-*).
      'Access-Control-Allow-Headers':
        request.get('access-control-request-headers') ?? 'authorization, content-type, content-encoding',
      'Access-Control-Max-Age': '86400',
    });
    response.status(204).end();
    return;
  }
  response.status(405).set('Allow', 'POST, OPTIONS').type('text/plain');
  response.send('OTLP is sent with POST.\n');
};

/** A public key lies open in a page's source, so it is taken from pages only. */
function admit(access: Pick<Access, 'key'>): express.RequestHandler {
  const servers = access.key('ingest');
  const pages = access.key('ingest', 'public');
  return (request, response, next) => {
    const door = request.get('origin') === undefined ? servers : pages;
    return door(request, response, next);
  };
}

function receive(deps: OtlpHttpDeps, signal: OtlpSignal): express.RequestHandler {
  const { intake, config } = deps;
  return async (request, response) => {
    const encoding = encodingOf(request);
    if (encoding === undefined) {
      throw new BadInput(
        'unsupported_media_type',
        'OTLP is sent as application/x-protobuf or application/json.',
        { at: 'Content-Type' },
      );
    }
    const compression = contentEncoding(request.get('content-encoding'));
    const reservation = intake.inFlight.reserve(copiesInMemory[encoding]);
    try {
      const raw = await readBody(request, config, reservation);
      const body = await decompress(raw, compression, config, reservation);
      const report = await intake.accept({ signal, encoding, body, reservation });
      send(response, 200, encoding, encodeResponse(encoding, signal, report));
      intake.counters.requests.inc({ signal, transport: 'http', code: '200' });
    } finally {
      reservation.release();
    }
  };
}

/** Exactly this media type, without a charset: collectors compare it as a string. */
function send(response: express.Response, status: number, encoding: OtlpEncoding, body: Buffer): void {
  response.status(status);
  // Not response.set or .type, which would add a charset to JSON.
  response.setHeader('Content-Type', mediaTypes[encoding]);
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Errors in OTLP's own form, in the encoding that the request spoke. */
function refuse(deps: OtlpHttpDeps, signal: OtlpSignal): express.ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { httpStatus, grpcCode, message, retryAfterSeconds } = wireError(error);
    deps.intake.counters.requests.inc({ signal, transport: 'http', code: String(httpStatus) });
    deps.intake.counters.refused.inc({ signal, reason: refusalOf(error) });
    if (httpStatus === 500) deps.logger.error({ err: error, signal }, 'an OTLP request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    const encoding = encodingOf(request);
    if (encoding !== undefined) {
      send(response, httpStatus, encoding, encodeStatus(encoding, grpcCode, message));
      return;
    }
    response.status(httpStatus).type('text/plain').send(`${message}\n`);
  };
}
