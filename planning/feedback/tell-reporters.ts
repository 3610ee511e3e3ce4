import type { Logger } from 'pino';
import { messageOf } from '../../src/lib/errors.js';
import type { Problem, Verification } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { problemsByIds } from '../../src/store/state/problems.js';
import { watchedVerifications } from '../../src/store/state/verifications.js';
import type { Reporters } from './ports.js';

export interface TellReportersDeps {
  readonly state: StateDatabase;
  readonly reporters: Reporters;
  readonly log: Logger;
}

/** A fix that was verified longer ago is no longer news, even after an outage of Lemni. */
const newsMs = 3 * 86_400_000;
const maxWatched = 100;
/** Verifications that are remembered as told, so that a round costs nothing. */
const maxRemembered = 1000;

/**
 * Tells those who reported a problem that its fix was seen to work. A crash between the verdict and the
 * answers does no harm: the next round looks again, and the key of an answer is its verification.
 */
export function tellReporters(deps: TellReportersDeps): (now: number) => Promise<void> {
  const told = new Set<string>();
  return async (now) => {
    try {
      const watched = await watchedVerifications(deps.state, now - newsMs, maxWatched);
      const news = watched.filter(({ id, state }) => state === 'verified' && !told.has(id));
      if (news.length === 0) return;
      const problems = await problemsByIds(
        deps.state,
        news.map(({ problemId }) => problemId),
      );
      for (const verification of news) {
        const problem = problems.find(({ id }) => id === verification.problemId);
        if (problem) await tell(deps.reporters, problem, verification);
        if (told.size >= maxRemembered) told.clear();
        told.add(verification.id);
      }
    } catch (error) {
      deps.log.warn({ error: messageOf(error) }, 'reporters could not be told of a fix; tried again soon');
    }
  };
}

async function tell(reporters: Reporters, problem: Problem, verification: Verification): Promise<void> {
  const { service, version } = verification;
  const answer = {
    text: `This is fixed in ${service} ${version}. Thank you for telling us.`,
    actor: 'Lemni',
    key: `verified:${verification.id}`,
  };
  const alone = problem.signature.flatMap((part) => (part.kind === 'feedback' ? [part.feedbackId] : []));
  if (alone.length > 0) await reporters.answer(alone, answer);
  for (const part of problem.signature) {
    if (part.kind === 'feedback_group') await reporters.answerGroup(part.groupId, answer);
  }
}
