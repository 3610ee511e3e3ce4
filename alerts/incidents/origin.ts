import { graver, severityOf, type Alert } from '../../src/model/alerts.js';
import type { CallGraph } from './call-graph.js';
import { placeKey } from '../../src/model/places.js';
import type { Place } from '../../src/model/releases.js';
import { placeOf } from './place.js';

/** Where an incident's failures come from, most likely, and who else fails. */
export interface Origin {
  readonly place: Place;
  /** Whether it still fails itself; else what it broke does. */
  readonly isFiring: boolean;
  /** The others that fail, those that call it first. */
  readonly others: readonly Place[];
  /** How many of `others` call it, directly or through one another. */
  readonly callers: number;
}

/** With more places than this no chain of calls is looked for: that is not one chain any more. */
const maxPlaces = 500;

/**
 * The deepest failing callee: failures travel from callee to caller, so of the services that fail it is one that
 * calls no other failing one, and of several the one that most of the others reach. Where it began (`known`: the
 * incident's first service) counts among them when it has come to rest: callers take longer to. Without calls
 * between them it stays where it was, else it is where the gravest alert is. Pure.
 */
export function originOf(
  alerts: readonly Alert[],
  graph: CallGraph,
  known: Place | undefined,
): Origin | undefined {
  const leads = new Map<string, Alert>();
  for (const alert of alerts) {
    const key = placeKey(placeOf(alert));
    const lead = leads.get(key);
    if (lead === undefined || isBefore(alert, lead)) leads.set(key, alert);
  }
  if (leads.size === 0) return undefined;
  const knownKey = known && placeKey(known);
  const firing = [...leads.keys()];
  const failing = new Set(knownKey === undefined ? firing : [...firing, knownKey]);
  const best = failing.size > maxPlaces ? undefined : longest(sources(failing, graph), leads);
  const key = best?.key ?? firing.find((each) => each === knownKey) ?? gravest(leads);
  if (key === undefined) return undefined;
  const callers = (best?.callers ?? []).filter((each) => leads.has(each));
  const rest = firing.filter((each) => each !== key && !callers.includes(each));
  const others = [...callers, ...rest].flatMap((each) => placeAt(leads, each) ?? []);
  const place = placeAt(leads, key) ?? known;
  return place && { place, isFiring: leads.has(key), others, callers: callers.length };
}

interface Chain {
  readonly key: string;
  readonly callers: readonly string[];
}

/** The chain that explains most; of equals the one with the gravest alert. */
function longest(chains: Iterable<Chain>, leads: ReadonlyMap<string, Alert>): Chain | undefined {
  let best: Chain | undefined;
  for (const chain of chains) {
    const more = chain.callers.length - (best?.callers.length ?? -1);
    if (best === undefined || more > 0 || (more === 0 && leadsBefore(leads, chain.key, best.key)))
      best = chain;
  }
  return best;
}

/** Failing places that call no failing one although failing ones call them, with those, the nearest first. */
function* sources(failing: ReadonlySet<string>, graph: CallGraph): Iterable<Chain> {
  const isSink = (key: string): boolean => ![...graph.callees(key)].some((callee) => failing.has(callee));
  const sinks = [...failing].filter(isSink);
  // In a circle of calls nobody is last: then each may be the one.
  for (const key of sinks.length > 0 ? sinks : failing) {
    const reached = new Set([key]);
    for (const place of reached) {
      for (const caller of graph.callers(place)) if (failing.has(caller)) reached.add(caller);
    }
    reached.delete(key);
    if (reached.size > 0) yield { key, callers: [...reached] };
  }
}

/** The gravest of the alerts; of equals the one that was first. */
export function leadAlert(alerts: readonly Alert[]): Alert | undefined {
  let lead: Alert | undefined;
  for (const alert of alerts) {
    if (lead === undefined || isBefore(alert, lead)) lead = alert;
  }
  return lead;
}

function isBefore(alert: Alert, other: Alert): boolean {
  const mine = severityOf(alert.labels);
  const others = severityOf(other.labels);
  return mine === others ? alert.activeAt < other.activeAt : graver(mine, others);
}

function gravest(leads: ReadonlyMap<string, Alert>): string | undefined {
  const lead = leadAlert([...leads.values()]);
  return lead && placeKey(placeOf(lead));
}

function leadsBefore(leads: ReadonlyMap<string, Alert>, key: string, other: string): boolean {
  const [mine, others] = [leads.get(key), leads.get(other)];
  return mine !== undefined && others !== undefined && isBefore(mine, others);
}

function placeAt(leads: ReadonlyMap<string, Alert>, key: string): Place | undefined {
  const alert = leads.get(key);
  return alert && placeOf(alert);
}
