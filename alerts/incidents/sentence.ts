import { graver, severityOf, type Alert, type Severity } from '../../src/model/alerts.js';
import type { DeployRef } from '../../src/model/incidents.js';
import { about } from '../rules/words.js';

/** A deploy longer ago than this is not worth a place in the sentence; the page shows it all the same. */
const worthTellingMs = 24 * 3_600_000;

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

export function gravest(alerts: readonly Alert[]): Severity {
  const lead = leadAlert(alerts);
  return lead === undefined ? 'info' : severityOf(lead.labels);
}

/**
 * An incident in one sentence: `checkout: 7.2 % of requests fail (312 of 4,330 in 5 min), 3 min after 1.4.0 was
 * deployed; 2 more alerts fire`.
 */
export function summarize(alerts: readonly Alert[], deploy: DeployRef | null): string {
  const lead = leadAlert(alerts);
  if (lead === undefined) return '';
  const others = alerts.length - 1;
  const more = others === 0 ? '' : `; ${others} more ${others === 1 ? 'alert fires' : 'alerts fire'}`;
  return `${lead.sentence}${afterDeploy(lead, deploy)}${more}`;
}

function afterDeploy(lead: Alert, deploy: DeployRef | null): string {
  if (deploy === null) return '';
  const ms = lead.activeAt - deploy.at;
  if (ms < 0 || ms > worthTellingMs) return '';
  return `, ${about(ms)} after ${deploy.version} was deployed`;
}
