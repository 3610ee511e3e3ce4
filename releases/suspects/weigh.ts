import type { Evidence } from '../../src/http/contract/suspects.js';
import { differenceOfShares } from '../../src/lib/statistics/proportions.js';
import { many, number, percent } from '../verdicts/words.js';
import { bayesFactor } from './bayes.js';
import type { Candidate, FailureSignal, VersionMinute } from './facts.js';
import { errorLink, feedbackLink, patternLink, tracesLink } from './links.js';
import { ratio, sum, type Counts, type Onset } from './onset.js';
import type { Place } from './reach.js';

/** What one candidate is weighed by. */
export interface Weighed {
  readonly candidate: Candidate;
  readonly place: Place;
  /** Of the candidate's own service. */
  readonly minutes: readonly VersionMinute[];
  readonly onset: Onset;
  readonly signal: FailureSignal;
  readonly now: number;
}

const minuteMs = 60_000;
/** Fewer requests than this on a side say nothing. */
const least = 5;
/** A difference below this is no failure that anybody would be woken for. */
const matters = 0.01;

const nouns: Readonly<Record<FailureSignal, { total: string; failed: string }>> = {
  errors: { total: 'requests', failed: 'failures' },
  latency: { total: 'requests', failed: 'slow requests' },
  logs: { total: 'log records', failed: 'error records' },
};

/** Its version against those that ran at the same time: only a guilty one fails more than the others. */
export function weighShare({ candidate, minutes, onset, signal, now }: Weighed): Evidence | null {
  const { service, version } = candidate;
  const begin = floorMinute(onset.at);
  // The minutes in which both may have run: from when the later of the two began.
  const during = minutes.filter(({ minute }) => minute >= begin);
  const own = sum(during.filter((part) => part.version === version));
  const others = sum(during.filter((part) => part.version !== version));
  const all = sum(during);
  if (version === '' || all.failed === 0 || !minutes.some((part) => part.version !== '')) return null;
  const { total, failed } = nouns[signal];
  const link = tracesLink(service, { fromMs: begin, toMs: now }, own.total > 0 ? version : '');
  const base = { kind: 'share_of_failures' as const, link };
  if (own.total === 0) {
    const isKnown = minutes.some((part) => part.version === version);
    const text = `None of the ${many(all.total, total.slice(0, -1), total)} of ${service} since then ran ${version}.`;
    // A version that cannot start takes no requests either.
    return { ...base, weight: isKnown ? -3 : -1, text };
  }
  if (others.total < least || own.total < least) {
    const whole = others.total === 0;
    const text = whole
      ? `All of ${service} ran ${version} since then, so no other version can be held against it.`
      : `${version} took ${percent(own.total / all.total)} of ${total}: too few beside others to compare.`;
    return { ...base, weight: 0, text };
  }
  const text = `${number(own.failed)} of the ${number(all.failed)} ${failed} (${percent(own.failed / all.failed)}) ran ${version}, which took ${percent(own.total / all.total)} of ${total}.`;
  const share = { successes: own.failed, total: own.total };
  const beside = { successes: others.failed, total: others.total };
  return { ...base, weight: bayesFactor(share, beside), text };
}

