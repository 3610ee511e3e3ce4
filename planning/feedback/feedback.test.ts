import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedbackIngestRoutes, type FeedbackIngestDeps } from '../../ingest/feedback/http.js';
import { feedbackMetrics } from '../../ingest/feedback/metrics.js';
import { dataUrl, pngOf, webpLossy } from '../../ingest/feedback/testing/images.js';
import { createScrubber } from '../../ingest/scrub/scrubber.js';
import {
  Feedback,
  FeedbackError,
  FeedbackGroup,
  type ReporterAnswer,
} from '../../src/http/contract/feedback.js';
import type { List } from '../../src/http/contract/common.js';
import { newUlid } from '../../src/lib/ids.js';
import { Secret } from '../../src/lib/secret.js';
import { connectState, type StateDatabase } from '../../src/store/state/connect.js';
import { feedbackInbox } from '../../src/store/state/feedback.js';
import { insertProblem } from '../../src/store/state/problems.js';
import type { Problem } from '../../src/model/problems.js';
import { migrateState } from '../../src/store/state/migrate.js';
import { openDirectTelemetry, type DirectTelemetry } from '../../test/support/direct-telemetry.js';
import { appOf, testAccess } from '../../test/support/open-doors.js';
import { feedbackRoutes } from './api.js';
import { createFeedbackDesk, type FeedbackDesk } from './desk.js';
import { createGroupProblems } from './group-problems.js';

const start = Date.parse('2026-11-22T10:00:00Z');
let now = start;
const clock = { now: () => now, sleep: () => Promise.resolve() };
const emitted: Feedback[] = [];
const live = { emit: (_event: 'feedback', payload: Feedback) => emitted.push(Feedback.parse(payload)) };
const registry = new Registry();
const metrics = feedbackMetrics(registry);
const site = 'https://shop.example';
const maxScreenshotBytes = 200_000;

let directory: string;
let state: StateDatabase;
let telemetry: DirectTelemetry;
let desk: FeedbackDesk;
let app: ReturnType<typeof appOf>;
let service = '';
let count = 0;

