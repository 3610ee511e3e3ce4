import { BadInput, messageOf } from '../../src/lib/errors.js';
import type { NewId } from '../../src/lib/ids.js';
import type { Alert, Labels } from '../../src/model/alerts.js';
import type { Answer, Observation, Rule } from '../rules/rule.js';
import { fingerprint } from './fingerprint.js';
import { step, type Transition } from './machine.js';

/** What one evaluation did to one alert. */
export interface Move {
  readonly previous: Alert | undefined;
  /** After it: pending, firing or resolved; undefined when a pending one is no more. */
  readonly alert: Alert | undefined;
  readonly transition: Exclude<Transition, 'inactive'>;
  /** Whether it must be written now: a new state, or numbers that are no longer true. */
  readonly save: boolean;
}

/** One rule could hold this many alerts; more is a mistake in the rule, and said so. */
export const maxAlertsOfRule = 20_000;

/** Numbers of an alert that goes on are written again after this long, or when they changed by a tenth. */
const refreshMs = 60_000;

/**
 * Takes a rule's answer to its live alerts. Pure. Throws when two results have the same labels or there are too
 * many: then nothing about the rule may change (Prometheus does the same).
 */
export function evaluateRule(
  rule: Rule,
  live: readonly Alert[],
  observations: readonly Observation[],
  context: { readonly now: number; readonly newId: NewId },
): Move[] {
  // Nearly always nothing is wrong and nothing was: then there is nothing to tell apart.
  const relevant = live.length === 0 ? observations.filter(({ breached }) => breached) : observations;
  const seen = byFingerprint(rule, relevant);
  const known = new Map(live.map((alert) => [alert.fingerprint, alert]));
  const moves: Move[] = [];
  for (const [print, { labels, observation }] of seen) {
    const previous = known.get(print);
    if (previous === undefined && !observation.breached) continue;
    moves.push(...move(rule, previous, { print, labels, observation }, context));
  }
  for (const alert of live) {
    if (!seen.has(alert.fingerprint)) moves.push(...gone(alert, rule, context.now));
  }
  return moves;
}

/** Alerts whose rule is no longer there are resolved. */
export function withoutRule(alert: Alert, now: number): Move[] {
  const because = 'Its rule was removed or renamed';
  const noRule = { forMs: 0, keepFiringForMs: 0 };
  const { next, transition } = step(alert, { breached: false, because }, now, noRule);
  return finish(alert, next && { ...alert, ...next, reason: because, savedAt: now }, transition, true);
}

interface Found {
  readonly print: string;
  readonly labels: Labels;
  readonly observation: Observation;
}

function move(
  rule: Rule,
  previous: Alert | undefined,
  { print, labels, observation }: Found,
  { now, newId }: { readonly now: number; readonly newId: NewId },
): Move[] {
  const words = observation.words();
  const because = `${words.sentence}, ${words.verdict}`;
  const { next, transition, reason } = step(previous, { breached: observation.breached, because }, now, rule);
  if (next === undefined) return finish(previous, undefined, transition, true);
  // Why an alert fired stays readable after it is resolved: its sentence is of the last time it held.
  const told = observation.breached || previous === undefined ? words : previous;
  const alert: Alert = {
    ...next,
    id: previous?.id ?? newId(now),
    ruleId: rule.id,
    rule: rule.name,
    group: rule.group,
    fingerprint: print,
    labels,
    annotations: observation.breached
      ? annotate(rule, labels, observation.value)
      : (previous?.annotations ?? {}),
    value: observation.value,
    title: told.title,
    sentence: told.sentence,
    facts: told.facts,
    reason,
    incidentId: previous?.incidentId ?? null,
    savedAt: now,
  };
  const save = transition !== 'ongoing' || previous === undefined || isStale(previous, alert, now);
  return finish(previous, save ? alert : { ...alert, savedAt: previous.savedAt }, transition, save);
}

function gone(alert: Alert, rule: Rule, now: number): Move[] {
  const seen = { breached: false, because: rule.whenGone };
  const { next, transition, reason } = step(alert, seen, now, rule);
  const save = transition !== 'ongoing';
  return finish(
    alert,
    next && { ...alert, ...next, reason, savedAt: save ? now : alert.savedAt },
    transition,
    save,
  );
}

function finish(
  previous: Alert | undefined,
  alert: Alert | undefined,
  transition: Transition,
  save: boolean,
): Move[] {
  return transition === 'inactive' ? [] : [{ previous, alert, transition, save }];
}

function isStale(previous: Alert, alert: Alert, now: number): boolean {
  if (previous.keepFiringSince !== alert.keepFiringSince) return true;
  if (previous.sentence === alert.sentence && previous.value === alert.value) return false;
  if (now - previous.savedAt >= refreshMs) return true;
  const before = previous.value ?? 0;
  return Math.abs((alert.value ?? 0) - before) > Math.abs(before) * 0.1;
}

function byFingerprint(
  rule: Rule,
  observations: readonly Observation[],
): Map<string, { labels: Labels; observation: Observation }> {
  if (observations.length > maxAlertsOfRule) {
    throw new BadInput(
      'too_large',
      `The rule looks at ${observations.length} label sets, more than ${maxAlertsOfRule}: make it narrower.`,
    );
  }
  const found = new Map<string, { labels: Labels; observation: Observation }>();
  for (const observation of observations) {
    const labels = alertLabels(rule, observation.labels);
    const print = fingerprint(labels);
    if (found.has(print)) {
      throw new BadInput(
        'conflict',
        `Two results have the same labels ${JSON.stringify(labels)}: do not override service, environment or operation with a label of the rule.`,
      );
    }
    found.set(print, { labels, observation });
  }
  return found;
}

/** The sample's labels, under the rule's own, under `alertname`; empty ones are left out. */
function alertLabels(rule: Rule, sample: Labels): Labels {
  const all = { ...sample, ...rule.labels, alertname: rule.name };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function annotate(rule: Rule, labels: Labels, value: number): Labels {
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, template]) => [name, template.expand({ labels, value })]),
  );
}

/** The error of an answer as a sentence, or undefined when there is an answer. */
export function failureOf(answer: Answer | undefined): string | undefined {
  if (answer === undefined) return 'The rule was not answered.';
  return 'error' in answer ? messageOf(answer.error) : undefined;
}
