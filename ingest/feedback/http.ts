import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Access } from '../../src/http/access.js';
import { FeedbackInput, type FeedbackAccepted } from '../../src/http/contract/feedback.js';
import { corsFor } from '../../src/http/cors.js';
import { addressKey, RateLimit } from '../../src/http/rate-limit.js';
import { parse } from '../../src/http/validate.js';
import type { Clock } from '../../src/lib/clock.js';
import { BadInput } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { DropReason } from '../../src/model/signals.js';
import type { TelemetrySink } from '../sink.js';
import { toFeedback } from './feedback.js';
import { createFeedbackIntake } from './intake.js';
import type { FeedbackMetrics } from './metrics.js';
import type { FeedbackInbox, Live, Scrub } from './ports.js';
import { parseScreenshot } from './screenshot.js';

export interface FeedbackIngestDeps {
  readonly access: Access;
  readonly sink: TelemetrySink;
  readonly inbox: FeedbackInbox;
  readonly live: Live;
  readonly scrub: Scrub;
  readonly metrics: FeedbackMetrics;
  readonly clock: Clock;
  readonly newId: NewId;
  /** config.ingest.allowedOrigins; pages of others are refused by the door itself (`access.key`). */
  readonly allowedOrigins: readonly string[];
  /** config.feedback. */
  readonly maxScreenshotBytes: number;
  readonly perMinute: number;
}

const path = '/api/feedback';

/** `POST /api/feedback`: from pages of allowed origins with a public key, and from servers. */
export function feedbackIngestRoutes(deps: FeedbackIngestDeps): Router {
  const router = express.Router();
  const intake = createFeedbackIntake(deps);
  const limit = new RateLimit({ max: deps.perMinute, windowMs: 60_000 }, deps.clock);
  // Base64 takes four bytes for three; the words of the rest fit in 64 KiB.
  const json = express.json({ limit: Math.ceil((deps.maxScreenshotBytes * 4) / 3) + 64 * 1024 });

  const bounded: RequestHandler = (request, _response, next) => {
    limit.take(addressKey(request.ip), 'posts of feedback from this address');
    next();
  };
  // With the answer's headers set first, a page of an allowed origin can read why it was refused.
  router.all(path, postsOf(corsFor(deps.allowedOrigins)));
  router.post(
    path,
    bounded,
    deps.access.key('public', 'ingest', 'api'),
    json,
    async (request: Request, response: Response) => {
      if (request.is('application/json') === false) {
        throw new BadInput('unsupported_media_type', 'Send JSON with "Content-Type: application/json".');
      }
      const { id, screenshot, ...told } = parse(FeedbackInput, request.body);
      const now = deps.clock.now();
      const feedback = toFeedback(
        { ...told, screenshot },
        {
          id: id ?? deps.newId(now),
          now,
          userAgent: request.get('User-Agent') ?? '',
          scrub: deps.scrub,
        },
      );
      const image =
        screenshot === undefined ? undefined : parseScreenshot(screenshot, deps.maxScreenshotBytes);
      const isNew = await intake.take(feedback, image);
      response.status(isNew ? 202 : 200).json({ id: feedback.id } satisfies FeedbackAccepted);
    },
  );
  router.use(path, countRefusals(deps.metrics));
  return router;
}

/** Reading the inbox is for Lemni's own pages: only posting gets CORS headers. */
function postsOf(cors: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'POST' || request.method === 'OPTIONS') return cors(request, response, next);
    next();
    return undefined;
  };
}

/** Counts by the closed set of reasons and passes the error on. */
function countRefusals(metrics: FeedbackMetrics): express.ErrorRequestHandler {
  return (error: unknown, request, _response, next) => {
    if (request.method === 'POST') metrics.refused(reasonOf(error));
    next(error);
  };
}

/** Errors of express' body parser carry a `type` and a 4xx `status`. */
function reasonOf(error: unknown): DropReason {
  const { code, type, status } = error as { code?: unknown; type?: unknown; status?: unknown };
  switch (code) {
    case 'unauthenticated':
    case 'forbidden':
    case 'rate_limited':
    case 'too_large':
    case 'queue_full':
    case 'disk_full':
    case 'stopping':
      return code;
    case 'unsupported_media_type':
      return 'unsupported';
    case 'bad_request':
      return 'malformed';
    default:
  }
  if (type === 'entity.too.large') return 'too_large';
  return typeof status === 'number' && status < 500 ? 'malformed' : 'store_rejected';
}
