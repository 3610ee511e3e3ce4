import { BadInput } from '../../src/lib/errors.js';
import { cleanText } from '../../src/lib/text.js';
import type { Alert } from '../../src/model/alerts.js';
import type { Incident } from '../../src/model/incidents.js';
import type { SignaturePart } from '../../src/model/problems.js';
import type { SaidFeedback } from '../../src/query/problems/people.js';
import { alertsOfIncidents } from '../../src/store/state/alerts.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { incidentsByIds } from '../../src/store/state/incidents.js';
import { beganAt } from './episodes.js';
import type { FeedbackGroups, ProblemTelemetry } from './ports.js';
import { impactMs } from './questions.js';
import { chooseSigns } from './signs.js';
import type { ProblemSource } from './sources.js';

export interface OpenDeps {
  readonly state: StateDatabase;
  readonly telemetry: ProblemTelemetry;
  readonly groups: FeedbackGroups;
}

/** A problem before it has a number. */
export interface Draft {
  readonly title: string;
  readonly services: readonly string[];
  /** Empty: any. */
  readonly environment: string;
  readonly since: number;
  readonly signature: readonly SignaturePart[];
  /** Where it comes from, for the timeline: `incident #12`. */
  readonly origin: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const maxTitle = 300;
const maxAlertParts = 20;
/** Telemetry of an incident is weighed over its first hours: later it says the same. */
const maxTimeMs = 2 * hourMs;

/** Gathers what a problem is made of. Throws `BadInput` (`not_found`) when the source is not there. */
export function draftOf(source: ProblemSource, deps: OpenDeps, now: number): Promise<Draft> {
  switch (source.kind) {
    case 'incident':
      return fromIncident(source.incidentId, deps, now);
    case 'error_group':
      return fromErrorGroup(source, deps, now);
    case 'pattern':
      return fromPattern(source, deps, now);
    case 'feedback':
      return fromFeedback(source.feedbackIds, deps);
    case 'feedback_group':
      return fromGroup(source.groupId, deps, now);
  }
}

async function fromIncident(id: string, deps: OpenDeps, now: number): Promise<Draft> {
  const [incident] = await incidentsByIds(deps.state, [id]);
  if (!incident)
    throw new BadInput('not_found', 'There is no incident with this id.', { at: 'from.incidentId' });
  const alerts = await alertsOfIncidents(deps.state, [id]);
  const since = Math.min(incident.openedAt, ...alerts.map((alert) => beganAt(windowed(alert))));
  const to = Math.min(incident.resolvedAt ?? now, since + maxTimeMs);
  return {
    title: cleanText(incident.title, maxTitle),
    services: incident.services,
    environment: incident.environment,
    since,
    signature: [...alertParts(alerts), ...(await signsOf(incident, { from: since, to }, deps))],
    origin: `incident #${incident.number}`,
  };
}

function windowed(alert: Alert): { activeAt: number; windowMs: number } {
  const windowMs = alert.facts['windowMs'];
  return { activeAt: alert.activeAt, windowMs: typeof windowMs === 'number' ? windowMs : 0 };
}

/** Each rule and place once, whatever its other labels. */
function alertParts(alerts: readonly Alert[]): SignaturePart[] {
  const parts = new Map<string, SignaturePart>();
  for (const { rule, labels, facts, firedAt } of alerts) {
    if (firedAt === null) continue;
    const { service = '', environment = '', operation = '' } = labels;
    // Alerts about errors say how many requests failed; of others the alert itself is what can be seen.
    const measure = typeof facts['errors'] === 'number' && service !== '' ? 'failed_requests' : 'alert';
    const part: SignaturePart = { kind: 'alert', rule, service, environment, operation, measure };
    parts.set(JSON.stringify([rule, service, environment, operation]), part);
  }
  return [...parts.values()].slice(0, maxAlertParts);
}

/** Error groups and patterns that began with the incident, or became much more frequent. */
async function signsOf(
  { services, environment }: Incident,
  { from, to }: { readonly from: number; readonly to: number },
  { telemetry }: OpenDeps,
): Promise<SignaturePart[]> {
  const usualFrom = from - Math.max(hourMs, 2 * (to - from));
  const question = { services, environment, from, to, usualFrom };
  const lengths = { time: to - from, usual: from - usualFrom };
  const errors = chooseSigns(await telemetry.errorSigns(question), lengths);
  const patterns = chooseSigns(await telemetry.patternSigns(question), lengths);
  return [
    ...errors.map((sign): SignaturePart => ({ kind: 'error_group', ...named(sign) })),
    ...patterns.map((sign): SignaturePart => ({ kind: 'pattern', ...named(sign) })),
  ];
}

function named({ service, fingerprint, title }: { service: string; fingerprint: string; title: string }) {
  return { service, fingerprint, title: cleanText(title, 500) };
}

async function fromErrorGroup(
  { service, fingerprint }: { service: string; fingerprint: string },
  { telemetry }: OpenDeps,
  now: number,
): Promise<Draft> {
  const range = { fromMs: now - impactMs, toMs: now + hourMs };
  const { items } = await telemetry.errorGroups({ range, service, fingerprint, limit: 20 });
  const [group] = items;
  if (!group) throw unseen('error group', service);
  const title = group.type === '' ? group.message : `${group.type}: ${group.message}`;
  const part = named({ service, fingerprint, title });
  return {
    title: cleanText(`${service}: ${title}`, maxTitle),
    services: [service],
    environment: items.length === 1 ? group.environment : '',
    since: Math.min(...items.map(({ firstAt }) => Date.parse(firstAt))),
    signature: [{ kind: 'error_group', ...part }],
    origin: 'an error group',
  };
}

async function fromPattern(
  { service, fingerprint }: { service: string; fingerprint: string },
  { telemetry }: OpenDeps,
  now: number,
): Promise<Draft> {
  const facts = await telemetry.patternFacts({
    service,
    fingerprint,
    from: now - impactMs,
    to: now + hourMs,
  });
  if (!facts) throw unseen('log pattern', service);
  const [environment = ''] = facts.environments.length === 1 ? facts.environments : [];
  return {
    title: cleanText(`${service}: ${facts.title}`, maxTitle),
    services: [service],
    environment,
    since: facts.first,
    signature: [{ kind: 'pattern', ...named({ service, fingerprint, title: facts.title }) }],
    origin: 'a log pattern',
  };
}

function unseen(what: string, service: string): BadInput {
  return new BadInput('not_found', `No such ${what} of "${service}" was seen in the last 30 days.`, {
    at: 'from.fingerprint',
  });
}

async function fromFeedback(ids: readonly string[], deps: OpenDeps): Promise<Draft> {
  const unique = [...new Set(ids)];
  const said = await deps.telemetry.feedbackByIds(unique);
  const missing = unique.find((id) => !said.some((one) => one.id === id));
  if (missing !== undefined) {
    throw new BadInput('not_found', `There is no feedback "${missing}".`, { at: 'from.feedbackIds' });
  }
  const [first] = said;
  const words = first === undefined ? '' : wordsOf(first);
  const more = said.length > 1 ? ` (and ${said.length - 1} more)` : '';
  const places = placesOf(said);
  const errors = await errorsAround(said, deps);
  return {
    ...places,
    since: Math.min(places.since, errors.since),
    title: cleanText(`${words}${more}`, maxTitle),
    signature: [
      ...said.map((one): SignaturePart => ({ kind: 'feedback', feedbackId: one.id, title: wordsOf(one) })),
      ...errors.parts,
    ],
    origin: said.length === 1 ? 'a feedback' : `${said.length} feedbacks`,
  };
}

async function fromGroup(groupId: string, deps: OpenDeps, now: number): Promise<Draft> {
  const group = await deps.groups.find(groupId);
  if (!group) {
    throw new BadInput('not_found', 'There is no feedback group with this id.', { at: 'from.groupId' });
  }
  const said = await deps.telemetry.feedbackByIds(group.feedbackIds);
  const { services, environment, since } = placesOf(said);
  const errors = await errorsAround(said, deps);
  return {
    title: cleanText(group.title, maxTitle),
    services,
    environment,
    since: said.length === 0 ? now : Math.min(since, errors.since),
    signature: [{ kind: 'feedback_group', groupId, title: cleanText(group.title, 500) }, ...errors.parts],
    origin: `the feedback group "${group.title}"`,
  };
}

function wordsOf({ message, rating }: SaidFeedback): string {
  const text = cleanText(message, 120).replace(/\s+/g, ' ').trim();
  if (text !== '') return `“${text}”`;
  return rating === 0 ? 'A feedback without words' : `A rating of ${rating} of 5`;
}

function placesOf(said: readonly SaidFeedback[]): Pick<Draft, 'services' | 'environment' | 'since'> {
  const environments = [...new Set(said.map(({ environment }) => environment))];
  return {
    services: [...new Set(said.map(({ service }) => service))].filter((service) => service !== ''),
    environment: environments.length === 1 ? (environments[0] ?? '') : '',
    since: Math.min(...said.map(({ at }) => at)),
  };
}

/** What went wrong in the traces and sessions in which people said it, and since when: so that a fix can be seen. */
async function errorsAround(
  said: readonly SaidFeedback[],
  { telemetry }: OpenDeps,
): Promise<{ parts: SignaturePart[]; since: number }> {
  if (said.length === 0) return { parts: [], since: Infinity };
  const at = said.map((one) => one.at);
  const to = Math.max(...at) + hourMs;
  const signs = await telemetry.errorsAroundFeedback({
    ids: said.map(({ id }) => id),
    from: Math.min(...at) - hourMs,
    to,
  });
  // People complain after it began to hurt.
  const range = { fromMs: Math.min(...at) - dayMs, toMs: to };
  const began: number[] = [];
  for (const { service, fingerprint } of signs) {
    const { items } = await telemetry.errorGroups({ range, service, fingerprint, limit: 1 });
    began.push(...items.map(({ firstAt }) => Date.parse(firstAt)));
  }
  return {
    parts: signs.map((sign): SignaturePart => ({ kind: 'error_group', ...named(sign) })),
    since: Math.min(...began, Infinity),
  };
}
