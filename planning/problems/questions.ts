import type { Problem, SignaturePart, Verification } from '../../src/model/problems.js';
import type { ImpactCounts, ImpactQuestion } from '../../src/query/problems/impact.js';
import type { Asked, Span } from '../../src/query/problems/occurrences.js';
import type { AlertEpisode } from '../../src/store/state/alert-episodes.js';
import { minutesOf, spansOf } from './episodes.js';

const dayMs = 86_400_000;
/** The cost is that of the last 30 days, or since it began. */
export const impactMs = 30 * dayMs;
/** People complain a little after it hurt. */
const complaintMs = 10 * 60_000;

/** What is known about a problem beside its own row. */
export interface Known {
  readonly episodes: readonly AlertEpisode[];
  readonly verification: Verification | null;
  /** Members of its feedback groups. */
  readonly groupMembers: readonly string[];
}

/** The time over which a problem's cost is counted. A fix ends it: what comes after is the fix's to answer for. */
export function impactTime(
  { since, state }: Pick<Problem, 'since' | 'state'>,
  verification: Verification | null,
  now: number,
): Span {
  const isFixed = state === 'fixed' || state === 'verified';
  const to = isFixed && verification ? Math.max(since, verification.startedAt) : now;
  return { from: Math.max(Math.min(since, to - 1), to - impactMs), to };
}

/** What telemetry is asked about a problem's cost. Pure. */
export function impactQuestion(problem: Problem, known: Known, now: number): ImpactQuestion {
  const time = impactTime(problem, known.verification, now);
  const alertSpans = problem.signature.flatMap((part) =>
    part.kind === 'alert' ? spansOf(part, known.episodes, time) : [],
  );
  return {
    id: problem.id,
    parts: askedParts(problem, known, time),
    feedback: {
      ids: [...feedbackIdsOf(problem.signature), ...known.groupMembers],
      services: problem.services,
      environment: problem.environment,
      spans: alertSpans.map(({ from, to }) => ({ from, to: to + complaintMs })),
    },
  };
}

function askedParts({ signature, environment }: Problem, known: Known, time: Span): Asked[] {
  return signature.flatMap((part): Asked[] => {
    switch (part.kind) {
      case 'alert': {
        if (part.measure === 'alert') return [];
        return [{ part, environment: part.environment, spans: spansOf(part, known.episodes, time) }];
      }
      case 'error_group':
      case 'pattern':
        return [{ part, environment, spans: [time] }];
      case 'feedback':
      case 'feedback_group':
        return [];
    }
  });
}

/** Minutes in which alerts were there that nothing else counts. */
export function withAlertMinutes(
  counts: ImpactCounts,
  problem: Problem,
  known: Known,
  now: number,
): ImpactCounts {
  const time = impactTime(problem, known.verification, now);
  const spans = problem.signature.flatMap((part) =>
    part.kind === 'alert' && part.measure === 'alert' ? spansOf(part, known.episodes, time) : [],
  );
  return spans.length === 0 ? counts : { ...counts, minutes: Math.max(counts.minutes, minutesOf(spans)) };
}

export function feedbackIdsOf(signature: readonly SignaturePart[]): string[] {
  return signature.flatMap((part) => (part.kind === 'feedback' ? [part.feedbackId] : []));
}

export function rulesOf(signature: readonly SignaturePart[]): string[] {
  return signature.flatMap((part) => (part.kind === 'alert' ? [part.rule] : []));
}

export function groupIdsOf(signature: readonly SignaturePart[]): string[] {
  return signature.flatMap((part) => (part.kind === 'feedback_group' ? [part.groupId] : []));
}
