import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { Clock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import type { Sessions } from '../accounts/sessions.js';
import type { ClientToServer, ServerToClient } from '../contract/live.js';
import type { AccessControl } from '../create-access.js';
import { header } from '../credentials.js';
import { isCrossSite, isExpectedHost, type OriginRules } from '../origins.js';
import { clusterAdapter, type AdapterPool, type ClusterAdapter } from './postgres.js';
import type { TailSource } from './ports.js';
import { Tail } from './tail.js';

export interface LiveDeps {
  readonly access: Pick<AccessControl, 'sessionOf'>;
  readonly sessions: Pick<Sessions, 'isAlive' | 'onEnd'>;
  readonly rules: OriginRules;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tail?: TailSource | undefined;
  /** With PostgreSQL: `connectPostgres`, so that events reach the browsers of every Lemni process. */
  readonly pool?: AdapterPool | undefined;
  readonly limits?: Partial<LiveLimits>;
}

export interface LiveLimits {
  readonly maxSockets: number;
  /** Packets that wait for a slow client: beyond the first a tail drops lines, beyond the second it is cut off. */
  readonly tailBacklog: number;
  readonly maxBacklog: number;
  /** How often the sessions of open sockets are looked at, ms: they may end in another process. */
  readonly recheckMs: number;
}

const defaultLimits: LiveLimits = { maxSockets: 2000, tailBacklog: 16, maxBacklog: 256, recheckMs: 60_000 };

export interface Live {
  /** To every page that is open; cheap when none is. `ingested` is added up and told once a second. */
  emit<Event extends keyof ServerToClient>(event: Event, payload: Parameters<ServerToClient[Event]>[0]): void;
  /** Begins to answer at `/live` on this server. */
  attach(server: HttpServer): Promise<void>;
  /** How many pages are connected to this process. */
  connections(): number;
  /** Before the server's own stop, which would wait for these connections. Idempotent. */
  stop(): Promise<void>;
}

interface SocketData {
  sessionId: string;
}
/** What processes tell each other: an event for all their pages. */
interface ServerToServer {
  told: (event: keyof ServerToClient, payload: unknown) => void;
}
type LiveServer = Server<ClientToServer, ServerToClient, ServerToServer, SocketData>;
type LiveSocket = Socket<ClientToServer, ServerToClient, ServerToServer, SocketData>;

/** The live room: what happens, told to pages as it happens. Only people who are logged in get in. */
export function createLive(deps: LiveDeps): Live {
  const limits = { ...defaultLimits, ...deps.limits };
  let stopped = false;
  const io: LiveServer = new Server({
    path: '/live',
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    allowRequest: (request, decide) => {
      admit(deps, request, !stopped && io.engine.clientsCount < limits.maxSockets).then(
        (refusal) => decide(refusal, refusal === null),
        (error: unknown) => {
          deps.log.debug({ err: error }, 'a live connection could not be checked');
          decide('Lemni cannot check the login at the moment.', false);
        },
      );
    },
  });
  io.on('connection', (socket) => welcome(deps, limits, socket));
  deps.sessions.onEnd((ids) => {
    const ended = new Set(ids);
    cut(io, (sessionId) => ended.has(sessionId));
  });
  io.on('told', (event, payload) => tell(io, event, payload));
  let cluster: ClusterAdapter | undefined;
  // Own pages first and at once: they must not wait for PostgreSQL.
  function emit(event: keyof ServerToClient, payload: unknown): void {
    tell(io, event, payload);
    if (cluster) io.serverSideEmit('told', event, payload);
  }
  const ingested = new IngestedCounter((counts) => emit('ingested', counts));
  let recheck: NodeJS.Timeout | undefined;
  return {
    emit: (event, payload) => {
      if (event === 'ingested')
        ingested.add(payload as IngestedCounts); // By the signature of `emit`.
      else emit(event, payload);
    },
    attach: async (server) => {
      if (deps.pool) {
        cluster = await clusterAdapter(deps.pool, (error) =>
          deps.log.warn(
            { reason: messageOf(error) },
            'live events do not reach other processes at the moment',
          ),
        );
        io.adapter(cluster.adapter);
      }
      io.attach(server);
      recheck = setInterval(() => void recheckSessions(deps, io), limits.recheckMs);
      recheck.unref();
    },
    connections: () => io.of('/').sockets.size,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      clearInterval(recheck);
      ingested.stop();
      io.local.disconnectSockets(true);
      await io.of('/').adapter.close();
      cluster?.close();
      // Not io.close(): that would close the HTTP server too, which drains by itself.
      (io.engine as { close(): unknown } | undefined)?.close();
    },
  };
}

