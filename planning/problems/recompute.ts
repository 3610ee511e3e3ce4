import type { NewId } from '../../src/lib/ids.js';
import { activeStates, type Problem } from '../../src/model/problems.js';
import { alertEpisodes } from '../../src/store/state/alert-episodes.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { listProblems, updateProblem } from '../../src/store/state/problems.js';
import { lastVerifications } from '../../src/store/state/verifications.js';
import { tellTicket } from './write.js';
import { impactOf } from './rank.js';
import type { FeedbackGroups, ProblemTelemetry } from './ports.js';
import {
  groupIdsOf,
  impactMs,
  impactQuestion,
  impactTime,
  rulesOf,
  withAlertMinutes,
  type Known,
} from './questions.js';

export interface RecomputeDeps {
  readonly state: StateDatabase;
  readonly telemetry: ProblemTelemetry;
  readonly groups: FeedbackGroups;
  readonly newId: NewId;
}

/** The costliest of the active ones; the rest keep what was last known. */
const maxActive = 200;

/** Works out anew what the active problems (or these) cost; the ids of those for which that changed. */
export async function recompute(
  deps: RecomputeDeps,
  now: number,
  only?: readonly Problem[],
): Promise<string[]> {
  const problems = only ?? (await listProblems(deps.state, { states: activeStates, limit: maxActive }));
  if (problems.length === 0) return [];
  const known = await knownOf(deps, problems, now);
  const questions = problems.map((problem) => impactQuestion(problem, mustKnow(known, problem.id), now));
  const counts = await deps.telemetry.impactCounts(questions);
  const changed: string[] = [];
  for (const problem of problems) {
    const its = counts.get(problem.id);
    if (!its) continue;
    const facts = mustKnow(known, problem.id);
    const time = impactTime(problem, facts.verification, now);
    const impact = impactOf(withAlertMinutes(its, problem, facts, now), time);
    if (impact.arithmetic === problem.impact.arithmetic && impact.people === problem.impact.people) continue;
    await deps.state.transaction().execute(async (transaction) => {
      await updateProblem(transaction, problem.id, { impact });
      // The ticket says what it costs: again when that is no longer about right.
      if (isWorthSaying(problem.impact.score, impact.score)) {
        await tellTicket(transaction, problem.id, [{ work: 'update', text: '' }], { now, newId: deps.newId });
      }
    });
    changed.push(problem.id);
  }
  return changed;
}

/** A third more: so a ticket is edited a dozen times while a problem grows a hundredfold. */
function isWorthSaying(before: number, after: number): boolean {
  return Math.abs(after - before) > before / 3;
}

const unknown: Known = { episodes: [], verification: null, groupMembers: [] };

function mustKnow(known: ReadonlyMap<string, Known>, id: string): Known {
  return known.get(id) ?? unknown;
}

async function knownOf(
  { state, groups }: RecomputeDeps,
  problems: readonly Problem[],
  now: number,
): Promise<ReadonlyMap<string, Known>> {
  const verifications = await lastVerifications(
    state,
    problems.map(({ id }) => id),
  );
  const since = Math.max(now - impactMs, Math.min(...problems.map((problem) => problem.since)));
  const episodes = await alertEpisodes(
    state,
    problems.flatMap(({ signature }) => rulesOf(signature)),
    since,
  );
  const known = new Map<string, Known>();
  for (const { id, signature } of problems) {
    const members: string[] = [];
    for (const groupId of groupIdsOf(signature)) {
      members.push(...((await groups.find(groupId))?.feedbackIds ?? []));
    }
    known.set(id, { episodes, verification: verifications.get(id) ?? null, groupMembers: members });
  }
  return known;
}
