import express, { type Request, type Response, type Router } from 'express';
import type { Access } from '../../src/http/access.js';
import type { Suspects } from '../../src/http/contract/suspects.js';
import { BadInput } from '../../src/lib/errors.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { incidentsByIds } from '../../src/store/state/incidents.js';
import { suspectsOf } from '../../src/store/state/suspects.js';

export interface SuspectRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
}

/** Who may have caused an incident, and why. */
export function suspectRoutes({ access, state }: SuspectRoutesDeps): Router {
  const router = express.Router();
  router.get(
    '/api/incidents/:id/suspects',
    access.role('viewer'),
    async (request: Request, response: Response) => {
      const incidentId = String(request.params['id']);
      const [incident] = await incidentsByIds(state, [incidentId]);
      if (!incident) throw new BadInput('not_found', 'There is no incident with this id.');
      const judged = await suspectsOf(state, incidentId);
      const answer: Suspects = {
        incidentId,
        judgedAt: judged ? new Date(judged.judgedAt).toISOString() : null,
        items: judged ? [...judged.suspects] : [],
      };
      response.json(answer);
    },
  );
  return router;
}
