import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { LemniError } from '../lib/errors.js';

/** The port cannot be had. */
export class ListenError extends LemniError {
  readonly code = 'listen_failed';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
  }
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Begins to listen; the port is the one that was got when 0 was asked for. Throws ListenError. */
export function listen(server: Server, address: Address): Promise<{ readonly port: number }> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, address));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      const bound = server.address();
      resolve({ port: typeof bound === 'object' && bound !== null ? bound.port : address.port });
    });
  });
}

function listenError(error: NodeJS.ErrnoException, { host, port }: Address): ListenError {
  return new ListenError(whyNot(error, host, port), error);
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use by another program (another Lemni, an OpenTelemetry Collector?): stop it, or choose another port with --port or LEMNI_PORT.`;
    case 'EACCES':
      return `This user may not listen on port ${port} (ports below 1024 are for root): choose another with --port or LEMNI_PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `"${host}" is no address of this machine: 127.0.0.1 answers this machine only, 0.0.0.0 answers all (--host or LEMNI_HOST).`;
    default:
      return `Lemni cannot listen on ${host}:${port}: ${error.message}.`;
  }
}

/** Every open connection, those too that became WebSockets, which the server itself loses sight of. */
export function trackConnections(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

export interface Closing {
  readonly drainMs: number;
  readonly connections: ReadonlySet<Socket>;
}

const pollMs = 50;

/** Stops accepting, lets requests in flight end for at most `drainMs`, then cuts the rest. */
export function closeGracefully(server: Server, { drainMs, connections }: Closing): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    // A kept connection is idle only after its answer: closed as soon as that is so.
    const poll = setInterval(() => server.closeIdleConnections(), pollMs);
    const deadline = setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, drainMs);
    server.close(() => {
      clearInterval(poll);
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
  });
}
