import type { TelemetryReader } from '../../store/telemetry/database.js';
import { SqlParams } from '../sql.js';
import { occurrencesSql, recordsSql, requestsSql, type Asked } from './occurrences.js';

/** How often a part was seen, and what it could have been seen in. */
export interface Seen {
  readonly hits: number;
  readonly requests: number;
  /** Log records; 0 for alerts. */
  readonly records: number;
}

const kinds = ['hits', 'requests', 'records'] as const;
/** Each has up to three branches in one statement. */
const askedAQuery = 15;

/** One answer for each that was asked, in the same order; from spans, logs and errors as they are, to the second. */
export async function shares(reader: TelemetryReader, asked: readonly Asked[]): Promise<Seen[]> {
  const answers = asked.map(() => ({ hits: 0, requests: 0, records: 0 }));
  for (let first = 0; first < asked.length; first += askedAQuery) {
    const params = new SqlParams();
    const branches = asked
      .slice(first, first + askedAQuery)
      .flatMap((one, i) => [
        ...branch(first + i, 0, occurrencesSql(one, params)),
        ...branch(first + i, 1, requestsSql(one, params)),
        ...branch(first + i, 2, recordsSql(one, params)),
      ]);
    if (branches.length === 0) continue;
    const rows = await reader.rows<{ asked: number; kind: number; n: number }>(
      branches.join('\nUNION ALL\n'),
      params.values,
    );
    for (const row of rows) {
      const answer = answers[row.asked];
      const kind = kinds[row.kind];
      if (answer && kind) answer[kind] = row.n;
    }
  }
  return answers;
}

function branch(asked: number, kind: number, sql: string | undefined): string[] {
  return sql === undefined
    ? []
    : [`SELECT toUInt32(${asked}) AS asked, toUInt32(${kind}) AS kind, count() AS n FROM (${sql})`];
}
