import { io as connect, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newUlid } from '../../src/lib/ids.js';
import { BadInput } from '../../src/lib/errors.js';
import type { ClientToServer, ServerToClient } from '../../src/http/contract/live.js';
import type { LogRecord } from '../../src/http/contract/telemetry.js';
import { createLive, type Live } from '../../src/http/live/create-live.js';
import type { TailSource } from '../../src/http/live/ports.js';
import { openGate, type Gate } from '../support/http.js';
import { pino } from 'pino';

type Page = Socket<ServerToClient, ClientToServer>;

let gate: Gate;
let live: Live;
let port: number;
let tail: TailSource;
const pages: Page[] = [];
const ended: string[] = [];

beforeEach(async () => {
  gate = await openGate();
  tail = (query, emit) => {
    if (query === 'bad(') return Promise.reject(new BadInput('bad_request', 'A parenthesis is open.'));
    if (query === 'broken') return Promise.reject(new Error('secret inside'));
    const timer = setInterval(() => emit([{ body: query } as LogRecord], 0), 5);
    return Promise.resolve(() => {
      clearInterval(timer);
      ended.push(query);
    });
  };
  ended.length = 0;
  live = createLive({
    access: gate.access,
    sessions: gate.accounts.sessions,
    rules: { host: '127.0.0.1', publicUrl: '', allowedOrigins: [] },
    clock: gate.clock,
    log: pino({ level: 'silent' }),
    tail: (query, emit) => tail(query, emit),
    limits: { recheckMs: 50, maxSockets: 5 },
  });
  await live.attach(gate.http.server);
  ({ port } = await gate.http.start());
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.disconnect();
  await live.stop();
  await gate.stop();
});

async function cookie(): Promise<string> {
  const user = await gate.accounts.users.create(
    { email: `${newUlid(0)}@example.com`, role: 'viewer', password: 'long enough password' },
    'test',
  );
  const { token } = await gate.accounts.sessions.begin(user.id, 'password', 'test');
  return `lemni_session=${token}`;
}

