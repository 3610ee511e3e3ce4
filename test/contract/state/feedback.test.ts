import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StateDatabase } from '../../../src/store/state/connect.js';
import {
  answersTo,
  countAnswers,
  deleteAnswersBefore,
  insertAnswer,
} from '../../../src/store/state/feedback-answers.js';
import {
  addMembers,
  changeGroup,
  deleteGroupsBefore,
  findGroup,
  groupsOf,
  insertGroup,
  listGroups,
  membersOf,
  removeMember,
} from '../../../src/store/state/feedback-groups.js';
import { stopTwins, twins } from './twins.js';

const now = Date.parse('2026-11-22T10:00:00Z');

afterAll(stopTwins);

describe.each(twins)('groups and answers in $name', (twin) => {
  let state: StateDatabase;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ state, stop } = await twin.start());
  });
  afterAll(() => stop());

  const group = (id: string, createdAt = now) =>
    insertGroup(state, { id, title: `title "${id}" 😀`, createdAt, createdBy: 'Zoë' });

  it('count, average and move what is in them', async () => {
    await group('g1');
    await group('g2', now + 1);
    expect(await findGroup(state, 'g1')).toEqual({
      id: 'g1',
      title: 'title "g1" 😀',
      state: 'open',
      createdAt: now,
      createdBy: 'Zoë',
      count: 0,
      lastAt: null,
      averageRating: null,
    });
    const members = [
      { id: 'a', at: now - 3, rating: 1 },
      { id: 'b', at: now - 2, rating: 2 },
      { id: 'c', at: now - 1, rating: null },
    ];
    await addMembers(state, 'g1', members);
    await addMembers(state, 'g1', members);
    expect(await findGroup(state, 'g1')).toMatchObject({ count: 3, lastAt: now - 1, averageRating: 1.5 });
    await addMembers(state, 'g2', members.slice(0, 1));
    expect(await groupsOf(state, ['a', 'b', 'x'])).toEqual(
      new Map([
        ['a', 'g2'],
        ['b', 'g1'],
      ]),
    );
    expect((await membersOf(state, 'g1', 1)).map(({ id }) => id)).toEqual(['c']);
    await removeMember(state, 'b');
    expect(await findGroup(state, 'g1')).toMatchObject({ count: 1, averageRating: null });
    await changeGroup(state, 'g1', {});
    await changeGroup(state, 'g1', { state: 'closed' });
    const ids = async (filter: Partial<Parameters<typeof listGroups>[1]>) =>
      (await listGroups(state, { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual(['g2', 'g1']);
    expect(await ids({ state: 'open' })).toEqual(['g2']);
    expect(await ids({ limit: 1 })).toEqual(['g2']);
    expect(await ids({ before: { at: now + 1, id: 'g2' } })).toEqual(['g1']);
    expect(await ids({ ids: [] })).toEqual([]);
  });

  it('keep one answer a key, also when it is given many times at once', async () => {
    const answer = { feedbackId: 'a', feedbackAt: now - 3, at: now, actor: 'Lemni', text: 'Fixed in 1.2 ✓' };
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, i) => insertAnswer(state, { ...answer, id: `n${i}` }, 'verified:p1:a')),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    await insertAnswer(state, { ...answer, id: 'later', at: now + 1, text: 'Thank you' }, 'later');
    const found = await answersTo(state, ['a', 'b']);
    expect([...found.keys()]).toEqual(['a']);
    expect(found.get('a')?.map(({ text }) => text)).toEqual(['Fixed in 1.2 ✓', 'Thank you']);
    expect(await countAnswers(state, 'a')).toBe(2);
  });

  it('leave with the feedback', async () => {
    await deleteGroupsBefore(state, now);
    await deleteAnswersBefore(state, now);
    expect(await membersOf(state, 'g1', 10)).toEqual([]);
    expect(await countAnswers(state, 'a')).toBe(0);
    // Made after the bound: somebody may still fill it.
    expect((await listGroups(state, { limit: 10 })).map(({ id }) => id)).toEqual(['g2', 'g1']);
    await deleteGroupsBefore(state, now + 1);
    expect((await listGroups(state, { limit: 10 })).map(({ id }) => id)).toEqual(['g2']);
  });
});