const routes = (more: Partial<FeedbackIngestDeps> = {}) =>
  appOf(
    feedbackIngestRoutes({
      access: testAccess,
      sink: telemetry.sink,
      inbox: feedbackInbox(state),
      live,
      scrub: createScrubber({
        secrets: true,
        queryStrings: true,
        emails: false,
        cardNumbers: true,
        keys: [],
      }),
      metrics,
      clock,
      newId: newUlid,
      allowedOrigins: [site],
      maxScreenshotBytes,
      perMinute: 1000,
      ...more,
    }),
    feedbackRoutes({
      ...{ access: testAccess, state, reader: telemetry.reader, live, clock, desk },
      problems: createGroupProblems(state),
      allowedOrigins: [site],
    }),
  );

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lemni-feedback-'));
  state = connectState({ url: new Secret(''), dataDir: directory });
  await migrateState(state);
  telemetry = await openDirectTelemetry();
  desk = createFeedbackDesk({ state, reader: telemetry.reader, live, clock, newId: newUlid });
  app = routes();
});
afterAll(async () => {
  await telemetry.close();
  await state.destroy();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => {
  now = start + ++count * 3_600_000;
  service = `shop-${count}`;
  emitted.length = 0;
});

const post = (body: object | string, to = app) =>
  request(to)
    .post('/api/feedback')
    .set({ 'X-Test-Key': 'public', Origin: site, 'User-Agent': 'test/1' })
    .type('json')
    .send(body);
const say = async (body: object): Promise<string> => {
  const response = await post({ service, ...body });
  expect([200, 202]).toContain(response.status);
  return (response.body as { id: string }).id;
};
const get = (path: string, role = 'viewer') => request(app).get(path).set('X-Test-Role', role);
const list = async (query = ''): Promise<List<Feedback>> => {
  const response = await get(`/api/feedback?service=${service}&${query}`);
  expect(response.status).toBe(200);
  const body = response.body as List<Feedback>;
  return { ...body, items: body.items.map((item) => Feedback.parse(item)) };
};
const messages = async (query = ''): Promise<string[]> =>
  (await list(query)).items.map(({ message }) => message);

/** Refused because there were too many. */
async function counted(): Promise<number> {
  const metric = await registry.getSingleMetric('lemni_feedback_refused_total')?.get();
  return metric?.values.find(({ labels }) => labels['reason'] === 'rate_limited')?.value ?? 0;
}

describe('POST /api/feedback', () => {
  it('keeps all that was said, and tells who is watching', async () => {
    const screenshot = pngOf(40, 30);
    const id = await say({
      id: 'widget-0001',
      environment: 'production',
      version: '1.4.0',
      rating: 2,
      message: 'Die Kasse hängt 🛒 <img src=x onerror=alert(1)>',
      email: 'grace@example.com',
      page: 'https://shop.example/cart?token=verysecretvalue1234&step=2',
      sessionId: 's1',
      traceId: '0AF7651916CD43DD8448EB211C80319C',
      userId: 'u42',
      screenshot: dataUrl('image/png', screenshot),
      attributes: { plan: 'pro', password: 'hunter2' },
    });
    const response = await get(`/api/feedback/${id}`);
    const feedback = Feedback.parse(response.body);
    expect(feedback).toEqual({
      id: 'widget-0001',
      at: new Date(now).toISOString(),
      service,
      environment: 'production',
      version: '1.4.0',
      rating: 2,
      message: 'Die Kasse hängt 🛒 <img src=x onerror=alert(1)>',
      email: 'grace@example.com',
      page: expect.stringMatching(/^https:\/\/shop\.example\/cart\?token=(?!verysecret).*step=2$/),
      sessionId: 's1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      userId: 'u42',
      userAgent: 'test/1',
      screenshotUrl: '/api/feedback/widget-0001/screenshot',
      attributes: { plan: 'pro', password: '[scrubbed]' },
      state: 'open',
      groupId: null,
      answers: [],
    });
    expect(emitted).toEqual([feedback]);
    const picture = await get(feedback.screenshotUrl ?? '').responseType('arraybuffer');
    expect(Buffer.from(picture.body as Uint8Array)).toEqual(screenshot);
    expect(picture.headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'content-disposition': 'inline; filename="feedback-widget-0001.png"',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await request(app).get(feedback.screenshotUrl ?? '')).status).toBe(401);
  });

  it('fills in what is not known, and keeps a rating alone', async () => {
    expect((await post({ rating: 5 })).status).toBe(202);
    expect(emitted[0]).toMatchObject({
      service: 'unknown_service',
      environment: '',
      version: '',
      rating: 5,
      message: '',
      screenshotUrl: null,
    });
    expect((await post({ message: 'hi' })).status).toBe(202);
    expect(emitted[1]?.rating).toBeNull();
  });

  it('changes nothing when an id is posted again', async () => {
    const id = await say({ id: `again-${count}-1`, message: 'first' });
    now += 1000;
    const again = await post({
      service,
      id,
      message: 'second',
      screenshot: dataUrl('image/webp', webpLossy),
    });
    expect([again.status, again.body]).toEqual([200, { id }]);
    expect((await list()).items).toMatchObject([{ id, message: 'first', screenshotUrl: null }]);
    expect(emitted).toHaveLength(1);
  });

  it('can be posted again when the first attempt failed', async () => {
    let full = true;
    const failing = routes({
      sink: {
        store: (batches) => (full ? Promise.reject(new Error('full')) : telemetry.sink.store(batches)),
      },
    });
    const body = {
      service,
      id: `retry-${count}-1`,
      message: 'm',
      screenshot: dataUrl('image/png', pngOf(2, 2)),
    };
    expect((await post(body, failing)).status).toBe(500);
    expect((await list()).items).toEqual([]);
    full = false;
    expect((await post(body, failing)).status).toBe(202);
    expect((await list()).items).toHaveLength(1);
  });

  it('keeps the words when there is no room for the picture', async () => {
    const small = routes({ inbox: feedbackInbox(state, 10) });
    expect(
      (await post({ service, message: 'm', screenshot: dataUrl('image/png', pngOf(2, 2)) }, small)).status,
    ).toBe(202);
    expect((await list()).items).toMatchObject([
      { screenshotUrl: null, attributes: { 'lemni.screenshot_dropped': 'no room for more screenshots' } },
    ]);
  });

  it.each([
    ['nothing', {}, 400, 'nothing in it'],
    ['blanks', { message: ' \n ' }, 400, 'nothing in it'],
    ['a rating of 6', { rating: 6 }, 400, 'rating'],
    ['a message that is a number', { message: 7 }, 400, 'message'],
    ['an unknown key', { message: 'm', admin: true }, 400, 'admin'],
    ['an id that would break a path', { id: '../../../etc/passwd', message: 'm' }, 400, 'id'],
    ['an address that is none', { message: 'm', email: 'me' }, 400, 'email'],
    ['a trace id of 31 digits', { message: 'm', traceId: 'a'.repeat(31) }, 400, '32 hexadecimal'],
    [
      'an SVG',
      { screenshot: dataUrl('image/svg+xml', Buffer.from('<svg onload=alert(1)>')) },
      400,
      'PNG, JPEG or WebP',
    ],
    [
      '10,000 attributes',
      {
        message: 'm',
        attributes: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, ''])),
      },
      400,
      '10000',
    ],
    ['a prototype', '{"__proto__":{"service":"x"},"message":"m"}', 400, '__proto__'],
    ['a list', '[]', 400, 'expected object'],
    ['half a body', '{"message":"', 400, 'JSON'],
    ['a large body', { message: 'm', screenshot: 'x'.repeat(maxScreenshotBytes * 2) }, 413, 'larger'],
  ])('refuses %s', async (_what, body, status, words) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect((response.body as { detail: string }).detail).toContain(words);
    expect(emitted).toEqual([]);
  });

  it('refuses other media types, other keys, and too many from one address', async () => {
    const bare = () => request(app).post('/api/feedback').set('X-Test-Key', 'public');
    expect((await bare().type('text/plain').send('{"message":"m"}')).status).toBe(415);
    expect((await request(app).post('/api/feedback').send({ message: 'm' })).status).toBe(401);
    const few = routes({ perMinute: 2 });
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await post({ message: 'm' }, few));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers[2]?.headers['access-control-allow-origin']).toBe(site);
    now += 61_000;
    expect((await post({ message: 'm' }, few)).status).toBe(202);
    const refused = await registry.getSingleMetric('lemni_feedback_refused_total')?.get();
    const reasons = Object.fromEntries(
      refused?.values.map(({ labels, value }) => [labels['reason'], value]) ?? [],
    );
    expect(reasons).toMatchObject({
      unsupported: 1,
      unauthenticated: 1,
      rate_limited: 1,
      too_large: 1,
      malformed: 13,
    });
  });

  it('takes a hundred a second from one address up to its bound, and counts the rest', async () => {
    const bounded = routes({ perMinute: 60 });
    const before = await counted();
    const one = (i: number) => post({ service, id: `storm-${count}-${i}`, message: `m${i}` }, bounded);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => one(i)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(60);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(40);
    for (const { headers, body } of refused) {
      expect(headers).toMatchObject({
        'retry-after': '60',
        'content-type': expect.stringContaining('application/problem+json'),
        'access-control-expose-headers': 'Retry-After',
      });
      expect(body).toMatchObject({ status: 429, code: 'rate_limited', detail: expect.any(String) });
    }
    expect((await counted()) - before).toBe(40);
    // Each comes again, as a widget does: what was taken stays once, the rest gets in as the minutes pass.
    for (let minute = 0; minute < 2; minute++) {
      now += 60_000;
      await Promise.all(answers.map((_answer, i) => one((i + 60 * (minute + 1)) % 100)));
    }
    expect(await messages('limit=200')).toHaveLength(100);
    expect(emitted).toHaveLength(100);
  });

  it('lets pages of allowed origins read the answer, and no others', async () => {
    const preflight = (origin: string) =>
      request(app).options('/api/feedback').set({
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,authorization',
      });
    const allowed = await preflight(site);
    expect(allowed.status).toBe(204);
    expect(allowed.headers['access-control-allow-origin']).toBe(site);
    expect(allowed.headers['access-control-allow-headers']).toMatch(/content-type.*authorization/i);
    expect(allowed.headers['vary']).toContain('Origin');
    const other = await preflight('https://evil.example');
    expect(other.status).toBe(403);
    for (const response of [allowed, other, await post({ message: 'm' })]) {
      expect(response.headers['access-control-allow-credentials']).toBeUndefined();
    }
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const reading = await get('/api/feedback').set('Origin', site);
    expect(reading.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('lives through anything', async () => {
    const keys = fc.constantFrom(
      'service',
      'message',
      'rating',
      'page',
      'screenshot',
      'attributes',
      'id',
      '__proto__',
      'x',
    );
    const values = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constant('\u0000\ud800'));
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, values), async (body) => {
        statuses.add((await post(body)).status);
      }),
      { seed: 4, numRuns: 150 },
    );
    for (const message of ['\u0000', '\ud800x', 'a'.repeat(10_000), '\u202eevil']) {
      statuses.add((await post({ service, message })).status);
    }
    expect([...statuses].toSorted()).toEqual([202, 400]);
    expect(await messages()).toHaveLength(4);
  }, 60_000);
});

