import { json, Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { principalOf, type Access } from '../../src/http/access.js';
import type { List } from '../../src/http/contract/common.js';
import {
  ErrorsQuery,
  ProblemComment,
  ProblemInput,
  ProblemPatch,
  ProblemsQuery,
  ProblemTrendsQuery,
  TicketInput,
  type ErrorGroup,
  type ProblemDetail,
  type ProblemItem,
  type ProblemTrend,
} from '../../src/http/contract/problems.js';
import { parse } from '../../src/http/validate.js';
import type { Clock } from '../../src/lib/clock.js';
import { decodeCursor, encodeCursor } from '../../src/lib/cursor.js';
import { activeStates, type ProblemState } from '../../src/model/problems.js';
import { parseRange } from '../../src/query/time-range.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import type { ProblemTelemetry } from './ports.js';
import type { Problems } from './problems.js';
import { createTrends } from './trends.js';

export interface ProblemRoutesDeps {
  readonly access: Access;
  readonly problems: Problems;
  readonly state: StateDatabase;
  readonly telemetry: Pick<ProblemTelemetry, 'errorGroups' | 'trendOf'>;
  readonly tickets: { request(problemId: string, url: string | undefined, actor: string): Promise<void> };
  readonly clock: Clock;
}

const defaultLimit = 50;
const maxLimit = 200;
const maxTrends = 50;
const dayMs = 86_400_000;

/** Problems and error groups: what to plan next, and whether it worked. */
export function problemRoutes(deps: ProblemRoutesDeps): Router {
  const router = Router();
  const { access, problems } = deps;
  const viewer = access.role('viewer');
  router.get('/api/problems', viewer, async (request, response) => {
    response.json(await page(deps, request));
  });
  const trends = createTrends(deps);
  // Before the one problem: `trends` is no id.
  router.get('/api/problems/trends', viewer, async (request, response) => {
    const { ids } = parse(ProblemTrendsQuery, request.query);
    const items = await trends.of(ids.split(',').slice(0, maxTrends));
    response.json({ items, nextCursor: null } satisfies List<ProblemTrend>);
  });
  router.get('/api/problems/:id', viewer, async (request, response) => {
    const answer: ProblemDetail = await problems.detail(idOf(request));
    response.json(answer);
  });
  router.get('/api/errors', viewer, async (request, response) => {
    response.json(await errorsPage(deps, request));
  });
  writeRoutes(router, deps);
  return router;
}

function writeRoutes(router: Router, { access, problems, tickets }: ProblemRoutesDeps): void {
  const responder = access.role('responder');
  const body = json({ limit: '64kb' });
  router.post('/api/problems', responder, body, async (request, response) => {
    const { item, isNew } = await problems.open(parse(ProblemInput, request.body), actorOf(response));
    response.status(isNew ? 201 : 200).json(item);
  });
  router.patch('/api/problems/:id', responder, body, async (request, response) => {
    const patch = parse(ProblemPatch, request.body);
    const item: ProblemItem = await problems.patch(idOf(request), patch, actorOf(response));
    response.json(item);
  });
  router.post('/api/problems/:id/comments', responder, body, async (request, response) => {
    const { text } = parse(ProblemComment, request.body);
    await problems.comment(idOf(request), text, actorOf(response));
    response.json(await problems.detail(idOf(request)));
  });
  router.post('/api/problems/:id/ticket', responder, body, async (request, response) => {
    const { url } = parse(TicketInput, request.body ?? {});
    await tickets.request(idOf(request), url, actorOf(response));
    response.json(await problems.detail(idOf(request)));
  });
}

function idOf(request: Request): string {
  return parse(z.string().max(100), request.params['id']);
}

function actorOf(response: Response): string {
  return principalOf(response).name;
}

async function page({ problems }: ProblemRoutesDeps, request: Request): Promise<List<ProblemItem>> {
  const asked = parse(ProblemsQuery, request.query);
  const limit = Math.min(asked.limit ?? defaultLimit, maxLimit);
  const after = decodeCursor(asked.cursor);
  const found = await problems.list({
    states: statesOf(asked.state),
    service: asked.service,
    // The list is sorted by score, a whole number, where others are by time.
    after: after && { score: after.at, id: after.id },
    limit: limit + 1,
  });
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor({ at: last.impact.score, id: last.id }) : null };
}

function statesOf(state: z.output<typeof ProblemsQuery>['state']): readonly ProblemState[] | undefined {
  if (state === 'all') return undefined;
  return state === undefined || state === 'active' ? activeStates : [state];
}

async function errorsPage(
  { telemetry, clock }: ProblemRoutesDeps,
  request: Request,
): Promise<List<ErrorGroup>> {
  const asked = parse(ErrorsQuery, request.query);
  const limit = asked.limit ?? defaultLimit;
  const { items, isPartial } = await telemetry.errorGroups({
    range: parseRange(asked, clock.now(), dayMs),
    service: asked.service,
    environment: asked.environment,
    fingerprint: asked.fingerprint,
    limit,
  });
  return {
    items,
    nextCursor: null,
    ...(isPartial ? { partial: `The ${limit} most frequent error groups.` } : {}),
  };
}
