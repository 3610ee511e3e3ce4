import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { pino, type Logger } from 'pino';

export interface Service {
  readonly app: Express;
  readonly log: Logger;
  /** Listens on PORT, and stops on SIGTERM when what is in flight is answered. Call it after the routes. */
  readonly listen: () => void;
}

/** What the demo's services have in common: JSON, a log, and an end without lost requests. */
export function service(): Service {
  const app = express();
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info' });
  app.disable('x-powered-by');
  app.use(express.json());
  app.get('/healthz', (_request, response) => void response.sendStatus(204));
  return {
    app,
    log,
    listen() {
      app.use((error: Error, request: Request, response: Response, next: NextFunction) => {
        log.error(
          { err: error, path: request.path },
          `${request.method} ${request.path} failed: ${error.message}`,
        );
        if (response.headersSent) next(error);
        else response.status(500).json({ error: error.message });
      });
      const port = Number(process.env['PORT'] ?? 0);
      const server = app.listen(port, '127.0.0.1', () => log.info({ port }, 'listening'));
      process.once('SIGTERM', () => {
        server.close();
        server.closeIdleConnections();
      });
    },
  };
}

/** Asks another service; throws with its words when it refuses. */
export async function ask<Answer>(url: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5000),
  });
  const answer = (await response.json().catch(() => ({}))) as Answer & { error?: string };
  if (!response.ok)
    throw new ServiceError(response.status, answer.error ?? `${url} answered ${response.status}`);
  return answer;
}

export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
