import { Router, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { messageOf } from '../lib/errors.js';
import type { Access } from './access.js';
import { isLoopback } from './origins.js';

export interface ProbeDeps {
  readonly access: Access;
  readonly registry: Registry;
  /** Where Lemni listens. */
  readonly host: string;
  /** What must answer for Lemni to serve, by its name for people; each rejects when it does not. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** For operators: is the process alive, can it serve, and its metrics. */
export function probeRoutes({ access, registry, host, checks }: ProbeDeps): Router {
  const router = Router();
  router.get('/-/healthy', (_request, response) => {
    response.type('text/plain').send('Lemni lives.\n');
  });
  router.get('/-/ready', async (_request, response) => {
    const reasons = await failuresOf(checks);
    response.status(reasons.length === 0 ? 200 : 503).type('text/plain');
    response.send(reasons.length === 0 ? 'Lemni is ready.\n' : `${reasons.join('\n')}\n`);
  });
  // The numbers say much about an organization: in the open only where nobody else can listen.
  const open: RequestHandler = (_request, _response, next) => {
    next();
  };
  const door = isLoopback(host) ? open : access.role('viewer');
  router.get('/metrics', door, async (_request, response) => {
    response.set('Content-Type', registry.contentType);
    response.send(await registry.metrics());
  });
  return router;
}

async function failuresOf(checks: ProbeDeps['checks']): Promise<string[]> {
  const results = await Promise.allSettled(Object.values(checks).map((check) => inTime(check())));
  const names = Object.keys(checks);
  return results.flatMap((result, i) =>
    result.status === 'fulfilled'
      ? []
      : [`${names[i] ?? 'a part'} does not answer: ${messageOf(result.reason)}`],
  );
}

/** Who probes waits a few seconds; a database that is silent may hold a query for much longer. */
const patienceMs = 6000;

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${patienceMs / 1000} s.`)), patienceMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
