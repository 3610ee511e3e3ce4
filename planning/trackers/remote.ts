import type { NewId } from '../../src/lib/ids.js';
import type { Problem, Ticket } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { lockProblems, problemsByIds } from '../../src/store/state/problems.js';
import { pendingTicketOps, ticketsByNumbers, updateTicket } from '../../src/store/state/tickets.js';
import { take, type Step } from '../problems/write.js';
import type { RemoteTicket } from './tracker.js';
import { awaitedServices } from '../verification/fixes.js';

export interface RemoteDeps {
  readonly state: StateDatabase;
  readonly newId: NewId;
  readonly trackerName: string;
}

/** What is known of a ticket's change at the tracker, by webhook or by asking. */
export type RemoteNews = Pick<
  RemoteTicket,
  'place' | 'number' | 'url' | 'state' | 'reason' | 'updatedAt' | 'closedAt'
> & {
  /** Empty when unknown. */
  readonly actor: string;
};

/**
 * Takes over what happened to tickets at the tracker. News of what Lemni did itself, older news and repetitions
 * change nothing: the stored state is what is compared, not who did it. The ids of problems that changed.
 */
export async function applyRemote(
  deps: RemoteDeps,
  news: readonly RemoteNews[],
  now: number,
): Promise<string[]> {
  const known = await ticketsByNumbers(
    deps.state,
    deps.trackerName,
    news.map(({ number }) => number),
  );
  const changed: string[] = [];
  for (const ticket of known) {
    for (const one of news) {
      const isSame = one.number === ticket.number && one.place.toLowerCase() === ticket.place.toLowerCase();
      if (isSame && (await applyOne(deps, ticket.problemId, one, now))) changed.push(ticket.problemId);
    }
  }
  return changed;
}

async function applyOne(
  { state, newId, trackerName }: RemoteDeps,
  problemId: string,
  news: RemoteNews,
  now: number,
): Promise<boolean> {
  return state.transaction().execute(async (transaction) => {
    await lockProblems(transaction);
    const [problem] = await problemsByIds(transaction, [problemId]);
    // Read again under the lock: another process may have been told the same.
    const ticket = (await ticketsByNumbers(transaction, trackerName, [news.number])).find(
      (one) => one.problemId === problemId,
    );
    if (!problem || !ticket || news.updatedAt < ticket.remoteAt) return false;
    const stands = { remoteAt: news.updatedAt, syncedAt: now, error: null };
    const isOurs = await willSay(transaction, problemId, news.state);
    if (news.state === ticket.state || isOurs) {
      await updateTicket(transaction, problemId, stands);
      return false;
    }
    await updateTicket(transaction, problemId, { ...stands, state: news.state });
    await take(transaction, stepOf(problem, ticket, news), { now, newId });
    return true;
  });
}

/** An attempt of Lemni's own to bring it into this state has begun: this is what came of it. */
async function willSay(
  transaction: StateDatabase,
  problemId: string,
  state: RemoteNews['state'],
): Promise<boolean> {
  const work = state === 'closed' ? 'close' : 'reopen';
  const pending = await pendingTicketOps(transaction, problemId);
  return pending.some((op) => op.work === work && op.attempts > 0);
}

function stepOf(problem: Problem, { number }: Ticket, news: RemoteNews): Step {
  const who = news.actor === '' ? '' : ` by ${news.actor}`;
  const key = `#${number ?? news.number}`;
  const data = { number: news.number, state: news.state, reason: news.reason };
  const actor = news.actor === '' ? null : news.actor;
  const event = (text: string) => ({ kind: 'ticket', text, actor, data }) as const;
  if (news.state === 'open') {
    const wasOver =
      ['dismissed', 'verified', 'fixed'].includes(problem.state) || problem.awaitsReleaseSince !== null;
    return {
      problem,
      event: event(`${key} was reopened${who}`),
      ...(wasOver ? { change: { state: 'planned', awaitsReleaseSince: null } } : {}),
    };
  }
  if (news.reason === 'not_planned' || news.reason === 'duplicate') {
    const isActive = problem.state !== 'verified' && problem.state !== 'dismissed';
    const why = news.reason === 'duplicate' ? 'a duplicate' : 'not planned';
    return {
      problem,
      event: event(`${key} was closed as ${why}${who}`),
      ...(isActive ? { change: { state: 'dismissed', awaitsReleaseSince: null } } : {}),
    };
  }
  const waits = ['open', 'planned', 'regressed'].includes(problem.state);
  const next = waits
    ? `: the next release of ${awaitedServices(problem).join(' or ') || 'its service'} is watched`
    : '';
  return {
    problem,
    event: event(`${key} was closed as done${who}${next}`),
    // Comments after it was closed move `updatedAt`: a release in between would be missed.
    ...(waits ? { change: { awaitsReleaseSince: news.closedAt ?? news.updatedAt } } : {}),
  };
}
