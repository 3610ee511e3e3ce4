import { activeStates } from '../../model/problems.js';
import type { StateDatabase } from './connect.js';

export interface ProblemCounts {
  /** Of any state, ever. */
  readonly ever: number;
  /** Open, planned, fixed and not seen to work yet, or regressed. */
  readonly active: number;
  readonly regressed: number;
}

/** How many problems wait, for the loop. */
export function openProblems(database: StateDatabase) {
  return {
    async counts(): Promise<ProblemCounts> {
      const rows = await database
        .selectFrom('problems')
        .select(['state', ({ fn }) => fn.countAll<number | string>().as('n')])
        .groupBy('state')
        .execute();
      const sum = (states: readonly string[] | null): number =>
        rows.reduce(
          (total, { state, n }) => (states === null || states.includes(state) ? total + Number(n) : total),
          0,
        );
      return { ever: sum(null), active: sum(activeStates), regressed: sum(['regressed']) };
    },
  };
}
