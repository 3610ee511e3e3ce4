import type { TelemetryReader } from '../../store/telemetry/database.js';
import { timeWithin } from '../errors/groups.js';
import { SqlParams } from '../sql.js';
import { occurrencesSql, type Asked, type Span } from './occurrences.js';

/** What one problem is asked: its parts, and which feedback counts for it. */
export interface ImpactQuestion {
  readonly id: string;
  readonly parts: readonly Asked[];
  readonly feedback: {
    readonly ids: readonly string[];
    /** Bad ratings of these services in these times count, too. */
    readonly services: readonly string[];
    readonly environment: string;
    readonly spans: readonly Span[];
  };
}

export interface ImpactCounts {
  /** Distinct users, sessions, and senders of its feedback. */
  readonly users: number;
  readonly sessions: number;
  readonly senders: number;
  /** Distinct traces, and occurrences without one. */
  readonly requests: number;
  readonly minutes: number;
  readonly feedback: number;
}

const none: ImpactCounts = { users: 0, sessions: 0, senders: 0, requests: 0, minutes: 0, feedback: 0 };
/** Branches of one statement; more make it slow to parse and its parameters many. */
const branchesAQuery = 40;

/** What the problems cost, by problem: a few statements however many problems there are. */
export async function impactCounts(
  reader: TelemetryReader,
  questions: readonly ImpactQuestion[],
): Promise<ReadonlyMap<string, ImpactCounts>> {
  const counts = new Map(questions.map(({ id }) => [id, none]));
  for (const some of bundles(questions)) {
    for (const [id, row] of await occurrencesOf(reader, some)) counts.set(id, { ...none, ...row });
    for (const [id, row] of await feedbackOf(reader, some))
      counts.set(id, { ...(counts.get(id) ?? none), ...row });
  }
  return counts;
}

/** A problem's branches stay together: people are counted across its parts. */
function bundles(questions: readonly ImpactQuestion[]): ImpactQuestion[][] {
  const all: ImpactQuestion[][] = [];
  let branches = branchesAQuery;
  for (const question of questions) {
    const own = Math.max(1, question.parts.length);
    if (branches + own > branchesAQuery) {
      all.push([]);
      branches = 0;
    }
    all.at(-1)?.push(question);
    branches += own;
  }
  return all;
}

type Occurrences = Omit<ImpactCounts, 'senders' | 'feedback'>;

async function occurrencesOf(
  reader: TelemetryReader,
  questions: readonly ImpactQuestion[],
): Promise<[string, Occurrences][]> {
  const params = new SqlParams();
  const branches = questions.flatMap(({ parts }, i) =>
    parts.flatMap((part) => {
      const sql = occurrencesSql(part, params);
      return sql === undefined ? [] : [`SELECT ${i} AS problem, * FROM (${sql})`];
    }),
  );
  if (branches.length === 0) return [];
  const rows = await reader.rows<Occurrences & { readonly problem: number }>(
    `SELECT toUInt32(problem) AS problem, uniqIf(user, user != '') AS users, uniqIf(session, session != '') AS sessions,
  uniqIf(trace, trace != '') + countIf(trace = '') AS requests, uniq(toStartOfMinute(at)) AS minutes
FROM (${branches.join('\nUNION ALL\n')}) GROUP BY problem`,
    params.values,
  );
  return rows.flatMap(({ problem, ...row }): [string, Occurrences][] => {
    const question = questions[problem];
    return question ? [[question.id, row]] : [];
  });
}

async function feedbackOf(
  reader: TelemetryReader,
  questions: readonly ImpactQuestion[],
): Promise<[string, Pick<ImpactCounts, 'feedback' | 'senders'>][]> {
  const params = new SqlParams();
  const branches = questions.flatMap(({ feedback }, i) => {
    const conditions = [
      ...(feedback.ids.length > 0 ? [`Id IN ${params.strings(feedback.ids)}`] : []),
      ...(feedback.spans.length > 0 && feedback.services.length > 0 ? [badRatings(feedback, params)] : []),
    ];
    if (conditions.length === 0) return [];
    return [
      `SELECT ${i} AS problem, Id AS id, multiIf(UserId != '', UserId, Email != '', Email, SessionId) AS sender
FROM feedback WHERE ${conditions.join(' OR ')}`,
    ];
  });
  if (branches.length === 0) return [];
  const rows = await reader.rows<{ problem: number; feedback: number; senders: number }>(
    `SELECT toUInt32(problem) AS problem, uniqExact(id) AS feedback, uniqIf(sender, sender != '') AS senders
FROM (${branches.join('\nUNION ALL\n')}) GROUP BY problem`,
    params.values,
  );
  return rows.flatMap(({ problem, ...row }): [string, { feedback: number; senders: number }][] => {
    const question = questions[problem];
    return question ? [[question.id, row]] : [];
  });
}

function badRatings({ services, environment, spans }: ImpactQuestion['feedback'], params: SqlParams): string {
  const times = spans.map(({ from, to }) => `(${timeWithin('At', { fromMs: from, toMs: to }, params)})`);
  const env = environment === '' ? '' : ` AND Environment IN ('', ${params.string(environment)})`;
  return `(Rating BETWEEN 1 AND 2 AND ServiceName IN ${params.strings(services)}${env} AND (${times.join(' OR ')}))`;
}
