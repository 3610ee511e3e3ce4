import { describe, expect, it } from 'vitest';
import { createOutbox, type Answer, type FeedbackBody, type Outbox } from './outbox.js';
import { shelfOf } from './storage.js';
import { memoryStorage } from './testing/memory-storage.js';

const day = 86_400_000;

interface Bench {
  readonly outbox: Outbox;
  readonly storage: Storage;
  readonly posted: FeedbackBody[];
  now: number;
  answer: Partial<Answer> | ((body: FeedbackBody) => Partial<Answer>);
  alarm: { readonly ms: number; readonly ring: () => void } | undefined;
}

function bench(storage = memoryStorage()): Bench {
  const it: Omit<Bench, 'outbox'> & { outbox?: Outbox } = {
    storage,
    posted: [],
    now: 0,
    answer: { status: 202 },
    alarm: undefined,
  };
  const outbox = createOutbox({
    shelf: shelfOf(() => storage),
    post: (body) => {
      it.posted.push(body);
      const answer = typeof it.answer === 'function' ? it.answer(body) : it.answer;
      return Promise.resolve({ status: 0, retryAfter: null, detail: '', ...answer });
    },
    now: () => it.now,
    random: () => 0.5,
    alarm: (ms, ring) => (it.alarm = { ms, ring }),
  });
  return Object.assign(it, { outbox });
}
const say = (id: string, more: object = {}): FeedbackBody => ({ id, message: id, attributes: {}, ...more });
const kept = ({ storage }: Bench): { body: FeedbackBody }[] =>
  JSON.parse(storage.getItem('lemni.outbox') ?? '[]') as { body: FeedbackBody }[];

describe('the outbox', () => {
  it('keeps nothing of what was taken or refused', async () => {
    const b = bench();
    expect(await b.outbox.send(say('a'))).toEqual({ kind: 'sent' });
    b.answer = { status: 400, detail: '"rating" is not right.' };
    expect(await b.outbox.send(say('b'))).toEqual({ kind: 'refused', why: '"rating" is not right.' });
    expect(kept(b)).toEqual([]);
    expect(b.alarm).toBeUndefined();
  });

  it('keeps what could not be sent over a reload, and sends it with the same id', async () => {
    const b = bench();
    b.answer = { status: 0 };
    expect(await b.outbox.send(say('a'))).toEqual({ kind: 'waiting' });
    expect(b.alarm?.ms).toBe(5000);
    const next = bench(b.storage);
    next.now = 4999;
    await next.outbox.flush();
    expect(next.posted).toEqual([]);
    next.now = 5000;
    await next.outbox.flush();
    expect(next.posted).toEqual([say('a')]);
    expect(next.outbox.size()).toBe(0);
  });

  it('comes when the browser is online again, and rings by itself', async () => {
    const b = bench();
    b.answer = { status: 0 };
    await b.outbox.send(say('a'));
    b.answer = { status: 202 };
    await b.outbox.flush(true);
    expect(b.outbox.size()).toBe(0);
    b.answer = { status: 429, retryAfter: '60' };
    await b.outbox.send(say('b'));
    expect(b.alarm?.ms).toBe(61_000);
    b.answer = { status: 202 };
    b.now += 61_000;
    b.alarm?.ring();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(b.outbox.size()).toBe(0);
  });

  it('does not knock for all when one was not let in', async () => {
    const b = bench();
    b.answer = { status: 0 };
    for (const id of ['a', 'b', 'c']) await b.outbox.send(say(id));
    b.posted.length = 0;
    await b.outbox.flush(true);
    expect(b.posted).toHaveLength(1);
  });

  it('sends one that is on its way only once', async () => {
    const b = bench();
    await Promise.all([b.outbox.send(say('a')), b.outbox.flush(true), b.outbox.flush(true)]);
    expect(b.posted).toHaveLength(1);
  });

  it('leaves the picture out when it is too large for the server', async () => {
    const b = bench();
    b.answer = ({ screenshot }) => ({ status: screenshot === undefined ? 202 : 413, detail: 'too large' });
    expect(await b.outbox.send(say('a', { screenshot: 'data:' }))).toEqual({ kind: 'sent' });
    expect(b.posted).toMatchObject([
      { screenshot: 'data:' },
      { attributes: { 'lemni.screenshot_dropped': 'too large' } },
    ]);
    expect(b.posted[1]).not.toHaveProperty('screenshot');
  });

  it('is bounded in number, size and age', async () => {
    const b = bench();
    b.answer = { status: 0 };
    for (let i = 0; i < 30; i++) await b.outbox.send(say(`f${i}`, { screenshot: 'x'.repeat(100_000) }));
    expect(kept(b).map(({ body }) => body.id)).toEqual(Array.from({ length: 20 }, (_, i) => `f${i + 10}`));
    const size = b.storage.getItem('lemni.outbox')?.length ?? 0;
    expect(size).toBeGreaterThan(500_000);
    expect(size).toBeLessThanOrEqual(1_000_000);
    expect(kept(b).at(-1)?.body.screenshot).toBeDefined();
    expect(kept(b)[0]?.body.screenshot).toBeUndefined();
    b.now = 15 * day;
    expect(b.outbox.size()).toBe(0);
  });

  it.each([
    ['a full storage', () => memoryStorage(100)],
    [
      'no storage',
      () =>
        new Proxy(memoryStorage(), {
          get: () => {
            throw new Error('denied');
          },
        }),
    ],
  ])('works with %s, for as long as the page is open', async (_what, storage) => {
    const b = bench(storage());
    b.answer = { status: 0 };
    await b.outbox.send(say('a', { screenshot: 'x'.repeat(1000) }));
    expect(b.outbox.size()).toBe(1);
    b.answer = { status: 202 };
    await b.outbox.flush(true);
    expect(b.outbox.size()).toBe(0);
  });

  it.each(['{', 'null', '7', '[{}]', '[{"body":{"id":1},"since":0,"due":0,"tries":0}]', '[null]'])(
    'lives with what others left in its place: %s',
    async (text) => {
      const storage = memoryStorage();
      storage.setItem('lemni.outbox', text);
      const b = bench(storage);
      await b.outbox.flush(true);
      expect(b.posted).toEqual([]);
      expect(await b.outbox.send(say('a'))).toEqual({ kind: 'sent' });
    },
  );
});
