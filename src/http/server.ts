import { createServer, type Server } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { NewId } from '../lib/ids.js';
import type { Clock } from '../lib/clock.js';
import { BadInput } from '../lib/errors.js';
import { closeGracefully, listen, trackConnections } from './listen.js';
import { isExpectedHost, type OriginRules } from './origins.js';
import { noSuchPath, problemMiddleware } from './problems.js';
import { securityHeaders } from './security-headers.js';
import { dashboard } from './dashboard.js';

export interface HttpDeps {
  /** host, publicUrl and ingest.allowedOrigins of the configuration. */
  readonly rules: OriginRules;
  /** 0: any free one. */
  readonly port: number;
  /** Seen by every request before the routes: metrics, traces. */
  readonly before?: readonly RequestHandler[];
  /** The rooms' routers, with full paths, in order. */
  readonly routers: readonly RequestHandler[];
  /** The built dashboard (with its index.html); undefined: none is served. */
  readonly dashboardDir?: string | undefined;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies?: readonly string[];
  readonly log: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long requests in flight may take to end when it stops, ms. */
  readonly drainMs?: number;
}

export interface Http {
  readonly app: Express;
  /** For what speaks another protocol on the same port (the live socket). */
  readonly server: Server;
  start(): Promise<{ readonly port: number }>;
  /** Takes no new connection, lets requests end, then cuts what is left. Idempotent. */
  stop(): Promise<void>;
}

/** The front door: express, its order of middleware, and the server below it. */
export function createHttp(deps: HttpDeps): Http {
  const app = createExpress(deps);
  const server = createServer(app);
  // Longer than any exporter's interval, so that a kept connection is not closed under a request (ms).
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 30_000;
  // A whole request, 64 MiB over a slow line included.
  server.requestTimeout = 120_000;
  // More are refused by the kernel's queue; each open one costs about 20 kB.
  server.maxConnections = 10_000;
  const connections = trackConnections(server);
  let stopped: Promise<void> | undefined;
  return {
    app,
    server,
    start: () => listen(server, { host: deps.rules.host, port: deps.port }),
    stop: () => (stopped ??= closeGracefully(server, { drainMs: deps.drainMs ?? 10_000, connections })),
  };
}

function createExpress(deps: HttpDeps): Express {
  const { rules, log } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxies === undefined ? false : [...deps.trustedProxies]);
  app.use(requestIds(deps));
  for (const handler of deps.before ?? []) app.use(handler);
  app.use(hostCheck(rules));
  app.use(securityHeaders(rules.publicUrl.startsWith('https:')));
  const pages = deps.dashboardDir === undefined ? undefined : dashboard(deps.dashboardDir);
  if (pages) app.use(pages.shared);
  for (const router of deps.routers) app.use(router);
  if (pages) app.use(pages.pages);
  app.use(noSuchPath);
  app.use(problemMiddleware(log));
  return app;
}

/** The id that the answer, the log and a person's report share. A sender's own is not taken over. */
function requestIds({ newId, clock }: HttpDeps): RequestHandler {
  return (_request, response, next) => {
    const id = newId(clock.now());
    response.locals['requestId'] = id;
    response.set('X-Request-Id', id);
    next();
  };
}

function hostCheck(rules: OriginRules): RequestHandler {
  return (request, _response, next) => {
    if (!isExpectedHost(request.headers.host, rules)) {
      throw new BadInput(
        'forbidden',
        `Lemni listens on this machine only and was called "${String(request.headers.host).slice(0, 200)}": set publicUrl in lemni.yaml if that is its name.`,
      );
    }
    next();
  };
}
