import type { ProblemEvent as EventView, ProblemItem } from '../../src/http/contract/problems.js';
import type { Problem, ProblemEvent, Ticket, Verification } from '../../src/model/problems.js';

/** A problem as the REST API and the live events say it: times are RFC 3339. */
export function problemView(
  problem: Problem,
  ticket: Ticket | undefined,
  verification: Verification | undefined,
): ProblemItem {
  const { impact } = problem;
  return {
    id: problem.id,
    number: problem.number,
    title: problem.title,
    state: problem.state,
    services: [...problem.services],
    environment: problem.environment,
    createdAt: time(problem.createdAt),
    createdBy: problem.createdBy,
    signature: [...problem.signature],
    impact: { ...impact, from: timeOrNull(impact.from), to: time(impact.to) },
    ticket: ticket === undefined ? null : ticketView(ticket),
    verification: verification === undefined ? null : verificationView(verification),
  };
}

function ticketView({ tracker, number, url, state, syncedAt, error }: Ticket): ProblemItem['ticket'] {
  return {
    tracker,
    key: number === null ? '' : `#${number}`,
    url,
    state,
    syncedAt: timeOrNull(syncedAt),
    error,
  };
}

function verificationView(verification: Verification): ProblemItem['verification'] {
  const { state, releaseId, service, version, sentence, evidence } = verification;
  return {
    state,
    releaseId,
    service,
    version,
    startedAt: time(verification.startedAt),
    watchUntil: time(verification.watchUntil),
    decidedAt: timeOrNull(verification.decidedAt),
    sentence,
    evidence: [...evidence],
  };
}

export function eventView({ id, at, kind, text, actor, data }: ProblemEvent): EventView {
  return { id, at: time(at), kind, text, actor, data: { ...data } };
}

export function time(at: number): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}
