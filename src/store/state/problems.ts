import { sql, type Insertable, type Selectable } from 'kysely';
import type {
  Impact,
  Problem,
  ProblemEvent,
  ProblemEventKind,
  ProblemState,
  SignaturePart,
} from '../../model/problems.js';
import { groupBy } from '../../lib/group-by.js';
import { chunks } from '../../lib/chunks.js';
import type { StateDatabase } from './connect.js';
import type { ProblemEventsTable, ProblemsTable } from './schema/problems.js';
import { lockFor } from './settings.js';

export interface ProblemFilter {
  readonly states?: readonly ProblemState[] | undefined;
  readonly service?: string | undefined;
  /** After this one in the ranking. */
  readonly after?: { readonly score: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** One at a time: numbers are counted, and a source has one problem. Run it in a transaction. */
export function lockProblems(transaction: StateDatabase): Promise<void> {
  return lockFor(transaction, 'problems');
}

export async function nextProblemNumber(database: StateDatabase): Promise<number> {
  const row = await database
    .selectFrom('problems')
    .select(({ fn }) => fn.max<number | null>('number').as('last'))
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

/** The problems that were opened from these sources, by source. */
export async function problemsOfSources(
  database: StateDatabase,
  sources: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const some of chunks(sources, 1000)) {
    const rows = await database
      .selectFrom('problem_sources')
      .selectAll()
      .where('source', 'in', some)
      .execute();
    for (const row of rows) found.set(row.source, row.problem_id);
  }
  return found;
}

export async function sourcesOfProblem(database: StateDatabase, problemId: string): Promise<string[]> {
  const rows = await database
    .selectFrom('problem_sources')
    .select('source')
    .where('problem_id', '=', problemId)
    .limit(1000)
    .execute();
  return rows.map(({ source }) => source);
}

/** A new problem with its source. */
export async function insertProblem(
  database: StateDatabase,
  problem: Problem,
  source: string,
): Promise<void> {
  await database.insertInto('problems').values(fromProblem(problem)).execute();
  await database.insertInto('problem_sources').values({ source, problem_id: problem.id }).execute();
  await insertParts(database, problem.id, problem.signature, 0);
}

/** What makes two parts the same one. */
export function partKey(part: SignaturePart): string {
  switch (part.kind) {
    case 'alert':
      return JSON.stringify(['alert', part.rule, part.service, part.environment, part.operation]);
    case 'error_group':
    case 'pattern':
      return JSON.stringify([part.kind, part.service, part.fingerprint]);
    case 'feedback':
      return JSON.stringify([part.kind, part.feedbackId]);
    case 'feedback_group':
      return JSON.stringify([part.kind, part.groupId]);
  }
}

async function insertParts(
  database: StateDatabase,
  problemId: string,
  parts: readonly SignaturePart[],
  first: number,
): Promise<void> {
  const unique = new Map(parts.map((part) => [partKey(part), part]));
  if (unique.size === 0) return;
  await database
    .insertInto('problem_signature')
    .values(
      [...unique].map(([key, part], i) => ({
        problem_id: problemId,
        position: first + i,
        key,
        part: JSON.stringify(part),
      })),
    )
    .onConflict((conflict) => conflict.columns(['problem_id', 'key']).doNothing())
    .execute();
}

export async function problemsByIds(database: StateDatabase, ids: readonly string[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const some of chunks(ids, 1000)) {
    const rows = await database.selectFrom('problems').selectAll().where('id', 'in', some).execute();
    problems.push(...(await withSignatures(database, rows)));
  }
  return problems;
}

export async function problemsByNumbers(
  database: StateDatabase,
  numbers: readonly number[],
): Promise<Problem[]> {
  if (numbers.length === 0) return [];
  const rows = await database
    .selectFrom('problems')
    .selectAll()
    .where('number', 'in', numbers.slice(0, 1000))
    .execute();
  return withSignatures(database, rows);
}

/** The costliest first. */
export async function listProblems(database: StateDatabase, filter: ProblemFilter): Promise<Problem[]> {
  let query = database.selectFrom('problems').selectAll();
  const { states, service, after } = filter;
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  if (service !== undefined) {
    // JSON text: the name as it stands between its quotes, with LIKE's own signs taken literally.
    const name = JSON.stringify(service).replace(/[!%_]/g, '!$&');
    query = query.where(sql<boolean>`services like ${`%${name}%`} escape '!'`);
  }
  if (after) {
    query = query.where((test) =>
      test.or([
        test('score', '<', after.score),
        test.and([test('score', '=', after.score), test('id', '>', after.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('score', 'desc').orderBy('id').limit(filter.limit).execute();
  return withSignatures(database, rows);
}

/** Problems whose ticket was closed as done: they wait for a release. */
export async function problemsAwaitingRelease(database: StateDatabase, limit: number): Promise<Problem[]> {
  const rows = await database
    .selectFrom('problems')
    .selectAll()
    .where('awaits_release_since', 'is not', null)
    .limit(limit)
    .execute();
  return withSignatures(database, rows);
}

export async function countProblems(
  database: StateDatabase,
  states: readonly ProblemState[],
): Promise<number> {
  const row = await database
    .selectFrom('problems')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('state', 'in', [...states])
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export type ProblemChange = Partial<
  Pick<Problem, 'title' | 'state' | 'awaitsReleaseSince' | 'impact' | 'services'>
>;

/** False when it is not there, or no longer in one of the states it had to be in. */
export async function updateProblem(
  database: StateDatabase,
  id: string,
  change: ProblemChange,
  from?: readonly ProblemState[],
): Promise<boolean> {
  const { awaitsReleaseSince, impact, services, ...same } = change;
  let query = database
    .updateTable('problems')
    .set({
      ...same,
      ...(services === undefined ? {} : { services: JSON.stringify(services) }),
      ...(awaitsReleaseSince === undefined ? {} : { awaits_release_since: awaitsReleaseSince }),
      ...(impact === undefined ? {} : { impact: JSON.stringify(impact), score: impact.score }),
    })
    .where('id', '=', id);
  if (from) query = query.where('state', 'in', [...from]);
  const result = await query.executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Events that are there already stay as they are: their ids may be made of what they tell. How many are new. */
export async function addProblemEvents(
  database: StateDatabase,
  events: readonly ProblemEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  const result = await database
    .insertInto('problem_events')
    .values(events.map(fromEvent))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n);
}

/** Oldest first; the newest `limit` of them. */
export async function problemEvents(
  database: StateDatabase,
  problemId: string,
  limit: number,
): Promise<ProblemEvent[]> {
  const rows = await database
    .selectFrom('problem_events')
    .selectAll()
    .where('problem_id', '=', problemId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(toEvent);
}

async function withSignatures(
  database: StateDatabase,
  rows: readonly Selectable<ProblemsTable>[],
): Promise<Problem[]> {
  if (rows.length === 0) return [];
  const parts = await database
    .selectFrom('problem_signature')
    .select(['problem_id', 'part'])
    .where(
      'problem_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('position')
    .execute();
  const byProblem = groupBy(parts, ({ problem_id }) => problem_id);
  return rows.map((row) => toProblem(row, byProblem.get(row.id) ?? []));
}

function fromProblem(problem: Problem): Insertable<ProblemsTable> {
  return {
    id: problem.id,
    number: problem.number,
    title: problem.title,
    state: problem.state,
    services: JSON.stringify(problem.services),
    environment: problem.environment,
    created_at: problem.createdAt,
    created_by: problem.createdBy,
    since: problem.since,
    score: problem.impact.score,
    impact: JSON.stringify(problem.impact),
    awaits_release_since: problem.awaitsReleaseSince,
  };
}

function toProblem(row: Selectable<ProblemsTable>, parts: readonly { readonly part: string }[]): Problem {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    // Columns below were written by fromProblem and insertParts.
    state: row.state as ProblemState,
    services: JSON.parse(row.services) as string[],
    environment: row.environment,
    createdAt: row.created_at,
    createdBy: row.created_by,
    since: row.since,
    signature: parts.map(({ part }) => JSON.parse(part) as SignaturePart),
    impact: JSON.parse(row.impact) as Impact,
    awaitsReleaseSince: row.awaits_release_since,
  };
}

function fromEvent(event: ProblemEvent): Insertable<ProblemEventsTable> {
  return {
    id: event.id,
    problem_id: event.problemId,
    at: event.at,
    kind: event.kind,
    text: event.text,
    actor: event.actor,
    data: JSON.stringify(event.data),
  };
}

function toEvent(row: Selectable<ProblemEventsTable>): ProblemEvent {
  return {
    id: row.id,
    problemId: row.problem_id,
    at: row.at,
    kind: row.kind as ProblemEventKind, // Written by fromEvent.
    text: row.text,
    actor: row.actor,
    data: JSON.parse(row.data) as Record<string, unknown>, // Written by fromEvent.
  };
}
