import type { ServiceCall } from '../../src/model/suspects.js';
import { placeKey } from '../../src/model/places.js';

/** Who calls whom, by the keys of places. Both answer an empty set for a place that is not known. */
export interface CallGraph {
  callees(place: string): ReadonlySet<string>;
  callers(place: string): ReadonlySet<string>;
}

const nobody: ReadonlySet<string> = new Set();

/** Calls between two services of one environment; what a service calls of itself says nothing. */
export function callGraph(calls: readonly ServiceCall[]): CallGraph {
  const callees = new Map<string, Set<string>>();
  const callers = new Map<string, Set<string>>();
  for (const { caller, callee, environment } of calls) {
    if (caller === callee || caller === '' || callee === '') continue;
    const from = placeKey({ service: caller, environment });
    const to = placeKey({ service: callee, environment });
    add(callees, from, to);
    add(callers, to, from);
  }
  return {
    callees: (place) => callees.get(place) ?? nobody,
    callers: (place) => callers.get(place) ?? nobody,
  };
}

export const noCalls: CallGraph = callGraph([]);

/** Whom a place calls and who calls it. */
export function* neighbours(graph: CallGraph, place: string): Iterable<string> {
  yield* graph.callees(place);
  yield* graph.callers(place);
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
