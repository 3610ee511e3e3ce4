import type { StateDatabase } from './connect.js';
import { listIncidents } from './incidents.js';

/** More at once are no longer told apart by people. */
const maxIncidents = 1000;

/** What is wrong now, by service: one entry for each service of each incident that is not resolved. */
export function openIncidents(database: StateDatabase) {
  return {
    async open() {
      const incidents = await listIncidents(database, { state: 'active', limit: maxIncidents });
      return incidents.flatMap(({ services, environment, severity }) =>
        services.map((service) => ({ service, environment, severity })),
      );
    },
  };
}
