import { graver, type Alert } from '../../src/model/alerts.js';
import type { DeployRef, Incident } from '../../src/model/incidents.js';
import type { Draft } from './drafts.js';
import { originOf, type Origin } from './origin.js';
import { placeKey } from '../../src/model/places.js';
import { gravest, summarize, toldBy, worthTellingMs } from './sentence.js';
import type { Situation } from './situation.js';

/** Services that an incident names; it is open at all of them all the same. */
export const maxServices = 50;

/** How an incident looks after the moves, with these alerts firing. Pure. */
export function settled(draft: Draft, firing: readonly Alert[], situation: Situation): Incident {
  const { incident } = draft;
  if (firing.length === 0) return { ...incident, state: 'resolved', resolvedAt: situation.now };
  const [known] = incident.services;
  const began = known === undefined ? undefined : { service: known, environment: incident.environment };
  const origin = originOf(firing, situation.graph, began);
  const services = servicesOf(origin, draft);
  const lastDeploy =
    services[0] === known && incident.lastDeploy !== null
      ? incident.lastDeploy
      : (deployOf(origin, situation) ?? incident.lastDeploy);
  const severity = gravest(firing);
  return {
    ...incident,
    // What it is called by stays when that has come to rest and what it broke has not.
    title: origin?.isFiring === false ? incident.title : (toldBy(firing, origin)?.title ?? incident.title),
    // An incident stays as grave as it ever was.
    severity: graver(severity, incident.severity) ? severity : incident.severity,
    services,
    lastDeploy,
    summary: summarize(firing, origin, lastDeploy),
  };
}

/** Where it comes from first, then those that call it; whoever was affected once stays named. */
function servicesOf(origin: Origin | undefined, { incident, places }: Draft): string[] {
  const names = new Set<string>(origin ? [origin.place.service] : []);
  for (const { service } of origin?.others ?? []) names.add(service);
  for (const service of incident.services) names.add(service);
  for (const { service } of places) names.add(service);
  return [...names].slice(0, maxServices);
}

/** The last deploy of where it comes from; when that is long ago, the newest one of the others. */
function deployOf(origin: Origin | undefined, { deploys, now }: Situation): DeployRef | null {
  if (origin === undefined) return null;
  const own = deploys.get(placeKey(origin.place)) ?? null;
  if (own !== null && now - own.at <= worthTellingMs) return own;
  let newest: DeployRef | null = null;
  for (const place of origin.others) {
    const deploy = deploys.get(placeKey(place)) ?? null;
    if (deploy && now - deploy.at <= worthTellingMs && deploy.at > (newest?.at ?? 0)) newest = deploy;
  }
  return newest ?? own;
}