describe('the inbox', () => {
  it('is filtered by what was said, where, and how bad it was', async () => {
    await say({ message: 'Checkout is slow', rating: 1, page: 'https://shop.example/cart', version: '1' });
    now += 60_000;
    await say({
      message: 'slow and ugly',
      rating: 3,
      page: 'https://shop.example/',
      environment: 'staging',
      version: '2',
    });
    now += 60_000;
    await say({ message: "100% 'fine' \\ {x:String}", version: '2' });
    expect(await messages()).toEqual(["100% 'fine' \\ {x:String}", 'slow and ugly', 'Checkout is slow']);
    expect(await messages('query=SLOW')).toEqual(['slow and ugly', 'Checkout is slow']);
    expect(await messages('query=slow+checkout')).toEqual(['Checkout is slow']);
    expect(await messages(`query=${encodeURIComponent("'fine' \\ {x:String}")}`)).toHaveLength(1);
    expect(await messages('rating=1')).toEqual(['Checkout is slow']);
    expect(await messages('rating=1-3')).toHaveLength(2);
    expect(await messages('page=/CART')).toEqual(['Checkout is slow']);
    expect(await messages('version=2')).toHaveLength(2);
    expect(await messages('environment=staging')).toEqual(['slow and ugly']);
    expect(await messages('from=now-1m')).toHaveLength(2);
    expect(await messages('to=now-1m')).toHaveLength(2);
    for (const query of [
      'rating=3-1',
      'rating=9',
      'state=lost',
      'from=x',
      'cursor=x',
      'limit=0',
      `query=${'a+'.repeat(11)}`,
    ]) {
      expect((await get(`/api/feedback?${query}`)).status).toBe(400);
    }
  });

  it('is paged, also in one state', async () => {
    for (let i = 0; i < 9; i++) {
      const id = await say({ id: `page-${count}-${i}`, message: `m${i}` });
      if (i % 3 === 0)
        await request(app)
          .patch(`/api/feedback/${id}`)
          .set('X-Test-Role', 'responder')
          .send({ state: 'closed' });
      now += i % 2;
    }
    const all = async (query: string): Promise<string[]> => {
      const seen: string[] = [];
      let cursor: string | null = '';
      for (let pages = 0; cursor !== null && pages < 20; pages++) {
        const page = await list(`limit=2&cursor=${cursor}&${query}`);
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ message }) => message));
        cursor = page.nextCursor;
      }
      return seen;
    };
    expect((await all('')).toSorted()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
    expect((await all('state=closed')).toSorted()).toEqual(['m0', 'm3', 'm6']);
    expect((await all('state=open')).toSorted()).toEqual(['m1', 'm2', 'm4', 'm5', 'm7', 'm8']);
  });

  it('is triaged by responders', async () => {
    const id = await say({ message: 'm' });
    const patch = (body: object, role: string) =>
      request(app).patch(`/api/feedback/${id}`).set('X-Test-Role', role).send(body);
    expect((await patch({ state: 'closed' }, 'viewer')).status).toBe(403);
    expect((await patch({ state: 'gone' }, 'responder')).status).toBe(400);
    emitted.length = 0;
    expect((await patch({ state: 'closed' }, 'responder')).body).toMatchObject({ id, state: 'closed' });
    expect(emitted).toMatchObject([{ id, state: 'closed' }]);
    expect((await get(`/api/feedback/${id}`)).body).toMatchObject({ state: 'closed' });
    await patch({ state: 'open' }, 'admin');
    expect(await messages('state=open')).toEqual(['m']);
    expect((await get('/api/feedback/none-such')).status).toBe(404);
    expect((await get(`/api/feedback/${id}/screenshot`)).status).toBe(404);
    expect(
      (await request(app).patch('/api/feedback/none').set('X-Test-Role', 'admin').send({ state: 'open' }))
        .status,
    ).toBe(404);
  });
});

