import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Clock } from '../../src/lib/clock.js';
import { addressKey } from '../../src/http/rate-limit.js';
import { BadInput } from '../../src/lib/errors.js';
import type { Secret } from '../../src/lib/secret.js';
import { toChange } from '../changes/change.js';
import type { ChangeMetrics } from '../changes/metrics.js';
import type { ChangeIntake } from '../changes/ports.js';
import { parseDelivery } from './body.js';
import { mapEvent } from './map.js';
import { servicesOf } from './mapping.js';
import { mapIssue } from './events/issues.js';
import type { Deliveries, Issues } from './ports.js';
import { Room } from './room.js';
import { isSigned } from './signature.js';

export interface GithubRoutesDeps {
  readonly intake: ChangeIntake;
  readonly deliveries: Deliveries;
  readonly metrics: ChangeMetrics;
  /** Tickets; without it the event is not used. */
  readonly issues?: Issues | undefined;
  readonly clock: Clock;
  /** config.hooks.github. */
  readonly secret: Secret;
  readonly services: Readonly<Record<string, string>>;
  /** config.ingest.maxFuture. */
  readonly maxFutureMs: number;
}

/** GitHub's own bound on a payload (docs.github.com/webhooks/webhook-events-and-payloads). */
const maxBody = 25 * 1024 * 1024;
/** Two of the largest from one address, three in all; an ordinary delivery has some 20 kB. */
const room = { max: 3 * maxBody, maxOfAddress: 2 * maxBody } as const;
const source = 'github';

/** `POST /hooks/github`: answers within milliseconds; GitHub waits ten seconds and never tries again. */
export function githubRoutes(deps: GithubRoutesDeps): Router {
  const router = express.Router();
  const services = servicesOf(deps.services);
  const secret = deps.secret.reveal();
  const held = new Room(room);

  // Before the body is read: who cannot be let in does not fill the memory.
  const expected: RequestHandler = (request, response, next) => {
    if (secret === '') {
      deps.metrics.webhook(source, 'unauthenticated');
      throw new BadInput(
        'forbidden',
        "GitHub webhooks are off: set hooks.github.secret in lemni.yaml (or LEMNI_HOOKS_GITHUB_SECRET) to a long random text, and the same text as the webhook's secret at GitHub.",
      );
    }
    if (request.get('X-Hub-Signature-256') === undefined) throw unsigned(deps.metrics, 'is missing');
    const told = Number(request.get('Content-Length') ?? maxBody);
    try {
      response.once('close', held.take(addressKey(request.ip), Math.min(told, maxBody)));
    } catch (error) {
      deps.metrics.webhook(source, 'failed');
      throw error;
    }
    next();
  };
  // The signature is over the body as it arrived: it is neither decompressed nor parsed before.
  const raw = express.raw({ limit: maxBody, type: () => true, inflate: false });

  router.post('/hooks/github', expected, raw, async (request: Request, response: Response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!isSigned(body, request.get('X-Hub-Signature-256'), secret)) {
      throw unsigned(deps.metrics, 'does not fit the body and hooks.github.secret');
    }
    const { delivery, event } = headersOf(request);
    if (await deps.deliveries.seen(source, delivery)) {
      deps.metrics.webhook(source, 'duplicate');
      response.status(202).json({ duplicate: true });
      return;
    }
    const answer = await work(event, body, request.get('Content-Type')).catch((error: unknown) => {
      deps.metrics.webhook(source, error instanceof BadInput ? 'malformed' : 'failed');
      throw error;
    });
    await deps.deliveries.remember(source, delivery, deps.clock.now());
    response.status(answer.pong ? 200 : 202).json(answer);
  });

  const work = async (event: string, body: Buffer, contentType: string | undefined): Promise<Answer> => {
    const payload = parseDelivery(body, contentType);
    if (event === 'ping') {
      deps.metrics.webhook(source, 'ping');
      return { pong: true };
    }
    if (event === 'issues' && deps.issues) return issue(deps.issues, payload);
    const mapped = mapEvent(event, payload, { services });
    if (mapped.kind === 'ignored') {
      deps.metrics.webhook(source, 'ignored');
      return { ignored: mapped.reason };
    }
    const context = { source, now: deps.clock.now(), maxFutureMs: deps.maxFutureMs };
    const recorded = await deps.intake.take(toChange(mapped.change, context));
    deps.metrics.webhook(source, 'accepted');
    return { id: recorded.id, releaseId: recorded.releaseId, duplicate: recorded.duplicate };
  };

  const issue = async (issues: Issues, payload: unknown): Promise<Answer> => {
    const news = mapIssue(payload);
    if (news) await issues.told(news);
    deps.metrics.webhook(source, news ? 'accepted' : 'ignored');
    return news ? {} : { ignored: 'of issues only closed and reopened are used' };
  };
  return router;
}

interface Answer {
  readonly pong?: true;
  readonly ignored?: string;
  readonly id?: string;
  readonly releaseId?: string;
  readonly duplicate?: boolean;
}

function headersOf(request: Request): { delivery: string; event: string } {
  const delivery = request.get('X-GitHub-Delivery') ?? '';
  const event = request.get('X-GitHub-Event') ?? '';
  if (event === '' || delivery === '' || delivery.length > 200) {
    throw new BadInput('bad_request', 'X-GitHub-Event and X-GitHub-Delivery are needed: GitHub sends both.');
  }
  return { delivery, event };
}

function unsigned(metrics: ChangeMetrics, what: string): BadInput {
  metrics.webhook(source, 'unauthenticated');
  return new BadInput('unauthenticated', `The header X-Hub-Signature-256 ${what}.`);
}
