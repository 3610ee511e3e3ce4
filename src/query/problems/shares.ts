import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { chancesSql, occurrencesSql, type Asked } from './occurrences.js';

/** How often a part was seen, and the requests it could have been seen in. */
export interface Seen {
  readonly hits: number;
  readonly total: number;
}

/** Branches of one statement. */
const branchesAQuery = 40;

/** One answer for each that was asked, in the same order; from spans, logs and errors as they are, to the second. */
export async function shares(reader: TelemetryReader, asked: readonly Asked[]): Promise<Seen[]> {
  const answers = asked.map(() => ({ hits: 0, total: 0 }));
  for (let first = 0; first < asked.length; first += branchesAQuery / 2) {
    const some = asked.slice(first, first + branchesAQuery / 2);
    const params = new SqlParams();
    const branches = some.flatMap((one, i) => [
      ...branch(first + i, 0, occurrencesSql(one, params)),
      ...branch(first + i, 1, chancesSql(one, params)),
    ]);
    if (branches.length === 0) continue;
    const rows = await reader.rows<{ asked: number; chance: number; n: number }>(
      `SELECT toUInt32(asked) AS asked, toUInt32(chance) AS chance, sum(n) AS n FROM (${branches.join(
        '\nUNION ALL\n',
      )}) GROUP BY asked, chance`,
      params.values,
    );
    for (const row of rows) {
      const answer = answers[row.asked];
      if (answer) answer[row.chance === 1 ? 'total' : 'hits'] = row.n;
    }
  }
  return answers;
}

function branch(asked: number, chance: number, sql: string | undefined): string[] {
  return sql === undefined
    ? []
    : [`SELECT ${asked} AS asked, ${chance} AS chance, count() AS n FROM (${sql})`];
}