describe('groups', () => {
  const send = (method: 'post' | 'patch', path: string, body: object, role = 'responder') =>
    request(app)[method](path).set('X-Test-Role', role).send(body);
  const group = async (body: object): Promise<FeedbackGroup> => {
    const response = await send('post', '/api/feedback/groups', body);
    expect([200, 201]).toContain(response.status);
    return FeedbackGroup.parse(response.body);
  };

  it('hold what says the same, and are filtered, renamed and closed together', async () => {
    const ids = [];
    for (const rating of [2, 1, 4]) {
      ids.push(await say({ message: `Paying fails (${rating})`, rating }));
      now += 1000;
    }
    await say({ message: 'something else' });
    emitted.length = 0;
    const made = await group({ feedbackIds: ids.slice(0, 2) });
    expect(made).toMatchObject({
      title: 'Paying fails (1)',
      state: 'open',
      createdBy: 'Ada',
      count: 2,
      averageRating: 1.5,
      lastAt: new Date(now - 2000).toISOString(),
      problemId: null,
    });
    expect(emitted.map(({ id, groupId }) => [id, groupId])).toEqual([
      [ids[1], made.id],
      [ids[0], made.id],
    ]);
    expect((await group({ groupId: made.id, title: 'Pay', feedbackIds: ids })).title).toBe('Pay');
    expect(await group({ groupId: made.id, feedbackIds: ids })).toMatchObject({ count: 3, title: 'Pay' });
    expect(await messages(`groupId=${made.id}`)).toHaveLength(3);
    expect(await messages(`groupId=${made.id}&rating=1-2`)).toHaveLength(2);
    expect(await messages('groupId=nobody')).toEqual([]);
    const closed = await send('patch', `/api/feedback/groups/${made.id}`, { state: 'closed' });
    expect(closed.body).toMatchObject({ state: 'closed', count: 3 });
    expect(await messages('state=open')).toEqual(['something else']);
    const names = async (query: string) =>
      ((await get(`/api/feedback/groups?${query}`)).body as List<FeedbackGroup>).items.map(({ id }) => id);
    expect(await names('state=closed')).toContain(made.id);
    expect(await names('state=open')).not.toContain(made.id);
    await send('patch', `/api/feedback/${ids[0]}`, { groupId: null });
    expect((await get(`/api/feedback/groups/${made.id}`)).body).toMatchObject({ count: 2 });
    expect((await get(`/api/feedback/${ids[0]}`)).body).toMatchObject({ groupId: null, state: 'closed' });
  });

  it('know the problem that was opened from them', async () => {
    const made = await group({ feedbackIds: [await say({ message: 'm' })] });
    const impact = {
      from: null,
      to: now,
      people: null,
      requestsFailed: 0,
      minutes: 0,
      feedback: 1,
      score: 1,
      arithmetic: '',
    };
    const problem = {
      id: 'p1',
      number: 1,
      title: 't',
      state: 'open' as const,
      services: [],
      environment: '',
      createdAt: now,
      createdBy: 'Ada',
      since: now,
      signature: [],
      impact,
      awaitsReleaseSince: null,
    } satisfies Problem;
    await insertProblem(state, problem, `feedback_group:${made.id}`);
    expect((await get(`/api/feedback/groups/${made.id}`)).body).toMatchObject({ problemId: 'p1' });
  });

  it('are paged', async () => {
    const ids = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await group({ feedbackIds: [await say({ message: `g${i}` })] })).id);
      now += 1000;
    }
    const first = (await get('/api/feedback/groups?limit=3')).body as List<FeedbackGroup>;
    const second = (await get(`/api/feedback/groups?limit=3&cursor=${first.nextCursor}`))
      .body as List<FeedbackGroup>;
    expect([...first.items, ...second.items].slice(0, 5).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  it.each([
    ['no feedback', { feedbackIds: [] }, 400, 'feedbackIds'],
    ['a feedback that is not there', { feedbackIds: ['nobody-0'] }, 404, 'nobody-0'],
    ['an unknown key', { feedbackIds: ['a'], x: 1 }, 400, 'x'],
    ['201 at once', { feedbackIds: Array.from({ length: 201 }, (_, i) => `f${i}`) }, 400, '200'],
  ])('are not made of %s', async (_what, body, status, words) => {
    const response = await send('post', '/api/feedback/groups', body);
    expect([response.status, (response.body as { detail: string }).detail]).toEqual([
      status,
      expect.stringContaining(words),
    ]);
  });

  it('are made by responders, of a group that is there', async () => {
    const id = await say({ message: 'm' });
    expect((await send('post', '/api/feedback/groups', { feedbackIds: [id] }, 'viewer')).status).toBe(403);
    expect((await send('post', '/api/feedback/groups', { groupId: 'none', feedbackIds: [id] })).status).toBe(
      404,
    );
    expect((await send('patch', '/api/feedback/groups/none', { state: 'closed' })).status).toBe(404);
    expect((await send('post', '/api/feedback/groups/none/answers', { text: 'x' })).status).toBe(404);
    expect((await get('/api/feedback/groups/none')).status).toBe(404);
  });
});