/** To the pages of this process. */
function tell(io: LiveServer, event: keyof ServerToClient, payload: unknown): void {
  // The pair is right by the signature of `Live.emit`, which socket.io's own type cannot express.
  (io.local as unknown as { emit(event: string, payload: unknown): boolean }).emit(event, payload);
}

/** Null: come in; otherwise why not. The session's id travels on the request to the socket. */
async function admit(deps: LiveDeps, request: IncomingMessage, room: boolean): Promise<string | null> {
  const { headers } = request;
  const host = header(headers, 'host');
  if (!isExpectedHost(host, deps.rules)) return 'Lemni listens on this machine only.';
  const sender = { origin: headers.origin, host, fetchSite: header(headers, 'sec-fetch-site') };
  if (isCrossSite(sender, deps.rules)) return 'Only pages of Lemni itself may connect.';
  if (!room) return 'Too many pages are connected.';
  const session = await deps.access.sessionOf(headers);
  if (!session) return 'Log in first.';
  sessionIds.set(request, session.id);
  return null;
}

const sessionIds = new WeakMap<IncomingMessage, string>();

function welcome(deps: LiveDeps, limits: LiveLimits, socket: LiveSocket): void {
  const sessionId = sessionIds.get(socket.request);
  if (sessionId === undefined) {
    socket.disconnect(true);
    return;
  }
  socket.data.sessionId = sessionId;
  // Packets that the transport has not taken yet: engine.io hands over all of them at each flush.
  let backlog = 0;
  socket.conn.on('flush', () => (backlog = 0));
  socket.conn.on('packetCreate', () => {
    // A page that does not take what it is sent (a laptop asleep) must not fill the memory; it comes back and
    // asks the REST API for what it missed.
    if (++backlog > limits.maxBacklog) hangUp(socket);
  });
  const tail = new Tail({
    source: deps.tail,
    clock: deps.clock,
    log: deps.log,
    keepsUp: () => backlog <= limits.tailBacklog,
    send: (batch) => socket.emit('logs', batch),
  });
  socket.on('tail', (request, ack: unknown) => {
    void tail.start(request).then((error) => {
      if (typeof ack === 'function') (ack as (error: string | null) => void)(error);
    });
  });
  socket.on('untail', () => tail.stop());
  socket.on('disconnect', () => tail.stop());
}

/** At once: a polite close would wait 30 s, with all that is queued, for a client that does not listen. */
function hangUp(socket: LiveSocket): void {
  // engine.io keeps the WebSocket private; polling has none.
  const transport = socket.conn.transport as unknown as { socket?: { terminate?: () => void } };
  transport.socket?.terminate?.();
  socket.conn.close(true);
}

function cut(io: LiveServer, isOver: (sessionId: string) => boolean): void {
  for (const socket of io.of('/').sockets.values()) {
    if (isOver(socket.data.sessionId)) socket.disconnect(true);
  }
}

async function recheckSessions(deps: LiveDeps, io: LiveServer): Promise<void> {
  const open = new Set([...io.of('/').sockets.values()].map(({ data }) => data.sessionId));
  for (const id of open) {
    try {
      if (!(await deps.sessions.isAlive(id))) cut(io, (sessionId) => sessionId === id);
    } catch (error) {
      // The database is away: nobody is logged out for that.
      deps.log.debug({ err: error }, 'sessions of live connections could not be checked');
      return;
    }
  }
}

type IngestedCounts = Parameters<ServerToClient['ingested']>[0];

/** Adds up what became readable and tells it at most once a second. */
class IngestedCounter {
  readonly #tell: (counts: IngestedCounts) => void;
  #counts: IngestedCounts = { logs: 0, traces: 0, metrics: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (counts: IngestedCounts) => void) {
    this.#tell = tell;
  }

  add(counts: IngestedCounts): void {
    this.#counts.logs += counts.logs;
    this.#counts.traces += counts.traces;
    this.#counts.metrics += counts.metrics;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const told = this.#counts;
      this.#counts = { logs: 0, traces: 0, metrics: 0 };
      this.#tell(told);
    }, 1000).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
