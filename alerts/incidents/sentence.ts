import { severityOf, type Alert, type Severity } from '../../src/model/alerts.js';
import type { DeployRef } from '../../src/model/incidents.js';
import { about, count } from '../rules/words.js';
import { placeKey } from '../../src/model/places.js';
import { placeOf } from './place.js';
import { leadAlert, type Origin } from './origin.js';

/** A deploy longer ago than this is not worth a place in the sentence; the page shows it all the same. */
export const worthTellingMs = 24 * 3_600_000;
/** Names in a sentence; the page has them all. */
const maxNames = 3;

export function gravest(alerts: readonly Alert[]): Severity {
  const lead = leadAlert(alerts);
  return lead === undefined ? 'info' : severityOf(lead.labels);
}

/** The alert that an incident is told by: the gravest of where it comes from. */
export function toldBy(alerts: readonly Alert[], origin: Origin | undefined): Alert | undefined {
  if (origin === undefined) return leadAlert(alerts);
  const key = placeKey(origin.place);
  return leadAlert(alerts.filter((alert) => placeKey(placeOf(alert)) === key)) ?? leadAlert(alerts);
}

/**
 * An incident in one sentence: `payment: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.4.0 was
 * deployed; checkout and web, which call it, are affected too; 2 more alerts fire`.
 */
export function summarize(
  alerts: readonly Alert[],
  origin: Origin | undefined,
  deploy: DeployRef | null,
): string {
  const lead = toldBy(alerts, origin);
  if (lead === undefined) return '';
  if (origin?.isFiring === false) return atRest(alerts, lead, origin);
  const more = alerts.length - 1 - (origin?.others.length ?? 0);
  const parts = [`${lead.sentence}${afterDeploy(lead, deploy)}`, ...others(origin), ...moreAlerts(more)];
  return parts.join('; ');
}

/** Where it began fires no more: told by what still does. */
function atRest(alerts: readonly Alert[], lead: Alert, origin: Origin): string {
  const rest = origin.others.filter((place) => placeKey(place) !== placeKey(placeOf(lead)));
  const names = rest.map(({ service }) => service);
  const more = alerts.length - 1 - rest.length;
  const parts = [
    lead.sentence,
    ...affected(names),
    ...moreAlerts(more),
    `${origin.place.service}, where it began, fires no more`,
  ];
  return parts.join('; ');
}

function others(origin: Origin | undefined): string[] {
  if (origin === undefined || origin.others.length === 0) return [];
  const names = origin.others.map(({ service }) => service);
  const callers = names.slice(0, origin.callers);
  const rest = names.slice(origin.callers);
  const words: string[] = [];
  if (callers.length > 0) {
    const [calls, is] = callers.length === 1 ? ['calls', 'is'] : ['call', 'are'];
    words.push(`${listed(callers)}, which ${calls} it, ${is} affected too`);
  }
  return [...words, ...affected(rest)];
}

function affected(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${listed(names)} ${names.length === 1 ? 'is' : 'are'} affected too`];
}

function moreAlerts(more: number): string[] {
  return more > 0 ? [`${count(more)} more ${more === 1 ? 'alert fires' : 'alerts fire'}`] : [];
}

/** `a`, `a and b`, `a, b and c`, `a, b, c and 9 more services`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, maxNames);
  const left = names.length - shown.length;
  if (left > 0) return `${shown.join(', ')} and ${count(left)} more ${left === 1 ? 'service' : 'services'}`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

function afterDeploy(lead: Alert, deploy: DeployRef | null): string {
  if (deploy === null) return '';
  const ms = lead.activeAt - deploy.at;
  if (ms < 0 || ms > worthTellingMs) return '';
  const what =
    deploy.service === placeOf(lead).service ? deploy.version : `${deploy.service} ${deploy.version}`;
  return `, ${about(ms)} after ${what} was deployed`;
}