describe('answers', () => {
  const widgetId = (i: number) => `w-${String(count * 100 + i).padStart(32, '0')}`;
  const answer = (id: string, text: string, role = 'responder') =>
    request(app).post(`/api/feedback/${id}/answers`).set('X-Test-Role', role).send({ text });
  const ask = (ids: string, key = 'public') =>
    request(app).get(`/api/feedback/answers?ids=${ids}`).set({ 'X-Test-Key': key, Origin: site });

  it('reach the one who wrote, by the unguessable id, without the name of who answered', async () => {
    const id = await say({ id: widgetId(1), message: 'm' });
    emitted.length = 0;
    expect((await answer(id, ' Thank you, it is fixed in 1.2. ')).status).toBe(201);
    const said = { text: 'Thank you, it is fixed in 1.2.', at: new Date(now).toISOString() };
    expect(emitted).toMatchObject([{ id, answers: [{ ...said, actor: 'Ada' }] }]);
    now += 1000;
    await answer(id, 'Really.');
    const read = await ask(`${id},${widgetId(2)}`);
    expect(read.status).toBe(200);
    expect(read.headers['access-control-allow-origin']).toBe(site);
    expect(read.headers['cache-control']).toBe('no-store');
    expect((read.body as List<ReporterAnswer>).items).toEqual([
      { feedbackId: id, id: expect.any(String), ...said },
      { feedbackId: id, id: expect.any(String), text: 'Really.', at: new Date(now).toISOString() },
    ]);
  });

  it('are not read by those who guess', async () => {
    const id = await say({ id: 'guess-able-1', message: 'm' });
    await answer(id, 'secret');
    expect((await ask(id)).status).toBe(400);
    expect((await ask('')).status).toBe(400);
    expect((await ask(Array.from({ length: 11 }, (_, i) => widgetId(i)).join(','))).status).toBe(400);
    expect((await ask(widgetId(1), 'none')).status).toBe(401);
    const other = await request(app)
      .options('/api/feedback/answers')
      .set({ Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' });
    expect(other.status).toBe(403);
    const statuses = new Set<number>();
    for (let i = 0; i < 130; i++) statuses.add((await ask(widgetId(1))).status);
    expect([...statuses]).toEqual([200, 429]);
    now += 61_000;
    expect((await ask(widgetId(1))).status).toBe(200);
  });

  it('are given by responders, bounded in length and number', async () => {
    const id = await say({ message: 'm' });
    expect((await answer(id, 'x', 'viewer')).status).toBe(403);
    expect((await answer(id, '  ')).status).toBe(400);
    expect((await answer(id, 'x'.repeat(4001))).status).toBe(400);
    expect((await answer('nobody-0', 'x')).status).toBe(404);
    for (let i = 0; i < 50; i++) expect((await answer(id, `a${i}`)).status).toBe(201);
    expect((await answer(id, 'one more')).status).toBe(409);
  });

  it('go to everyone of a group, once a key', async () => {
    const ids = [await say({ id: widgetId(1), message: 'a' }), await say({ id: widgetId(2), message: 'b' })];
    const made = await desk.group({ feedbackIds: ids }, 'Ada');
    const fixed = { text: 'Fixed in 1.2.', actor: 'Lemni', key: `verified:p1:1.2:${count}` };
    emitted.length = 0;
    expect(await desk.answerGroup(made.id, fixed)).toBe(2);
    expect(emitted).toHaveLength(2);
    expect(await desk.answerGroup(made.id, fixed)).toBe(0);
    expect(await desk.answer(ids, fixed)).toBe(0);
    const late = await say({ id: widgetId(3), message: 'c' });
    await desk.group({ groupId: made.id, feedbackIds: [late] }, 'Ada');
    expect(await desk.answerGroup(made.id, fixed)).toBe(1);
    expect(((await ask(ids.join(','))).body as List<ReporterAnswer>).items).toHaveLength(2);
    expect(await desk.answerGroup('none', fixed)).toBe(0);
    expect(await desk.answer(['nobody-0'], fixed)).toBe(0);
    const told = await request(app)
      .post(`/api/feedback/groups/${made.id}/answers`)
      .set('X-Test-Role', 'responder')
      .send({ text: 'And thank you.' });
    expect([told.status, told.body]).toEqual([201, { told: 3 }]);
    expect(await desk.find(made.id)).toEqual({ title: 'b', feedbackIds: expect.arrayContaining(ids) });
  });
});

describe('the errors of a session', () => {
  it('are those of its session and its trace, in the hour before', async () => {
    const traceId = 'ab'.repeat(16);
    const id = await say({ message: 'm', sessionId: 's-err', traceId });
    const error = (at: number, session: string, trace: string, message: string) =>
      telemetry.command(
        `INSERT INTO error_events (Timestamp, ServiceName, ServiceVersion, TraceId, Type, Message, SessionId, Fingerprint)
         VALUES (fromUnixTimestamp64Milli(${at}), 'pay', '2', '${trace}', 'TypeError', '${message}', '${session}', 18446744073709551615)`,
      );
    await error(now - 60_000, 's-err', '', 'of the session');
    await error(now - 30_000, '', traceId, 'of the trace');
    await error(now - 2 * 3_600_000, 's-err', '', 'too long ago');
    await error(now - 1000, 'other', 'cd'.repeat(16), 'of another');
    await error(now - 1000, '', '', 'of nobody');
    const answer = await get(`/api/feedback/${id}/errors`);
    const { items } = answer.body as List<FeedbackError>;
    expect(items.map((item) => FeedbackError.parse(item).message)).toEqual([
      'of the trace',
      'of the session',
    ]);
    expect(items[0]).toMatchObject({
      service: 'pay',
      version: '2',
      type: 'TypeError',
      fingerprint: '18446744073709551615',
      traceId,
    });
    const bare = await say({ message: 'no session' });
    expect((await get(`/api/feedback/${bare}/errors`)).body).toEqual({ items: [], nextCursor: null });
    expect((await get('/api/feedback/none-such/errors')).status).toBe(404);
  });
});
