import type { ServiceCall } from '../../src/model/suspects.js';

/** How a service lies to what fails: itself, so many calls below it (callees) or above it (callers). */
export interface Place {
  readonly relation: 'same' | 'callee' | 'caller';
  /** Calls between; 0 for the same. */
  readonly distance: number;
  /** From the failing service to it, both included. */
  readonly path: readonly string[];
  /** Calls on the last step of the path, and those that failed. */
  readonly calls: number;
  readonly errors: number;
}

const maxDepth = 3;
/** Services that are looked at: in a graph of thousands the near ones come first. */
const maxServices = 200;

/** Which services may be to blame for failures of these, nearest first: what they call, and who calls them directly. */
export function reachOf(failing: readonly string[], calls: readonly ServiceCall[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const service of failing) {
    places.set(service, { relation: 'same', distance: 0, path: [service], calls: 0, errors: 0 });
  }
  const below = edges(calls, ({ caller }) => caller);
  const above = edges(calls, ({ callee }) => callee);
  spread(places, { from: below, to: ({ callee }) => callee, relation: 'callee', depth: maxDepth }, failing);
  spread(places, { from: above, to: ({ caller }) => caller, relation: 'caller', depth: 1 }, failing);
  return places;
}

/** Every service whose failures those of `service` explain: itself and all that call it, however far. */
export function explainedBy(service: string, calls: readonly ServiceCall[]): Set<string> {
  const above = edges(calls, ({ callee }) => callee);
  const reached = new Set([service]);
  for (const one of reached) for (const { caller } of above.get(one) ?? []) reached.add(caller);
  return reached;
}

interface Direction {
  readonly from: ReadonlyMap<string, readonly ServiceCall[]>;
  readonly to: (call: ServiceCall) => string;
  readonly relation: 'callee' | 'caller';
  readonly depth: number;
}

function spread(
  places: Map<string, Place>,
  { from, to, relation, depth }: Direction,
  start: readonly string[],
): void {
  let edge = [...start];
  for (let distance = 1; distance <= depth && edge.length > 0; distance++) {
    const next: string[] = [];
    for (const service of edge) {
      const path = places.get(service)?.path ?? [service];
      for (const call of from.get(service) ?? []) {
        const name = to(call);
        if (name === '' || places.has(name) || places.size >= maxServices) continue;
        places.set(name, {
          relation,
          distance,
          path: [...path, name],
          calls: call.calls,
          errors: call.errors,
        });
        next.push(name);
      }
    }
    edge = next;
  }
}

function edges(
  calls: readonly ServiceCall[],
  key: (call: ServiceCall) => string,
): Map<string, ServiceCall[]> {
  const found = new Map<string, ServiceCall[]>();
  for (const call of calls) {
    if (call.caller === call.callee) continue;
    const some = found.get(key(call));
    if (some) some.push(call);
    else found.set(key(call), [call]);
  }
  return found;
}
