import { groupBy } from '../../src/lib/group-by.js';
import type { Incident } from '../../src/model/incidents.js';
import { neighbours, type CallGraph } from './call-graph.js';
import type { Place } from '../../src/model/releases.js';

/**
 * A neighbour's incident takes alerts for this long after it was opened or last gained one. Rules of a caller
 * and its callee see one failure at different times, by their windows (5 min) and `for`; later than that, two
 * things went wrong.
 */
export const joinWithinMs = 10 * 60_000;

/**
 * When more incidents than this would open at once in an environment they are one: what breaks fifty services
 * that do not call one another within one evaluation is one thing, and nobody reads fifty messages.
 */
export const maxOpenedAtOnce = 50;

/** Where the alerts of a place go. */
export type Target =
  | { readonly kind: 'open'; readonly incident: Incident }
  | { readonly kind: 'reopened'; readonly incident: Incident }
  /** A new incident, the same for all places with this key. `many`: they share no more than the moment. */
  | { readonly kind: 'new'; readonly key: string; readonly many: boolean };

export interface GroupFacts {
  /** Where something just fired. */
  readonly places: ReadonlyMap<string, Place>;
  /** The open incident of a place, whether something fires there now or not. */
  readonly openAt: ReadonlyMap<string, Incident>;
  /** Ids of open incidents that were opened or gained an alert a short time ago (`joinWithinMs`). */
  readonly recent: ReadonlySet<string>;
  /** An incident that was resolved a moment ago and whose very labels fire again, by place. */
  readonly reopenAt: ReadonlyMap<string, Incident>;
  readonly graph: CallGraph;
}

/**
 * Which incident each place goes to, by the place's key. Pure. First the one that is open there; then the one
 * that ended there a moment ago; then that of a service it calls or that calls it, with everything it is
 * connected to in this evaluation; else such connected places open one together.
 */
export function group(facts: GroupFacts): Map<string, Target> {
  const targets = new Map<string, Target>();
  for (const key of facts.places.keys()) {
    const open = facts.openAt.get(key);
    const before = facts.reopenAt.get(key);
    if (open) targets.set(key, { kind: 'open', incident: open });
    else if (before) targets.set(key, { kind: 'reopened', incident: before });
  }
  const rest = new Set([...facts.places.keys()].filter((key) => !targets.has(key)));
  const unplaced: string[][] = [];
  for (const component of components(rest, facts.graph)) {
    const target = neighbourTarget(component, targets, facts);
    if (target) for (const key of component) targets.set(key, target);
    else unplaced.push(component);
  }
  for (const [, some] of groupBy(unplaced, ([first]) => facts.places.get(first ?? '')?.environment)) {
    const many = some.length > maxOpenedAtOnce;
    for (const component of some) {
      const key = (many ? some[0]?.[0] : component[0]) ?? '';
      for (const place of component) targets.set(place, { kind: 'new', key, many });
    }
  }
  return targets;
}

/** Places that are connected by calls among themselves. */
function* components(places: ReadonlySet<string>, graph: CallGraph): Iterable<string[]> {
  const seen = new Set<string>();
  for (const start of places) {
    if (seen.has(start)) continue;
    seen.add(start);
    const component = [start];
    // It grows while it is walked.
    for (const place of component) {
      for (const next of neighbours(graph, place)) {
        if (!places.has(next) || seen.has(next)) continue;
        seen.add(next);
        component.push(next);
      }
    }
    yield component;
  }
}

/** Of several the oldest: people are on it already. */
function neighbourTarget(
  component: readonly string[],
  targets: ReadonlyMap<string, Target>,
  { openAt, recent, graph }: GroupFacts,
): Target | undefined {
  let best: Exclude<Target, { kind: 'new' }> | undefined;
  for (const place of component) {
    for (const next of neighbours(graph, place)) {
      const gaining = targets.get(next);
      const open = openAt.get(next);
      const found =
        gaining && gaining.kind !== 'new'
          ? gaining
          : open && recent.has(open.id)
            ? ({ kind: 'open', incident: open } as const)
            : undefined;
      if (found && (best === undefined || found.incident.number < best.incident.number)) best = found;
    }
  }
  return best;
}