function open(headers: Record<string, string>, transports = ['websocket']): Page {
  const page: Page = connect(`http://127.0.0.1:${port}`, {
    path: '/live',
    transports,
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  pages.push(page);
  return page;
}

function connected(page: Page): Promise<boolean> {
  return new Promise((resolve) => {
    page.once('connect', () => resolve(true));
    page.once('connect_error', () => resolve(false));
  });
}

function next(page: Page, event: keyof ServerToClient): Promise<unknown> {
  return new Promise((resolve) => {
    (page as Socket).once(event, resolve);
  });
}

function closed(page: Page): Promise<string> {
  return new Promise((resolve) => {
    page.once('disconnect', resolve);
  });
}

describe('who gets in', () => {
  it.each(['websocket', 'polling'])('nobody without a login, by %s', async (transport) => {
    expect(await connected(open({}, [transport]))).toBe(false);
    expect(await connected(open({ Cookie: 'lemni_session=wrong' }, [transport]))).toBe(false);
    expect(live.connections()).toBe(0);
  });

  it.each(['websocket', 'polling'])('a person who is logged in, by %s', async (transport) => {
    expect(await connected(open({ Cookie: await cookie() }, [transport]))).toBe(true);
    expect(live.connections()).toBe(1);
  });

  it('no page of another site, though it has the cookie', async () => {
    const Cookie = await cookie();
    expect(await connected(open({ Cookie, Origin: 'https://evil.example' }))).toBe(false);
    expect(await connected(open({ Cookie, Origin: `http://127.0.0.1:${port + 1}` }))).toBe(false);
    expect(await connected(open({ Cookie, Origin: 'null' }))).toBe(false);
    expect(await connected(open({ Cookie, Origin: `http://127.0.0.1:${port}` }))).toBe(true);
  });

  it('no name that was pointed here', async () => {
    const Cookie = await cookie();
    const Origin = 'http://rebound.example';
    expect(await connected(open({ Cookie, Origin, Host: 'rebound.example' }))).toBe(false);
  });

  it('only so many', async () => {
    const Cookie = await cookie();
    for (let i = 0; i < 5; i++) expect(await connected(open({ Cookie }))).toBe(true);
    expect(await connected(open({ Cookie }))).toBe(false);
  });
});

describe('what happens to a session', () => {
  it('its sockets end with it', async () => {
    const Cookie = await cookie();
    const page = open({ Cookie });
    await connected(page);
    const gone = closed(page);
    const session = await gate.access.sessionOf({ cookie: Cookie });
    await gate.accounts.sessions.end({ id: session?.id ?? '' });
    expect(await gone).toBe('io server disconnect');
  });

  it('also when it ended in another process, or ran out', async () => {
    const page = open({ Cookie: await cookie() });
    await connected(page);
    const gone = closed(page);
    gate.clock.advance(15 * 86_400_000);
    expect(await gone).toBe('io server disconnect');
  });
});

describe('events', () => {
  it('reach every page', async () => {
    const cookies = [await cookie(), await cookie()];
    const both = cookies.map((Cookie) => open({ Cookie }));
    await Promise.all(both.map(connected));
    const seen = Promise.all(both.map((page) => next(page, 'feedback')));
    const feedback = { id: 'f1', message: 'It hangs 😀' } as Parameters<ServerToClient['feedback']>[0];
    live.emit('feedback', feedback);
    expect(await seen).toEqual([feedback, feedback]);
  });

  it('before it is attached and with nobody there, emitting does nothing', () => {
    live.emit('change', { id: 'c1' } as Parameters<ServerToClient['change']>[0]);
  });

  it('what was ingested is added up', async () => {
    const page = open({ Cookie: await cookie() });
    await connected(page);
    const seen = next(page, 'ingested');
    live.emit('ingested', { logs: 1, traces: 0, metrics: 2 });
    live.emit('ingested', { logs: 10, traces: 5, metrics: 0 });
    expect(await seen).toEqual({ logs: 11, traces: 5, metrics: 2 });
  });
});

describe('a page that does not take what it is sent', () => {
  /** Stops reading from the connection below, as a laptop that was closed. */
  async function asleep(): Promise<Page> {
    const page = open({ Cookie: await cookie() });
    await connected(page);
    const transport = page.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } };
    transport.ws._socket.pause();
    return page;
  }

  it('is cut off before it fills the memory', async () => {
    await asleep();
    const feedback = { message: 'x'.repeat(100_000) } as Parameters<ServerToClient['feedback']>[0];
    let emitted = 0;
    await expect
      .poll(
        () => {
          for (let i = 0; i < 50; i++) live.emit('feedback', feedback);
          emitted += 50;
          return live.connections();
        },
        { interval: 10, timeout: 20_000 },
      )
      .toBe(0);
    expect(emitted).toBeLessThan(2000);
  });

  it('has its tail thinned out, and is told how much', async () => {
    let send: ((count: number) => void) | undefined;
    tail = (query, emit) => {
      send = (count) => emit([{ body: query, id: String(count) } as LogRecord], 0);
      return Promise.resolve(() => undefined);
    };
    const page = open({ Cookie: await cookie() });
    await connected(page);
    await page.emitWithAck('tail', { tailId: 't', query: 'x'.repeat(9000) });
    let received = 0;
    let dropped = 0;
    page.on('logs', (batch) => {
      received += batch.items.length;
      dropped += batch.dropped;
    });
    const total = 5000;
    const transport = page.io.engine.transport as unknown as {
      ws: { _socket: { pause(): void; resume(): void } };
    };
    transport.ws._socket.pause();
    for (let i = 0; i < total; i++) {
      send?.(i);
      if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(live.connections()).toBe(1);
    transport.ws._socket.resume();
    await expect
      .poll(() => {
        send?.(0);
        return dropped;
      })
      .toBeGreaterThan(0);
    expect(received).toBeLessThan(total);
  });
});

describe('tail', () => {
  async function tailing(query: unknown, tailId: unknown = 't1'): Promise<[Page, string | null]> {
    const page = open({ Cookie: await cookie() });
    await connected(page);
    const error = await new Promise<string | null>((resolve) => {
      (page as Socket).emit('tail', { tailId, query }, resolve);
    });
    return [page, error];
  }

  it('sends what its query finds, until it is ended', async () => {
    const [page, error] = await tailing('level:error');
    expect(error).toBeNull();
    expect(await next(page, 'logs')).toEqual({ tailId: 't1', items: [{ body: 'level:error' }], dropped: 0 });
    page.emit('untail');
    await expect.poll(() => ended).toEqual(['level:error']);
  });

  it('a new one ends the one before; leaving ends it too', async () => {
    const [page] = await tailing('one');
    await new Promise((resolve) => page.emit('tail', { tailId: 't2', query: 'two' }, resolve));
    expect(ended).toEqual(['one']);
    await expect.poll(() => next(page, 'logs')).toMatchObject({ tailId: 't2' });
    page.disconnect();
    await expect.poll(() => ended).toEqual(['one', 'two']);
  });

  it.each([
    ['a query error', 'bad(', 'A parenthesis is open.'],
    ['a failure inside, without its secrets', 'broken', /^The live tail could not start/],
    ['no text', 7, /"query" is not right/],
    ['a huge query', 'x'.repeat(20_000), /"query" is not right/],
  ])('says why not: %s', async (_name, query, expected) => {
    const [, error] = await tailing(query);
    expect(error).toMatch(expected);
  });

  it('one that is set up too late is ended at once', async () => {
    let ready: (() => void) | undefined;
    tail = (query, _emit) =>
      new Promise((resolve) => {
        ready = () => resolve(() => ended.push(query));
      });
    const page = open({ Cookie: await cookie() });
    await connected(page);
    (page as Socket).emit('tail', { tailId: 't1', query: 'slow' });
    await expect.poll(() => ready).toBeDefined();
    page.disconnect();
    await expect.poll(() => live.connections()).toBe(0);
    ready?.();
    await expect.poll(() => ended).toEqual(['slow']);
  });

  it('too many starts are refused', async () => {
    const [page] = await tailing('q');
    const errors = await Promise.all(
      Array.from({ length: 25 }, () => page.emitWithAck('tail', { tailId: 't', query: 'q' })),
    );
    expect(errors.filter((error) => error !== null).length).toBeGreaterThan(0);
  });

  it('nonsense does not end the process', async () => {
    const page = open({ Cookie: await cookie() });
    await connected(page);
    const raw = page as Socket;
    raw.emit('tail');
    raw.emit('tail', null, 'not a function');
    raw.emit('nothing', { a: 1 });
    raw.emit('untail', 1, 2, 3);
    raw.emit('tail', Buffer.alloc(10));
    const error = await page.emitWithAck('tail', { tailId: 't', query: 'fine' });
    expect(error).toBeNull();
  });
});
