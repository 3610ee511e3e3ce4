import { describe, expect, it } from 'vitest';
import type { Position } from '../../src/lib/cursor.js';
import type { Feedback, FeedbackState } from '../../src/model/feedback.js';
import { pageOf, type FeedbackPage } from './page.js';

/** 25,000 feedbacks, three each millisecond; only these are closed. */
const total = 25_000;
const closed = new Set(['f00003', 'f12000', 'f24999']);
const all = Array.from({ length: total }, (_, i): Feedback => {
  const id = `f${String(i).padStart(5, '0')}`;
  return {
    id,
    at: Math.floor(i / 3),
    service: '',
    environment: '',
    version: '',
    rating: null,
    message: '',
    email: '',
    page: '',
    sessionId: '',
    traceId: '',
    userId: '',
    userAgent: '',
    screenshotId: '',
    attributes: {},
    receivedAt: 0,
  };
}).toReversed();
let reads = 0;
const read = (before: Position | undefined, limit: number): Promise<Feedback[]> => {
  reads++;
  const start =
    before === undefined
      ? 0
      : all.findIndex(({ at, id }) => at < before.at || (at === before.at && id < before.id));
  return Promise.resolve(start < 0 ? [] : all.slice(start, start + limit));
};
const states = {
  of: (ids: readonly string[]) =>
    Promise.resolve(
      new Map(ids.filter((id) => closed.has(id)).map((id): [string, FeedbackState] => [id, 'closed'])),
    ),
};
const pages = async (state: FeedbackState | undefined, limit: number): Promise<FeedbackPage[]> => {
  const seen: FeedbackPage[] = [];
  let before: Position | undefined;
  do {
    const page = await pageOf({ read, states, state, before, limit });
    seen.push(page);
    before = page.next;
  } while (before && seen.length < 1000);
  return seen;
};

describe('a page of feedback', () => {
  it('in any state is one read, and all pages together are all of it', async () => {
    reads = 0;
    const seen = await pages(undefined, 200);
    expect(reads).toBe(125);
    expect(seen.flatMap(({ items }) => items.map(({ feedback }) => feedback.id))).toEqual(
      all.map(({ id }) => id),
    );
    expect(seen.every(({ isPartial }) => !isPartial)).toBe(true);
  });

  it('in a rare state looks at 10,000 and goes on from there', async () => {
    reads = 0;
    const seen = await pages('closed', 200);
    expect(seen.flatMap(({ items }) => items.map(({ feedback }) => feedback.id))).toEqual([
      'f24999',
      'f12000',
      'f00003',
    ]);
    expect(seen.map(({ isPartial }) => isPartial)).toEqual([true, true, false]);
    expect(reads).toBe(51);
  });

  it('in the usual state is without gaps', async () => {
    const seen = await pages('open', 199);
    const ids = seen.flatMap(({ items }) => items.map(({ feedback }) => feedback.id));
    expect(ids).toEqual(all.map(({ id }) => id).filter((id) => !closed.has(id)));
  });

  it('that holds the last one is the last page', async () => {
    const few = (before: Position | undefined) => Promise.resolve(before ? [] : all.slice(0, 2));
    for (const state of [undefined, 'open'] as const) {
      const page = await pageOf({ read: few, states, state, before: undefined, limit: state ? 1 : 2 });
      expect(page.next).toBeUndefined();
      expect(page.items).toHaveLength(state ? 1 : 2);
    }
  });
});
