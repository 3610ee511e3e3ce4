import type { Problem } from '../../src/model/problems.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { suspectsOf } from '../../src/store/state/suspects.js';
import { lastVerifications } from '../../src/store/state/verifications.js';
import { incidentsOf } from '../problems/read.js';
import type { TicketFacts } from './content.js';

/** Incidents whose suspects are asked for: the last ones say it. */
const maxAsked = 3;

/** What a ticket says of a problem as it is now. */
export function ticketFacts(
  state: StateDatabase,
  publicUrl: string,
): (problem: Problem) => Promise<TicketFacts> {
  return async (problem) => {
    const incidents = await incidentsOf(state, problem);
    const verifications = await lastVerifications(state, [problem.id]);
    return {
      problem,
      publicUrl,
      incidents,
      verification: verifications.get(problem.id),
      suspect: await suspectOf(state, incidents.slice(0, maxAsked)),
    };
  };
}

/** The most probable release, unless "no release" is more probable. */
async function suspectOf(
  state: StateDatabase,
  incidents: readonly { readonly id: string }[],
): Promise<string | undefined> {
  for (const { id } of incidents) {
    const [first] = (await suspectsOf(state, id))?.suspects ?? [];
    if (first && first.releaseId !== null) {
      return `${first.title} (${Math.round(first.probability * 100)} %)`;
    }
  }
  return undefined;
}
