import type { ProblemDetail, ProblemItem } from '../../src/http/contract/problems.js';
import type { Problem, SignaturePart } from '../../src/model/problems.js';
import { alertEpisodes } from '../../src/store/state/alert-episodes.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { incidentsByIds } from '../../src/store/state/incidents.js';
import { problemEvents, sourcesOfProblem } from '../../src/store/state/problems.js';
import { ticketsOf } from '../../src/store/state/tickets.js';
import { lastVerifications } from '../../src/store/state/verifications.js';
import { isOf } from './episodes.js';
import type { ProblemTelemetry } from './ports.js';
import { impactMs, rulesOf } from './questions.js';
import { eventView, problemView, time } from './view.js';

const maxTimeline = 500;
const maxIncidents = 50;
const trendBuckets = 60;
/** A trend begins a little before the problem, so that one sees it begin. */
const leadShare = 0.1;
const minTrendMs = 5 * 60_000;

/** The problems with their tickets and verifications, in the order given. */
export async function problemItems(
  state: StateDatabase,
  problems: readonly Problem[],
): Promise<ProblemItem[]> {
  const ids = problems.map(({ id }) => id);
  const tickets = await ticketsOf(state, ids);
  const verifications = await lastVerifications(state, ids);
  return problems.map((problem) =>
    problemView(problem, tickets.get(problem.id), verifications.get(problem.id)),
  );
}

export async function problemDetail(
  { state, telemetry }: { readonly state: StateDatabase; readonly telemetry: ProblemTelemetry },
  problem: Problem,
  now: number,
): Promise<ProblemDetail> {
  const [item] = await problemItems(state, [problem]);
  const verifications = await lastVerifications(state, [problem.id]);
  const view = item ?? problemView(problem, undefined, undefined);
  const end = verifications.get(problem.id)?.decidedAt ?? now;
  const to = Math.max(problem.state === 'verified' ? end : now, problem.since + 1);
  const from = Math.max(problem.since, to - impactMs);
  const lead = Math.max(minTrendMs - (to - from), (to - from) * leadShare);
  const trend = await telemetry.trendOf({
    parts: problem.signature,
    environment: problem.environment,
    from: from - Math.max(0, lead),
    to,
    buckets: trendBuckets,
  });
  const events = await problemEvents(state, problem.id, maxTimeline);
  return { ...view, timeline: events.map(eventView), trend, incidents: await incidentsOf(state, problem) };
}

/** Incidents in which its alerts fired, and the one that it was opened from; the newest first. */
export async function incidentsOf(
  state: StateDatabase,
  problem: Problem,
): Promise<ProblemDetail['incidents']> {
  const alerts = problem.signature.filter(
    (part): part is Extract<SignaturePart, { kind: 'alert' }> => part.kind === 'alert',
  );
  const episodes = await alertEpisodes(state, rulesOf(problem.signature), problem.since);
  const ids = new Set(
    episodes.flatMap((episode) =>
      episode.incidentId !== null && alerts.some((part) => isOf(part, episode)) ? [episode.incidentId] : [],
    ),
  );
  for (const source of await sourcesOfProblem(state, problem.id)) {
    if (source.startsWith('incident:')) ids.add(source.slice('incident:'.length));
  }
  const incidents = await incidentsByIds(state, [...ids]);
  return incidents
    .toSorted((a, b) => b.openedAt - a.openedAt)
    .slice(0, maxIncidents)
    .map(({ id, number, title, openedAt, state: its }) => ({
      id,
      number,
      title,
      openedAt: time(openedAt),
      state: its,
    }));
}
