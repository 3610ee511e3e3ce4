import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/clock.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { createTail, type Tail } from './tail.js';

/** The engine stamps arrivals with the real time; only the waiting is short. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: () => new Promise((resolve) => setTimeout(resolve, 10)),
};

let engine: Engine;
let tail: Tail;
beforeAll(async () => {
  engine = await openEngine();
  tail = createTail(engine.reader, clock);
});
afterAll(() => engine.close());

interface Heard {
  readonly bodies: string[];
  dropped: number;
}

async function listen(query: string): Promise<{ heard: Heard; stop: () => void }> {
  const heard: Heard = { bodies: [], dropped: 0 };
  const stop = await tail(query, (items, dropped) => {
    heard.bodies.push(...items.map(({ body }) => body));
    heard.dropped += dropped;
  });
  return { heard, stop };
}

async function say(service: string, bodies: readonly string[], agoMs = 0): Promise<void> {
  const Timestamp = new Date(Date.now() - agoMs).toISOString().replace('T', ' ').replace('Z', '');
  await engine.insert(
    'otel_logs',
    bodies.map((Body) => ({ Timestamp, ServiceName: service, Body })),
  );
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(done()).toBe(true);
}

/** Long enough for several polls. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

describe('createTail', () => {
  it('says what arrives, once, and only what matches', async () => {
    await say('a', ['before']);
    const { heard, stop } = await listen('service:a -noise');
    await say('a', ['one']);
    await until(() => heard.bodies.length === 1);
    await say('a', ['two', 'noise']);
    await say('b', ['other']);
    await until(() => heard.bodies.length === 2);
    await aWhile();
    expect(heard).toEqual({ bodies: ['one', 'two'], dropped: 0 });
    stop();
    await say('a', ['after']);
    await aWhile();
    expect(heard.bodies).toEqual(['one', 'two']);
  });

  it('says lines whose own time is late', async () => {
    const { heard, stop } = await listen('service:late');
    await say('late', ['an hour ago'], 3_600_000);
    await until(() => heard.bodies.length === 1);
    stop();
  });

  it('says every repetition of a line', async () => {
    const { heard, stop } = await listen('service:again');
    for (let i = 1; i <= 5; i++) {
      await say('again', ['ping']);
      await until(() => heard.bodies.length === i);
    }
    stop();
  });

  it('counts what does not fit', async () => {
    const { heard, stop } = await listen('service:flood');
    await say(
      'flood',
      Array.from({ length: 1000 }, (_, i) => `line ${i}`),
    );
    await until(() => heard.dropped > 0);
    expect(heard.bodies).toHaveLength(200);
    expect(heard.dropped).toBe(800);
    await say('flood', ['calm']);
    await until(() => heard.bodies.includes('calm'));
    await aWhile();
    // Nothing of the flood comes again.
    expect(heard.bodies).toHaveLength(201);
    stop();
  });

  it('refuses a query that is wrong, or that the engine cannot run', async () => {
    await expect(listen('service:')).rejects.toMatchObject({ code: 'bad_request', at: '8' });
    await expect(listen('/a(/')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('has a bound on tails, and room again when one ends', async () => {
    const open = await Promise.all(Array.from({ length: 20 }, () => listen('service:many')));
    await expect(listen('service:many')).rejects.toMatchObject({ code: 'limit_exceeded' });
    for (const { stop } of open) stop();
    await aWhile();
    const { stop } = await listen('service:many');
    stop();
  });
});
