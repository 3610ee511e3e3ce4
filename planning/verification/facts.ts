import type { PartShare, Problem, SignaturePart, Verification } from '../../src/model/problems.js';
import type { Asked, Span } from '../../src/query/problems/occurrences.js';
import type { Seen } from '../../src/query/problems/shares.js';
import type { AlertEpisode } from '../../src/store/state/alert-episodes.js';
import { isOf, spansOf } from '../problems/episodes.js';
import type { JudgeFacts, PartFacts } from './judge.js';

/** How it was before is looked up over the last day. */
const beforeMs = 86_400_000;
/** What the release before had begun is still being finished: a quarter of the bake time, at most this. */
const maxSettleMs = 30_000;

/** Which parts telemetry counts: the rest are alerts that stand for themselves, and what people said. */
export function isCounted(part: SignaturePart): boolean {
  return (
    part.kind === 'error_group' ||
    part.kind === 'pattern' ||
    (part.kind === 'alert' && part.measure !== 'alert')
  );
}

interface Place {
  readonly service: string;
  readonly version: string;
}

/** What to ask about the time before the release took effect (`at`), part by part; undefined: not counted. */
export function askedBefore(
  problem: Problem,
  episodes: readonly AlertEpisode[],
  release: Place & { readonly at: number },
): (Asked | undefined)[] {
  const time = { from: Math.max(problem.since, release.at - beforeMs), to: release.at };
  return problem.signature.map((part) => {
    if (!isCounted(part)) return undefined;
    const own = 'service' in part && part.service === release.service;
    const alerted = part.kind === 'alert' ? spansOf(part, episodes, time) : [];
    return {
      part,
      environment: environmentOf(problem, part),
      spans: alerted.length > 0 ? alerted : nonEmpty(time),
      // The release may run before its deploy is told: its own requests are not of the time before it.
      ...(own ? { notVersions: [release.version] } : {}),
    };
  });
}

/** A moment without length says nothing, and is no mistake. */
function nonEmpty(span: Span): Span[] {
  return span.from < span.to ? [span] : [];
}

/** What to ask about the time since, in the order of `verification.before`. */
export function askedAfter(
  problem: Problem,
  { service, before, startedAt, watchUntil }: Verification,
  { versions, from, to }: { readonly versions: readonly string[] | undefined } & Span,
): (Asked | undefined)[] {
  const settled = startedAt + Math.min(maxSettleMs, (watchUntil - startedAt) / 4);
  return before.map(({ part: position }) => {
    const part = problem.signature[position];
    if (!part || !isCounted(part)) return undefined;
    const own = 'service' in part && part.service === service && versions !== undefined;
    return {
      part,
      environment: environmentOf(problem, part),
      spans: nonEmpty({ from: own ? from : Math.max(from, settled), to }),
      ...(own ? { versions } : {}),
    };
  });
}

function environmentOf(problem: Problem, part: SignaturePart): string {
  return part.kind === 'alert' ? part.environment : problem.environment;
}

/** Patterns are seen in log records; errors in requests, or in records where a service sends no spans. */
export function shareOf(part: SignaturePart, position: number, seen: Seen): PartShare {
  const of =
    part.kind === 'pattern' || (part.kind === 'error_group' && seen.requests === 0) ? 'records' : 'requests';
  return { part: position, of, hits: seen.hits, total: of === 'records' ? seen.records : seen.requests };
}

/** What is known, for the judge. `after[i]` belongs to `before[i]`. */
export function factsOf(
  problem: Problem,
  verification: Verification,
  after: readonly (Seen | undefined)[],
  { episodes, now }: { readonly episodes: readonly AlertEpisode[]; readonly now: number },
): JudgeFacts {
  const { service, version, before, startedAt } = verification;
  const parts = before.flatMap((share, i): PartFacts[] => {
    const part = problem.signature[share.part];
    const seen = after[i];
    if (!part || !seen) return [];
    return [
      {
        name: nameOf(part),
        of: share.of === 'records' ? 'log records' : 'requests',
        before: { successes: share.hits, total: share.total },
        after: { successes: seen.hits, total: share.of === 'records' ? seen.records : seen.requests },
      },
    ];
  });
  const alerts = problem.signature.filter((part) => part.kind === 'alert');
  const fired = (is: (episode: AlertEpisode) => boolean): string[] => [
    ...new Set(
      episodes.flatMap((episode) =>
        alerts.some((part) => isOf(part, episode)) && is(episode) ? [episode.rule] : [],
      ),
    ),
  ];
  return {
    service,
    version,
    forMs: now - startedAt,
    parts,
    alertParts: alerts.flatMap((part) => (part.measure === 'alert' ? [part.rule] : [])),
    requests: Math.max(0, ...after.map((seen) => seen?.requests ?? 0)),
    alertsNow: fired(({ resolvedAt }) => resolvedAt === null),
    // A rule looks back over its window: what it sees sooner than that may be older than the release.
    alertsAnew: fired(({ activeAt, windowMs }) => activeAt - windowMs > startedAt),
  };
}

function nameOf(part: SignaturePart): string {
  switch (part.kind) {
    case 'alert':
      return `Failed requests of ${part.service}${part.operation === '' ? '' : ` ${part.operation}`}`;
    case 'error_group':
    case 'pattern':
      return part.title.length > 120 ? `${part.title.slice(0, 119)}…` : part.title;
    case 'feedback':
    case 'feedback_group':
      return part.title;
  }
}