/** What it did to its own service: before it against since. */
export function weighBeforeAfter(weighed: Weighed): Evidence | null {
  const { candidate, place, minutes, onset, signal, now } = weighed;
  const { service, version } = candidate;
  const { total } = nouns[signal];
  const first = minutes.reduce((least, { minute }) => Math.min(least, minute), Infinity);
  const deployed = floorMinute(candidate.from);
  const isOld = deployed < first + 5 * minuteMs || deployed < floorMinute(onset.at) - 20 * minuteMs;
  const split = isOld ? floorMinute(onset.at) : deployed;
  const before = sum(minutes.filter(({ minute }) => minute < split));
  const after = sum(minutes.filter(({ minute }) => minute > split || (isOld && minute === split)));
  const link = tracesLink(service, { fromMs: Math.min(first, split), toMs: now });
  const base = { kind: 'before_after' as const, link };
  if (before.total < least || after.total < least) return null;
  const words = `${percent(ratio(before))} of ${many(before.total, total.slice(0, -1), total)} of ${service} ${verb(signal)} before ${isOld ? 'it began' : 'the deploy'}, ${percent(ratio(after))} of ${number(after.total)} since`;
  const risen = rise(before, after);
  if (place.relation === 'same') {
    if (!isOld) return { ...base, weight: risen ? 0.6 : -0.5, text: `${words}.` };
    // It had run a while: what made it fail then is something else, or a rare case.
    const ran = sum(
      minutes.filter((part) => part.minute < split && (part.version === version || version === '')),
    );
    const weight = ran.total < 30 ? 0 : -Math.min(0.6, 0.25 * Math.log10(ran.total / 30 + 1));
    const well =
      ran.total < 30 ? '' : `: ${version} had taken ${many(ran.total, total.slice(0, -1), total)} by then`;
    return { ...base, weight, text: `${words}${well}.` };
  }
  if (place.relation === 'callee') {
    if (risen) return { ...base, weight: 2, text: `${words}: it fails itself.` };
    const weight = after.total < 30 ? 0 : signal === 'latency' ? -1 : -2;
    return { ...base, weight, text: `${words}: it does not fail itself.` };
  }
  return { ...base, weight: 0, text: `${words}.` };
}

/** Its way to what fails. */
export function weighPlace({ candidate, place, onset, now }: Weighed): Evidence {
  const { service } = candidate;
  const failing = place.path[0] ?? service;
  const base = {
    kind: 'service_graph' as const,
    link: tracesLink(place.relation === 'caller' ? failing : service, {
      fromMs: floorMinute(onset.at),
      toMs: now,
    }),
  };
  if (place.relation === 'same') return { ...base, weight: 0, text: `${service} is what fails.` };
  const calls = place.calls > 0 ? `, ${percent(place.errors / place.calls)} of those calls fail` : '';
  if (place.relation === 'caller') {
    return {
      ...base,
      weight: -2.2,
      text: `${service} calls ${failing}, which fails: a caller is rarely to blame.`,
    };
  }
  const via = place.path.slice(1, -1);
  const text = `${failing} calls ${service}${via.length > 0 ? ` by way of ${via.join(' and ')}` : ''}${calls}.`;
  return { ...base, weight: [-0.6, -1.3, -2][place.distance - 1] ?? -2.5, text };
}

/** Errors and severe log lines that only this version has. */
export function weighFirstSeen({ candidate, onset, now }: Weighed): Evidence[] {
  const things = candidate.firstSeen ?? [];
  const { service } = candidate;
  return things.slice(0, 3).map((thing, index) => {
    const isError = thing.kind === 'error_group';
    const what = isError ? 'an error' : 'a log line';
    const sample = thing.sample.length > 120 ? `${thing.sample.slice(0, 119)}…` : thing.sample;
    return {
      kind: 'first_seen' as const,
      text: `First seen with it: ${what}, ${many(thing.count, 'time')}: ${sample}`,
      // An infrastructure failure brings new errors too: a hint.
      weight: index > 0 ? 0 : isError ? 0.8 : 0.5,
      link: isError
        ? errorLink(service, thing.fingerprint)
        : patternLink(thing.fingerprint, { fromMs: Math.min(thing.firstAt, onset.at), toMs: now }),
    };
  });
}

/** What people said of its version since it began. */
export function weighFeedback({ candidate }: Weighed): Evidence | null {
  const { ratings, service, version } = candidate;
  if (!ratings || ratings.bad === 0 || version === '') return null;
  return {
    kind: 'feedback',
    text: `${number(ratings.bad)} of ${many(ratings.rated, 'rating')} of ${service} ${version} since then ${ratings.bad === 1 ? 'is' : 'are'} bad.`,
    weight: Math.min(0.8, 0.3 * ratings.bad),
    link: feedbackLink(service, version),
  };
}

/** Whether more fail than before, beyond doubt and by enough to matter. */
export function rise(before: Counts, after: Counts): boolean {
  const moved = differenceOfShares(
    { successes: before.failed, total: before.total },
    { successes: after.failed, total: after.total },
  );
  return moved.low > 0 && moved.difference >= matters;
}

function verb(signal: FailureSignal): string {
  if (signal === 'latency') return 'were slow';
  return signal === 'logs' ? 'were errors' : 'failed';
}

export function floorMinute(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}
