import type { Evidence, Suspect } from '../../src/http/contract/suspects.js';
import { duration, many, number } from '../verdicts/words.js';
import type { SuspectFacts } from './facts.js';
import { tracesLink } from './links.js';
import { sum, type Onset } from './onset.js';
import { explainedBy } from './reach.js';
import { floorMinute, rise } from './weigh.js';

const minuteMs = 60_000;
/** This many times the traffic of before is a reason of its own. */
const spike = 2;
/** A change of configuration this long before is named, ms. */
const changeWithinMs = 60 * minuteMs;

/** Every service that fails: those with an alert, and those whose failures rose at the same time. */
export function whoFails({ failing, others }: Pick<SuspectFacts, 'failing' | 'others'>): string[] {
  const risen = others.filter(({ before, during }) => during.failed >= 3 && rise(before, during));
  return [...new Set([...failing, ...risen.map(({ service }) => service)])];
}

/** What a service that fails beside it, without calling it, takes off: alone, and with a release of its own. */
const strangeWeight = 1.8;
const releasedWeight = 0.3;

/**
 * Whether the others that fail are explained by a release of this service: its callers are, since what they call
 * fails; who does not call it has another cause, which is a common one unless it was released itself.
 */
export function weighOthers(
  service: string,
  failing: readonly string[],
  { calls, others }: SuspectFacts,
): Evidence | null {
  if (failing.length < 2) return null;
  const reached = explainedBy(service, calls);
  const callees = new Set(calls.filter(({ caller }) => caller === service).map(({ callee }) => callee));
  const released = new Set(others.filter(({ isReleased }) => isReleased).map((other) => other.service));
  const explained = failing.filter((name) => reached.has(name) && name !== service);
  const strange = failing.filter((name) => !reached.has(name));
  const below = strange.filter((name) => callees.has(name));
  const busy = strange.filter((name) => !callees.has(name) && released.has(name));
  const alone = strange.length - below.length - busy.length;
  const against =
    strangeWeight * alone + below.length + Math.min(strangeWeight, releasedWeight * busy.length);
  const weight = Math.min(1.2, 0.5 * explained.length) - Math.min(6, against);
  const of = others.length > 0 ? ` of ${number(others.length)} services` : '';
  const text =
    strange.length === 0
      ? `${number(failing.length)}${of} fail, and all of them call ${service} or are it.`
      : `${number(failing.length)}${of} fail at the same time, and ${named(strange)} ${strange.length === 1 ? 'does' : 'do'} not call ${service}${ownReleases(strange, busy)}.`;
  return { kind: 'base_rate', text, weight, link: '/' };
}

function ownReleases(strange: readonly string[], busy: readonly string[]): string {
  if (busy.length === 0) return '';
  const isAll = busy.length === strange.length;
  const who = isAll ? (busy.length === 1 ? 'it' : 'each') : named(busy);
  return `; ${who} had a release of ${isAll || busy.length === 1 ? 'its' : 'their'} own in the hour before`;
}

/** The other possibility, always there: what speaks for it and against it. */
export function noRelease(facts: SuspectFacts, onset: Onset, candidates: number): Suspect {
  const [service = ''] = facts.failing;
  const evidence: Evidence[] = [base(facts, candidates)];
  const more = traffic(facts, service, onset);
  if (more) evidence.push(more);
  const change = changed(facts, onset);
  if (change) evidence.push(change);
  if (facts.unread.length > 0) {
    evidence.push({
      kind: 'base_rate',
      text: `Not everything could be read: ${facts.unread.join('; ')}.`,
      weight: 0,
      link: null,
    });
  }
  return {
    releaseId: null,
    service,
    environment: facts.environment,
    version: '',
    deployedAt: null,
    probability: 0,
    title: 'No release is to blame',
    evidence,
  };
}

function base({ failing, calls }: SuspectFacts, candidates: number): Evidence {
  const where = failing.length === 0 ? 'any service' : named(failing);
  const around = calls.length > 0 ? ' or of what it calls' : '';
  const text =
    candidates === 0
      ? `No release of ${where}${around} is known in the 24 h before it.`
      : `What else fails: machines, networks, other people's services. ${many(candidates, 'release')} of ${where}${around} in the 24 h before it ${candidates === 1 ? 'is' : 'are'} weighed against it.`;
  return { kind: 'base_rate', text, weight: 0, link: '/releases' };
}

function traffic({ series, now, signal }: SuspectFacts, service: string, onset: Onset): Evidence | null {
  if (signal === 'logs') return null;
  const minutes = series.find((one) => one.service === service)?.minutes ?? [];
  const begin = floorMinute(onset.at);
  const rate = (from: number, to: number): number => {
    const parts = minutes.filter(({ minute }) => minute >= from && minute < to);
    const count = new Set(parts.map(({ minute }) => minute)).size;
    return count === 0 ? 0 : sum(parts).total / count;
  };
  // The minute that is not over yet would make any traffic small.
  const before = rate(begin - 30 * minuteMs, begin - minuteMs);
  const during = rate(begin, Math.max(begin + minuteMs, floorMinute(now)));
  const times = before === 0 ? 0 : during / before;
  if (before < 3 || times < spike) return null;
  return {
    kind: 'base_rate',
    text: `${service} takes ${number(times)} times the requests of the half hour before: ${number(during)} a minute.`,
    weight: Math.min(2.5, 1 + Math.log(times)),
    link: tracesLink(service, { fromMs: begin - 30 * minuteMs, toMs: now }),
  };
}

function changed({ changes, failing }: SuspectFacts, onset: Onset): Evidence | null {
  const [last] = changes
    .filter(({ at }) => at <= onset.at + minuteMs && at >= onset.at - changeWithinMs)
    .filter(({ service }) => service === '' || failing.includes(service))
    .toSorted((a, b) => b.at - a.at);
  if (!last) return null;
  const who = last.actor === '' ? '' : ` by ${last.actor}`;
  const lag = Math.max(0, onset.at - last.at);
  return {
    kind: 'base_rate',
    text: `${last.what} was changed${who} ${duration(lag)} before it began: that is no release, and as good a reason.`,
    weight: 2.2 * Math.exp(-lag / (20 * minuteMs)),
    link: null,
  };
}

function named(services: readonly string[]): string {
  const shown = services.slice(0, 3);
  const left = services.length - shown.length;
  if (left > 0) return `${shown.join(', ')} and ${number(left)} more`;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
