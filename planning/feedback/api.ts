import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { principalOf, type Access } from '../../src/http/access.js';
import type { List } from '../../src/http/contract/common.js';
import {
  FeedbackPatch,
  FeedbackQuery,
  type Feedback as FeedbackAnswer,
  type FeedbackError,
} from '../../src/http/contract/feedback.js';
import { parse } from '../../src/http/validate.js';
import type { Clock } from '../../src/lib/clock.js';
import { decodeCursor, encodeCursor } from '../../src/lib/cursor.js';
import { BadInput, invariant } from '../../src/lib/errors.js';
import { instant } from '../../src/lib/time-range.js';
import type { Feedback } from '../../src/model/feedback.js';
import { findFeedback, listFeedback } from '../../src/query/feedback.js';
import { sessionErrors } from '../../src/query/session-errors.js';
import { findAttachment } from '../../src/store/state/attachments.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { setTriage, triageStates } from '../../src/store/state/feedback.js';
import { membersOf, removeMember } from '../../src/store/state/feedback-groups.js';
import type { TelemetryReader } from '../../src/store/telemetry/database.js';
import { addAnswerRoutes } from './answers/api.js';
import { viewsOf } from './care.js';
import { maxGroupSize, type FeedbackDesk } from './desk.js';
import { addGroupRoutes } from './groups/api.js';
import { pageOf } from './page.js';
import type { GroupProblems, Live } from './ports.js';

export interface FeedbackRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
  readonly reader: TelemetryReader;
  readonly live: Live;
  readonly clock: Clock;
  readonly desk: FeedbackDesk;
  readonly problems: GroupProblems;
  /** config.ingest.allowedOrigins: pages of these may read the answers to their people. */
  readonly allowedOrigins: readonly string[];
}

const defaultLimit = 50;
const maxLimit = 200;
const maxWords = 10;
/** People write a while after it went wrong, within their session. */
const beforeMs = 60 * 60_000;
const afterMs = 5 * 60_000;
const maxErrors = 50;

/** The inbox: what people said, and whether somebody has dealt with it. */
export function feedbackRoutes(deps: FeedbackRoutesDeps): Router {
  const router = express.Router();
  const { state, reader } = deps;
  const viewer = deps.access.role('viewer');
  const one = (request: Request): Promise<Feedback> => read(String(request.params['id']));
  const viewOf = async (feedback: Feedback): Promise<FeedbackAnswer> => {
    const [view] = await viewsOf(state, [feedback]);
    invariant(view, 'Each feedback has its view.');
    return view;
  };
  const read = async (id: string): Promise<Feedback> => {
    const feedback = await findFeedback(reader, id);
    if (feedback) return feedback;
    throw new BadInput('not_found', `There is no feedback "${id.slice(0, 100)}".`, { at: 'id' });
  };
  addGroupRoutes(router, deps);
  addAnswerRoutes(router, { ...deps, one: async (id) => viewOf(await read(id)) });

  router.get('/api/feedback', viewer, async (request: Request, response: Response) => {
    const asked = parse(FeedbackQuery, request.query);
    const ids =
      asked.groupId === undefined
        ? undefined
        : (await membersOf(state, asked.groupId, maxGroupSize)).map(({ id }) => id);
    const filter = { ...filterOf(asked, deps.clock.now()), ids };
    const page = await pageOf({
      read: (before, limit) => listFeedback(reader, { ...filter, before, limit }),
      states: { of: (ids) => triageStates(state, ids) },
      state: asked.state,
      before: decodeCursor(asked.cursor),
      limit: Math.min(asked.limit ?? defaultLimit, maxLimit),
    });
    const answer: List<FeedbackAnswer> = {
      items: [
        ...(await viewsOf(
          state,
          page.items.map(({ feedback }) => feedback),
        )),
      ],
      nextCursor: page.next ? encodeCursor(page.next) : null,
      ...(page.isPartial ? { partial: 'More feedback was looked through than a page may: go on.' } : {}),
    };
    response.json(answer);
  });

  router.get('/api/feedback/:id', viewer, async (request: Request, response: Response) => {
    response.json(await viewOf(await one(request)));
  });

  router.get('/api/feedback/:id/errors', viewer, async (request: Request, response: Response) => {
    const { sessionId, traceId, at } = await one(request);
    const errors = await sessionErrors(reader, {
      ...{ sessionId, traceId },
      from: at - beforeMs,
      to: at + afterMs,
      limit: maxErrors,
    });
    const answer: List<FeedbackError> = {
      items: errors.map((error) => ({ ...error, at: new Date(error.at).toISOString() })),
      nextCursor: null,
    };
    response.json(answer);
  });

  router.get('/api/feedback/:id/screenshot', viewer, async (request: Request, response: Response) => {
    const { id, screenshotId } = await one(request);
    const attachment = screenshotId === '' ? undefined : await findAttachment(state, screenshotId);
    if (!attachment) throw new BadInput('not_found', 'This feedback has no screenshot.');
    // A stranger sent these bytes: whatever they are, a browser shows them as a picture or not at all.
    response.set({
      'Content-Type': attachment.contentType,
      'Content-Disposition': `inline; filename="${fileName(id, attachment.contentType)}"`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'private, max-age=3600',
    });
    response.end(attachment.bytes);
  });

  router.patch(
    '/api/feedback/:id',
    deps.access.role('responder'),
    express.json({ limit: '1kb' }),
    async (request: Request, response: Response) => {
      const change = parse(FeedbackPatch, request.body);
      const feedback = await one(request);
      if (change.state !== undefined) {
        const triage = {
          state: change.state,
          changedAt: deps.clock.now(),
          changedBy: principalOf(response).name,
        };
        await setTriage(state, feedback, triage);
      }
      if (change.groupId === null) await removeMember(state, feedback.id);
      const answer = await viewOf(feedback);
      deps.live.emit('feedback', answer);
      response.json(answer);
    },
  );
  return router;
}

function filterOf(asked: z.output<typeof FeedbackQuery>, now: number) {
  const [min, max = min] = (asked.rating ?? '').split('-').map(Number);
  if (min !== undefined && max !== undefined && min > max) {
    throw new BadInput('bad_request', `"rating" is a range from low to high, such as ${max}-${min}.`, {
      at: 'rating',
    });
  }
  const words = (asked.query ?? '').split(/\s+/).filter((word) => word !== '');
  if (words.length > maxWords) {
    throw new BadInput(
      'bad_request',
      `"query" has ${words.length} words; at most ${maxWords} are searched.`,
      {
        at: 'query',
      },
    );
  }
  return {
    service: asked.service,
    environment: asked.environment,
    version: asked.version,
    ratings: asked.rating === undefined || min === undefined ? undefined : { min, max: max ?? min },
    page: asked.page,
    words,
    from: instant('from', asked.from, now),
    to: instant('to', asked.to, now),
  };
}

function fileName(id: string, contentType: string): string {
  const extension = contentType === 'image/jpeg' ? 'jpg' : contentType.replace('image/', '');
  return `feedback-${id.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.${extension}`;
}
