import express, { type Request, type Response, type Router } from 'express';
import { principalOf, type Access } from '../../../src/http/access.js';
import type { List } from '../../../src/http/contract/common.js';
import {
  FeedbackAnswerInput,
  FeedbackGroupInput,
  FeedbackGroupPatch,
  FeedbackGroupsQuery,
  type FeedbackGroup,
} from '../../../src/http/contract/feedback.js';
import { parse } from '../../../src/http/validate.js';
import { decodeCursor, encodeCursor } from '../../../src/lib/cursor.js';
import { BadInput } from '../../../src/lib/errors.js';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import { findGroup, listGroups, type FeedbackGroupRecord } from '../../../src/store/state/feedback-groups.js';
import type { FeedbackDesk } from '../desk.js';
import type { GroupProblems } from '../ports.js';

export interface GroupRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
  readonly desk: FeedbackDesk;
  readonly problems: GroupProblems;
}

const defaultLimit = 100;
const maxLimit = 200;

/** Feedbacks that say the same thing, put together. Mount it before `/api/feedback/:id`. */
export function addGroupRoutes(router: Router, deps: GroupRoutesDeps): void {
  const { access, state, desk } = deps;
  const viewer = access.role('viewer');
  const responder = access.role('responder');
  const small = express.json({ limit: '32kb' });
  const viewsOf = async (groups: readonly FeedbackGroupRecord[]): Promise<FeedbackGroup[]> => {
    const problems = await deps.problems.of(groups.map(({ id }) => id));
    return groups.map((group) => groupView(group, problems.get(group.id) ?? null));
  };
  const view = async (group: FeedbackGroupRecord): Promise<FeedbackGroup> => {
    const problems = await deps.problems.of([group.id]);
    return groupView(group, problems.get(group.id) ?? null);
  };

  router.get('/api/feedback/groups', viewer, async (request: Request, response: Response) => {
    const asked = parse(FeedbackGroupsQuery, request.query);
    const limit = Math.min(asked.limit ?? defaultLimit, maxLimit);
    const before = decodeCursor(asked.cursor);
    const found = await listGroups(state, { state: asked.state, before, limit: limit + 1 });
    const groups = found.slice(0, limit);
    const last = groups.at(-1);
    const answer: List<FeedbackGroup> = {
      items: await viewsOf(groups),
      nextCursor: found.length > limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null,
    };
    response.json(answer);
  });

  router.post('/api/feedback/groups', responder, small, async (request: Request, response: Response) => {
    const asked = parse(FeedbackGroupInput, request.body);
    const group = await desk.group(asked, principalOf(response).name);
    response.status(asked.groupId === undefined ? 201 : 200).json(await view(group));
  });

  router.get('/api/feedback/groups/:id', viewer, async (request: Request, response: Response) => {
    const id = String(request.params['id']);
    const group = await findGroup(state, id);
    if (!group) throw new BadInput('not_found', `There is no feedback group "${id.slice(0, 100)}".`);
    response.json(await view(group));
  });

  router.patch('/api/feedback/groups/:id', responder, small, async (request: Request, response: Response) => {
    const change = parse(FeedbackGroupPatch, request.body);
    const group = await desk.changeGroup(String(request.params['id']), change, principalOf(response).name);
    response.json(await view(group));
  });

  router.post(
    '/api/feedback/groups/:id/answers',
    responder,
    small,
    async (request: Request, response: Response) => {
      const { text } = parse(FeedbackAnswerInput, request.body);
      const id = String(request.params['id']);
      const group = await findGroup(state, id);
      if (!group) throw new BadInput('not_found', `There is no feedback group "${id.slice(0, 100)}".`);
      const told = await desk.answerGroup(id, { text, actor: principalOf(response).name });
      response.status(201).json({ told });
    },
  );
}

function groupView(group: FeedbackGroupRecord, problemId: string | null): FeedbackGroup {
  return {
    ...group,
    createdAt: new Date(group.createdAt).toISOString(),
    lastAt: group.lastAt === null ? null : new Date(group.lastAt).toISOString(),
    problemId,
  };
}
