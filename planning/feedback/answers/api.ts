import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { principalOf, type Access } from '../../../src/http/access.js';
import type { List } from '../../../src/http/contract/common.js';
import {
  FeedbackAnswerInput,
  ReporterAnswersQuery,
  type Feedback as FeedbackAnswer,
  type ReporterAnswer,
} from '../../../src/http/contract/feedback.js';
import { corsFor } from '../../../src/http/cors.js';
import { addressKey, RateLimit } from '../../../src/http/rate-limit.js';
import { parse } from '../../../src/http/validate.js';
import type { Clock } from '../../../src/lib/clock.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { answersTo } from '../../../src/store/state/feedback-answers.js';
import type { FeedbackDesk } from '../desk.js';

export interface AnswerRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
  readonly desk: FeedbackDesk;
  readonly clock: Clock;
  /** config.ingest.allowedOrigins. */
  readonly allowedOrigins: readonly string[];
  /** Answers `GET /api/feedback/:id` for this id. */
  readonly one: (id: string) => Promise<FeedbackAnswer>;
}

const path = '/api/feedback/answers';
/** A widget asks when a page is opened, at most every ten minutes; many people share an office's address. */
const questionsPerMinute = 120;

/** What the team says to those who wrote. Mount it before `/api/feedback/:id`. */
export function addAnswerRoutes(router: Router, deps: AnswerRoutesDeps): void {
  const limit = new RateLimit({ max: questionsPerMinute, windowMs: 60_000 }, deps.clock);
  const bounded: RequestHandler = (request, _response, next) => {
    limit.take(addressKey(request.ip), 'questions for answers from this address');
    next();
  };
  router.all(path, corsFor(deps.allowedOrigins, { methods: ['GET'] }));
  router.get(
    path,
    bounded,
    deps.access.key('public', 'ingest', 'api'),
    async (request: Request, response: Response) => {
      const { ids } = parse(ReporterAnswersQuery, request.query);
      const found = await answersTo(deps.state, ids);
      const items = [...found.values()].flat().map(({ feedbackId, id, at, text }): ReporterAnswer => ({
        feedbackId,
        id,
        at: new Date(at).toISOString(),
        text,
      }));
      response.set('Cache-Control', 'no-store');
      response.json({ items, nextCursor: null } satisfies List<ReporterAnswer>);
    },
  );

  router.post(
    '/api/feedback/:id/answers',
    deps.access.role('responder'),
    express.json({ limit: '32kb' }),
    async (request: Request, response: Response) => {
      const { text } = parse(FeedbackAnswerInput, request.body);
      const { id } = await deps.one(String(request.params['id']));
      await deps.desk.answer([id], { text, actor: principalOf(response).name });
      response.status(201).json(await deps.one(id));
    },
  );
}
