import express, { type Request, type Response, type Router } from 'express';
import type { Clock } from '../../src/lib/clock.js';
import { BadInput } from '../../src/lib/errors.js';
import type { Access, Principal } from '../../src/http/access.js';
import {
  ChangeInput,
  DeployInput,
  type ChangeAccepted,
  type DeployAccepted,
} from '../../src/http/contract/changes.js';
import { parse } from '../../src/http/validate.js';
import { toChange, type ToldChange } from './change.js';
import type { ChangeIntake } from './ports.js';

export interface ChangeRoutesDeps {
  readonly access: Access;
  readonly intake: ChangeIntake;
  readonly clock: Clock;
  /** config.ingest.maxFuture. */
  readonly maxFutureMs: number;
}

/** 500 commits of 4,000 characters, each of up to four bytes as JSON has them, are beyond any honest sender. */
const maxBody = '4mb';

/** `POST /api/deploys` and `POST /api/changes`: 202 when it is stored, 200 when it was told before. */
export function changeRoutes(deps: ChangeRoutesDeps): Router {
  const router = express.Router();
  const json = express.json({ limit: maxBody });
  const take = async (told: ToldChange, response: Response): Promise<void> => {
    const context = { source: 'api', now: deps.clock.now(), maxFutureMs: deps.maxFutureMs };
    const recorded: ChangeAccepted = await deps.intake.take(toChange(told, context));
    response.status(recorded.duplicate ? 200 : 202).json(recorded satisfies DeployAccepted);
  };
  const door = [deps.access.key('ingest', 'api'), responders, json];
  router.post('/api/deploys', ...door, async (request: Request, response: Response) => {
    const { kind, ...input } = parse(DeployInput, bodyOf(request));
    await take({ ...input, type: `service.${kind ?? 'deployed'}` }, response);
  });
  router.post('/api/changes', ...door, async (request: Request, response: Response) => {
    await take(parse(ChangeInput, bodyOf(request)), response);
  });
  return router;
}

/** An `ingest` key only writes; an `api` key acts as a person does, and telling a deploy takes a responder. */
function responders(_request: Request, response: Response, next: () => void): void {
  const principal = response.locals['principal'] as Principal | undefined; // Put there by access.key.
  if (principal?.kind === 'key' && principal.scope === 'api' && principal.role === 'viewer') {
    throw new BadInput(
      'forbidden',
      'This key may only read: tell changes with an `ingest` key, or an `api` key with the role responder.',
    );
  }
  next();
}

function bodyOf(request: Request): unknown {
  // Other media types are refused, so that a page elsewhere cannot post here without a preflight.
  if (request.is('application/json') === false) {
    throw new BadInput('unsupported_media_type', 'Send JSON with "Content-Type: application/json".');
  }
  return request.body as unknown;
}
