import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFeedbackDuring } from './feedback-during.js';
import { openEngine, type Engine } from './testing/engine.js';

const now = Date.parse('2026-11-22T10:20:31.500Z');
const minute = 60_000;
let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
  const row = (id: string, agoMs: number, rating: number, more: object = {}): object => ({
    Id: id,
    At: new Date(now - agoMs).toISOString().replace('T', ' ').replace('Z', ''),
    ...{ ServiceName: 'cart', Environment: 'prod', Rating: rating, Message: 'x', ...more },
  });
  await engine.insert('feedback', [
    row('before', 20 * minute, 1),
    row('bad', 5 * minute, 1, { UserId: 'ada' }),
    row('again', 4 * minute, 2, { UserId: 'ada' }),
    row('good', 3 * minute, 5, { SessionId: 's1' }),
    row('unrated', 2 * minute, 0, { Email: 'bob@example.com' }),
    row('nowhere', minute, 1, { Environment: '' }),
    row('staging', minute, 1, { Environment: 'staging' }),
    row('other', minute, 1, { ServiceName: 'mail' }),
    row('after', -minute, 1),
  ]);
  // The sink brought it twice.
  await engine.insert('feedback', [row('bad', 5 * minute, 1, { UserId: 'ada' })]);
});
afterAll(() => engine.close());

describe('what people said during a time', () => {
  it.each([
    ['of a service', ['cart'], 'prod', { people: 4, badly: 2, feedbackId: 'nowhere', lastAt: now - minute }],
    ['of several', ['cart', 'mail'], 'prod', { people: 5, badly: 3 }],
    ['wherever', ['cart'], '', { people: 5, badly: 3, feedbackId: 'staging' }],
    ['of nobody', ["it's"], 'prod', null],
    ['of none', [], 'prod', null],
  ])('%s', async (_name, services, environment, want) => {
    const said = await createFeedbackDuring(engine.reader)({
      ...{ services, environment },
      ...{ from: now - 10 * minute, to: now },
    });
    if (want === null) expect(said).toBeNull();
    else expect(said).toMatchObject(want);
  });
});
