import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import type { ServerToClient } from '../../src/http/contract/live.js';
import { createLive, type Live } from '../../src/http/live/create-live.js';
import { connectPostgres } from '../../src/store/state/connect.js';
import { startPostgres, type Postgres } from '../support/postgres.js';

type Feedback = Parameters<ServerToClient['feedback']>[0];

/** Live rooms of two processes over one PostgreSQL (two servers of this process: the way is the same). */
describe('two processes', () => {
  let postgres: Postgres;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    await postgres.stop();
  });

  async function node(): Promise<{ live: Live; port: number }> {
    const pool = connectPostgres(postgres.url);
    const live = createLive({
      access: { sessionOf: () => Promise.resolve({ id: 's' } as never) },
      sessions: { isAlive: () => Promise.resolve(true), onEnd: () => undefined },
      rules: { host: '127.0.0.1', publicUrl: '', allowedOrigins: [] },
      clock: systemClock,
      log: pino({ level: 'silent' }),
      pool,
    });
    const server = createServer();
    await live.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(async () => {
      await live.stop();
      server.closeAllConnections();
      server.close();
      await pool.end();
    });
    return { live, port: (server.address() as AddressInfo).port };
  }

  it('an event of one reaches the pages of the other, small and large, and again after an outage', async () => {
    const [one, two] = [await node(), await node()];
    const page = connect(`http://127.0.0.1:${two.port}`, { path: '/live', transports: ['websocket'] });
    stops.push(() => Promise.resolve(void page.disconnect()));
    const seen: string[] = [];
    page.on('feedback', (feedback: Feedback) => seen.push(feedback.message));
    await new Promise<void>((resolve) => page.once('connect', () => resolve()));
    const say = (message: string): void => one.live.emit('feedback', { message } as Feedback);
    say('small');
    await expect.poll(() => seen, { timeout: 5000 }).toEqual(['small']);
    const large = 'ü'.repeat(20_000);
    say(large);
    await expect.poll(() => seen, { timeout: 5000 }).toEqual(['small', large]);

    await postgres.kill();
    say('lost: nobody can carry it');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await postgres.restart();
    await expect
      .poll(
        () => {
          say('after');
          return seen.includes('after');
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBe(true);
  });
});
