import type { z } from 'zod';
import type { ProblemInput, ProblemPatch } from '../../src/http/contract/problems.js';
import { BadInput } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Problem, ProblemState } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import {
  insertProblem,
  lockProblems,
  nextProblemNumber,
  problemsByIds,
  problemsOfSources,
} from '../../src/store/state/problems.js';
import { draftOf, type Draft, type OpenDeps } from './open.js';
import { impactOf } from './rank.js';
import { sourceKey } from './sources.js';
import { take, type Step } from './write.js';

export interface ActionDeps extends OpenDeps {
  readonly newId: NewId;
}

const nothing = { users: 0, sessions: 0, senders: 0, requests: 0, minutes: 0, feedback: 0 };

/** Opens a problem; the second from the same source answers the first. */
export async function openProblem(
  deps: ActionDeps,
  input: z.output<typeof ProblemInput>,
  actor: string,
  now: number,
): Promise<{ id: string; isNew: boolean }> {
  const source = sourceKey(input.from);
  const known = (await problemsOfSources(deps.state, [source])).get(source);
  if (known !== undefined) return { id: known, isNew: false };
  const draft = await draftOf(input.from, deps, now);
  const titled = input.title === undefined ? draft : { ...draft, title: input.title };
  return deps.state.transaction().execute(async (transaction) => {
    await lockProblems(transaction);
    const faster = (await problemsOfSources(transaction, [source])).get(source);
    if (faster !== undefined) return { id: faster, isNew: false };
    const id = deps.newId(now);
    const number = await nextProblemNumber(transaction);
    const problem = problemOf(titled, { id, number, actor, now });
    await insertProblem(transaction, problem, source);
    const event = {
      kind: 'opened',
      text: `${actor} opened it from ${draft.origin}`,
      actor,
      data: { ...input.from },
    } as const;
    await take(transaction, { problem, event }, { now, newId: deps.newId });
    return { id, isNew: true };
  });
}

function problemOf(
  draft: Draft,
  { id, number, actor, now }: { id: string; number: number; actor: string; now: number },
): Problem {
  const { title, services, environment, since, signature } = draft;
  return {
    id,
    number,
    title: title === '' ? `Problem ${number}` : title,
    state: 'open',
    services,
    environment,
    createdAt: now,
    createdBy: actor,
    since,
    signature,
    impact: impactOf(nothing, { from: since, to: now }),
    awaitsReleaseSince: null,
  };
}

/** What people change by hand. */
export async function patchProblem(
  { state, newId }: Pick<ActionDeps, 'state' | 'newId'>,
  id: string,
  patch: z.output<typeof ProblemPatch>,
  { actor, now }: { readonly actor: string; readonly now: number },
): Promise<boolean> {
  return state.transaction().execute(async (transaction) => {
    await lockProblems(transaction);
    const problem = await mustFind(transaction, id);
    let changed = false;
    const context = { now, newId };
    if (patch.title !== undefined && patch.title !== problem.title) {
      changed = await take(transaction, retitled(problem, patch.title, actor), context);
    }
    if (patch.state !== undefined && patch.state !== problem.state) {
      changed = (await take(transaction, moved(problem, patch.state, actor), context)) || changed;
    }
    return changed;
  });
}

function retitled(problem: Problem, title: string, actor: string): Step {
  return {
    problem,
    change: { title },
    event: { kind: 'state', text: `${actor} called it “${title}” (was “${problem.title}”)`, actor },
    ticket: [{ work: 'update', text: '' }],
  };
}

function moved(problem: Problem, state: ProblemState, actor: string): Step {
  const kind = state === 'planned' ? 'planned' : 'state';
  return {
    problem,
    change: { state, awaitsReleaseSince: null },
    event: {
      kind,
      text: `${actor} set it from ${problem.state} to ${state}`,
      actor,
      data: { from: problem.state, to: state },
    },
    ticket: ticketFollows(problem.state, state),
  };
}

/** A ticket is open while somebody still has to do something. */
function ticketFollows(from: ProblemState, to: ProblemState): NonNullable<Step['ticket']> {
  const isOver = (state: ProblemState): boolean => state === 'dismissed' || state === 'verified';
  if (isOver(to) && !isOver(from)) {
    return [{ work: 'close', text: to === 'dismissed' ? 'not_planned' : 'completed' }];
  }
  return isOver(from) && !isOver(to) ? [{ work: 'reopen', text: '' }] : [{ work: 'update', text: '' }];
}

export async function commentProblem(
  { state, newId }: Pick<ActionDeps, 'state' | 'newId'>,
  id: string,
  text: string,
  { actor, now }: { readonly actor: string; readonly now: number },
): Promise<void> {
  await state.transaction().execute(async (transaction) => {
    const problem = await mustFind(transaction, id);
    await take(transaction, { problem, event: { kind: 'comment', text, actor } }, { now, newId });
  });
}

export async function mustFind(database: StateDatabase, id: string): Promise<Problem> {
  const [problem] = await problemsByIds(database, [id]);
  if (problem) return problem;
  throw new BadInput('not_found', 'There is no problem with this id: GET /api/problems lists them.', {
    at: 'id',
  });
}
