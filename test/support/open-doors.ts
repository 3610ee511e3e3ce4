import express, { type Express, type RequestHandler, type Router } from 'express';
import { pino } from 'pino';
import type { Access, Principal } from '../../src/http/access.js';
import { BadInput } from '../../src/lib/errors.js';
import { problemMiddleware } from '../../src/http/problems.js';

/**
 * Doors that read who is asking from a header instead of a key: `X-Test-Key: ingest | public | api | api-viewer`
 * and `X-Test-Role: viewer | responder | admin`. What the real doors do is tested where they are made.
 */
export const testAccess: Access = {
  key: (...scopes) =>
    letIn((request) => {
      const [scope, role] = (request.get('X-Test-Key') ?? '').split('-');
      const found = scopes.find((known) => known === scope);
      return (
        found && {
          kind: 'key',
          id: 'k1',
          name: 'test',
          scope: found,
          role: role === 'viewer' ? 'viewer' : 'responder',
        }
      );
    }),
  role: (minimum) =>
    letIn((request) => {
      const order = ['viewer', 'responder', 'admin'] as const;
      const role = order.find((known) => known === request.get('X-Test-Role'));
      if (role === undefined) return undefined;
      if (order.indexOf(role) < order.indexOf(minimum))
        throw new BadInput('forbidden', `This takes a ${minimum}.`);
      return { kind: 'user', id: 'u1', name: 'Ada', role };
    }),
};

function letIn(principalOf: (request: express.Request) => Principal | undefined): RequestHandler {
  return (request, response, next) => {
    const principal = principalOf(request);
    if (!principal) throw new BadInput('unauthenticated', 'No key.');
    response.locals['principal'] = principal;
    next();
  };
}

/** An app with these routes and the error middleware of the real one. */
export function appOf(...routers: Router[]): Express {
  const app = express();
  for (const router of routers) app.use(router);
  app.use(problemMiddleware(pino({ level: 'silent' })));
  return app;
}
