import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { Access, Principal } from '../../src/http/access.js';
import type { List } from '../../src/http/contract/common.js';
import {
  FeedbackPatch,
  FeedbackQuery,
  type Feedback as FeedbackAnswer,
} from '../../src/http/contract/feedback.js';
import { parse } from '../../src/http/validate.js';
import type { Clock } from '../../src/lib/clock.js';
import { decodeCursor, encodeCursor } from '../../src/lib/cursor.js';
import { BadInput } from '../../src/lib/errors.js';
import { instant } from '../../src/lib/time-range.js';
import { feedbackView, type Feedback } from '../../src/model/feedback.js';
import { findFeedback, listFeedback } from '../../src/query/feedback.js';
import { findAttachment } from '../../src/store/state/attachments.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { findTriage, setTriage, triageStates } from '../../src/store/state/feedback.js';
import type { TelemetryReader } from '../../src/store/telemetry/database.js';
import { pageOf } from './page.js';
import type { Live } from './ports.js';

export interface FeedbackRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
  readonly reader: TelemetryReader;
  readonly live: Live;
  readonly clock: Clock;
}

const defaultLimit = 50;
const maxLimit = 200;
const maxWords = 10;

/** The inbox: what people said, and whether somebody has dealt with it. */
export function feedbackRoutes(deps: FeedbackRoutesDeps): Router {
  const router = express.Router();
  const { state, reader } = deps;
  const viewer = deps.access.role('viewer');
  const stateOf = async (id: string) => (await findTriage(state, id))?.state ?? 'open';
  const one = async (request: Request): Promise<Feedback> => {
    const id = String(request.params['id']);
    const feedback = await findFeedback(reader, id);
    if (feedback) return feedback;
    throw new BadInput('not_found', `There is no feedback "${id.slice(0, 100)}".`, { at: 'id' });
  };

  router.get('/api/feedback', viewer, async (request: Request, response: Response) => {
    const asked = parse(FeedbackQuery, request.query);
    const filter = filterOf(asked, deps.clock.now());
    const page = await pageOf({
      read: (before, limit) => listFeedback(reader, { ...filter, before, limit }),
      states: { of: (ids) => triageStates(state, ids) },
      state: asked.state,
      before: decodeCursor(asked.cursor),
      limit: Math.min(asked.limit ?? defaultLimit, maxLimit),
    });
    const answer: List<FeedbackAnswer> = {
      items: page.items.map((item) => feedbackView(item.feedback, item.state)),
      nextCursor: page.next ? encodeCursor(page.next) : null,
      ...(page.isPartial ? { partial: 'More feedback was looked through than a page may: go on.' } : {}),
    };
    response.json(answer);
  });

  router.get('/api/feedback/:id', viewer, async (request: Request, response: Response) => {
    const feedback = await one(request);
    const answer: FeedbackAnswer = feedbackView(feedback, await stateOf(feedback.id));
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
      const { state: next } = parse(FeedbackPatch, request.body);
      const feedback = await one(request);
      const { name } = response.locals['principal'] as Principal; // Put there by access.role.
      await setTriage(state, feedback, { state: next, changedAt: deps.clock.now(), changedBy: name });
      const answer: FeedbackAnswer = feedbackView(feedback, next);
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
