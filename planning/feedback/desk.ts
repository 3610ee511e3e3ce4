import type { Clock } from '../../src/lib/clock.js';
import { BadInput } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import { cleanText } from '../../src/lib/text.js';
import type { Feedback, FeedbackState } from '../../src/model/feedback.js';
import { listFeedback } from '../../src/query/feedback.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { setTriage } from '../../src/store/state/feedback.js';
import { countAnswers, insertAnswer } from '../../src/store/state/feedback-answers.js';
import {
  addMembers,
  changeGroup,
  findGroup,
  insertGroup,
  membersOf,
  type FeedbackGroupRecord,
} from '../../src/store/state/feedback-groups.js';
import type { TelemetryReader } from '../../src/store/telemetry/database.js';
import { viewsOf } from './care.js';
import type { AnswerToGive, Live, Reporters } from './ports.js';

export interface FeedbackDeskDeps {
  readonly state: StateDatabase;
  readonly reader: TelemetryReader;
  readonly live: Live;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface GroupToMake {
  /** More for this one; undefined: a new one. */
  readonly groupId?: string | undefined;
  readonly title?: string | undefined;
  readonly feedbackIds: readonly string[];
}

/** What the team does with feedback: puts it together, answers, closes. Everyone who watches is told. */
export interface FeedbackDesk extends Reporters {
  /** A group for a problem: of its members the newest thousand. */
  find(
    groupId: string,
  ): Promise<{ readonly title: string; readonly feedbackIds: readonly string[] } | undefined>;
  group(what: GroupToMake, actor: string): Promise<FeedbackGroupRecord>;
  /** Renames it, or opens or closes it together with all that is in it. */
  changeGroup(
    id: string,
    change: { readonly title?: string | undefined; readonly state?: FeedbackState | undefined },
    actor: string,
  ): Promise<FeedbackGroupRecord>;
}

/** A group that is answered or closed touches each of its feedbacks. */
export const maxGroupSize = 2000;
/** More on one feedback is a conversation, and belongs elsewhere. */
const maxAnswers = 50;
/** More changes at once are not told one by one: browsers ask again when they next look. */
const maxTold = 200;
const maxText = 4000;

export function createFeedbackDesk(deps: FeedbackDeskDeps): FeedbackDesk {
  const { state, clock } = deps;

  async function known(id: string): Promise<FeedbackGroupRecord> {
    const group = await findGroup(state, id);
    if (group) return group;
    throw new BadInput('not_found', `There is no feedback group "${id.slice(0, 100)}".`, { at: 'groupId' });
  }

  async function tell(ids: readonly string[]): Promise<void> {
    const some = ids.slice(0, maxTold);
    const feedbacks = await byIds(deps.reader, some);
    for (const view of await viewsOf(state, feedbacks)) deps.live.emit('feedback', view);
  }

  async function answerEach(
    people: readonly { readonly id: string; readonly at: number }[],
    answer: AnswerToGive,
  ): Promise<number> {
    const now = clock.now();
    const told: string[] = [];
    const text = cleanText(answer.text, maxText);
    await state.transaction().execute(async (transaction) => {
      for (const { id: feedbackId, at: feedbackAt } of people) {
        const id = deps.newId(now);
        // A key is one answer to each of many people.
        const key = answer.key === undefined ? id : `${answer.key}:${feedbackId}`;
        const record = { id, feedbackId, feedbackAt, at: now, actor: answer.actor, text };
        if (await insertAnswer(transaction, record, key)) told.push(feedbackId);
      }
    });
    await tell(told);
    return told.length;
  }

  return {
    find: async (groupId) => {
      const group = await findGroup(state, groupId);
      if (!group) return undefined;
      const members = await membersOf(state, groupId, 1000);
      return { title: group.title, feedbackIds: members.map(({ id }) => id) };
    },
    answer: async (feedbackIds, answer) => {
      const feedbacks = await byIds(deps.reader, feedbackIds);
      const [only] = feedbacks;
      const byHand = answer.key === undefined && feedbacks.length === 1;
      if (byHand && only && (await countAnswers(state, only.id)) >= maxAnswers) {
        throw new BadInput('conflict', `This feedback has ${maxAnswers} answers, which is all it can have.`);
      }
      return answerEach(feedbacks, answer);
    },
    answerGroup: async (groupId, answer) => answerEach(await membersOf(state, groupId, maxGroupSize), answer),
    group: async ({ groupId, title, feedbackIds }, actor) => {
      const unique = [...new Set(feedbackIds)];
      const feedbacks = await byIds(deps.reader, unique);
      const missing = unique.find((id) => !feedbacks.some((feedback) => feedback.id === id));
      if (missing !== undefined) {
        throw new BadInput('not_found', `There is no feedback "${missing}".`, { at: 'feedbackIds' });
      }
      const now = clock.now();
      const id = groupId ?? deps.newId(now);
      if (groupId !== undefined && (await known(groupId)).count + feedbacks.length > maxGroupSize) {
        throw new BadInput('conflict', `A group holds at most ${maxGroupSize}: begin another one.`);
      }
      await state.transaction().execute(async (transaction) => {
        if (groupId === undefined) {
          const named = title ?? titleOf(feedbacks);
          await insertGroup(transaction, { id, title: named, createdAt: now, createdBy: actor });
        } else await changeGroup(transaction, id, { title });
        await addMembers(transaction, id, feedbacks);
      });
      await tell(unique);
      return known(id);
    },
    changeGroup: async (id, change, actor) => {
      await known(id);
      const members = change.state === undefined ? [] : await membersOf(state, id, maxGroupSize);
      await state.transaction().execute(async (transaction) => {
        await changeGroup(transaction, id, change);
        for (const member of members) {
          const triage = { state: change.state ?? 'open', changedAt: clock.now(), changedBy: actor };
          await setTriage(transaction, member, triage);
        }
      });
      await tell(members.map((member) => member.id));
      return known(id);
    },
  };
}

async function byIds(reader: TelemetryReader, ids: readonly string[]): Promise<Feedback[]> {
  return ids.length === 0 ? [] : listFeedback(reader, { ids, limit: ids.length });
}

/** What the worst of them said, cut to a line. */
function titleOf(feedbacks: readonly Feedback[]): string {
  const worst = feedbacks.toSorted((a, b) => (a.rating ?? 3) - (b.rating ?? 3));
  const words = worst.map(({ message }) => message.trim().split('\n')[0] ?? '').find((line) => line !== '');
  if (words === undefined) return 'Ratings without words';
  return words.length <= 80 ? words : `${words.slice(0, 79)}…`;
}
