import { graver, severityOf, type Alert } from '../../src/model/alerts.js';
import type { CallGraph } from './call-graph.js';
import { placeKey, placeOf, type Place } from './place.js';

/** Where an incident's failures come from, most likely, and who else fails. */
export interface Origin {
  readonly place: Place;
  /** The others that fail, those that call it first. */
  readonly others: readonly Place[];
  /** How many of `others` call it, directly or through one another. */
  readonly callers: number;
}

/** With more places than this no chain of calls is looked for: that is not one chain any more. */
const maxPlaces = 500;

/**
 * The deepest failing callee: failures travel from callee to caller, so of the services that fail it is one that
 * calls no other failing one, and of several the one that most of the others reach. Without calls between them
 * it stays what it was (`known`: the incident's first service), else where the gravest alert is. Pure.
 */
export function originOf(
  alerts: readonly Alert[],
  graph: CallGraph,
  known: string | undefined,
): Origin | undefined {
  const leads = new Map<string, Alert>();
  for (const alert of alerts) {
    const key = placeKey(placeOf(alert));
    const lead = leads.get(key);
    if (lead === undefined || isBefore(alert, lead)) leads.set(key, alert);
  }
  const failing = [...leads.keys()];
  const chains = failing.length > maxPlaces ? [] : sources(failing, leads, graph);
  let best: { key: string; callers: readonly string[] } | undefined;
  for (const { key, callers } of chains) {
    if (best === undefined || callers.length > best.callers.length) best = { key, callers };
    else if (callers.length === best.callers.length && leadsBefore(leads, key, best.key))
      best = { key, callers };
  }
  const key = best?.key ?? failing.find((each) => serviceOf(leads, each) === known) ?? gravest(leads);
  if (key === undefined) return undefined;
  const callers = best?.callers ?? [];
  const rest = failing.filter((each) => each !== key && !callers.includes(each));
  const places = [...callers, ...rest].flatMap((each) => placeAt(leads, each) ?? []);
  const place = placeAt(leads, key);
  return place && { place, others: places, callers: callers.length };
}

/** Failing places that call no failing one although failing ones call them, with those, the nearest first. */
function* sources(
  failing: readonly string[],
  leads: ReadonlyMap<string, Alert>,
  graph: CallGraph,
): Iterable<{ key: string; callers: string[] }> {
  const isSink = (key: string): boolean => ![...graph.callees(key)].some((callee) => leads.has(callee));
  const sinks = failing.filter(isSink);
  // In a circle of calls nobody is last: then each may be the one.
  for (const key of sinks.length > 0 ? sinks : failing) {
    const reached = new Set([key]);
    for (const place of reached) {
      for (const caller of graph.callers(place)) if (leads.has(caller)) reached.add(caller);
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

function serviceOf(leads: ReadonlyMap<string, Alert>, key: string): string | undefined {
  return placeAt(leads, key)?.service;
}
