import type { Verdict } from '../../src/http/contract/verdicts.js';
import { compare, type Judged } from './compare.js';
import type { SideFacts, VerdictFacts } from './facts.js';
import type { Measured } from './measured.js';
import { duration, many, milliseconds, number, percent, points } from './words.js';

/**
 * What a release did, from what was measured before and after it. Pure; null while it bakes and nothing is clear.
 * Worse beyond doubt and beyond a size that matters is degraded, however little else is known; for healthy there
 * must be enough requests to have seen harm, over the whole bake time.
 */
export function judge(facts: VerdictFacts, now: number): Verdict | null {
  const early = facts.stage === 'baking';
  const judged = compare(facts, early);
  const deciding = [...judged.whole, ...judged.operations]
    .filter(({ decides }) => decides)
    .toSorted((a, b) => b.weight - a.weight);
  const isHarm = deciding.length > 0 && isEnoughForHarm(facts);
  if (early && !isHarm) return null;
  const doubt = isHarm ? null : whyNoWord(facts, judged);
  const state = isHarm ? 'degraded' : doubt ? 'inconclusive' : 'healthy';
  const sentence = isHarm
    ? degradedSentence(facts, judged, deciding)
    : doubt
      ? `Nothing certain can be said of ${facts.service} ${facts.version}: ${doubt}`
      : healthySentence(facts, judged);
  return {
    state,
    sentence,
    reasons: reasonsOf(facts, judged, deciding),
    decidedAt: new Date(now).toISOString(),
    comparison: judged.comparison,
    ...(early ? { early: true } : {}),
  };
}

/** A few requests that all fail are harm too; fewer than this may be somebody's typing mistake. */
const leastForHarm = 20;
const leastMinutesOfLogs = 10;
/** Shares of requests that may fail unseen before "healthy" would say too much. */
const mostHidden = 0.05;

function isEnoughForHarm({ before, after }: VerdictFacts): boolean {
  if (!before) return false;
  const requests = Math.min(before.counts.requests, after.counts.requests);
  return requests >= leastForHarm || (requests === 0 && hasLogs(before) && hasLogs(after));
}

/** A worker that takes no requests is judged by what it logs. */
function hasLogs(side: SideFacts): boolean {
  return side.counts.requests === 0 && side.counts.logPoints.length >= leastMinutesOfLogs;
}

/** Why neither healthy nor degraded can be said, as the end of a sentence; null when it can. */
function whyNoWord(facts: VerdictFacts, { whole }: Judged): string | null {
  const { before, after, minRequests, replaced } = facts;
  const { requests, logs } = after.counts;
  if (!before || (requests === 0 && logs === 0)) return inside(facts.basisText);
  if (facts.stage === 'replaced' && replaced) {
    return `it was replaced by ${replaced.version} after ${duration(replaced.at - facts.startMs)}, before its ${duration(facts.bakeMs)} were over.`;
  }
  if (hasLogs(before) && hasLogs(after)) return null;
  if (requests < minRequests)
    return `it took ${many(requests, 'request')}, and ${number(minRequests)} are needed.`;
  if (before.counts.requests < minRequests) {
    return `${before.version === '' ? 'what ran before' : before.version} took ${many(before.counts.requests, 'request')}, and ${number(minRequests)} are needed.`;
  }
  const errors = whole.find(({ measure }) => measure.name === 'error_ratio')?.measure;
  if (errors && errors.movement !== 'better' && (errors.high ?? 0) > mostHidden) {
    return `${inside(errors.reason).replace(/\.$/, '')}, and up to ${points(errors.high ?? 0)} more could be hidden by chance.`;
  }
  return null;
}

/** A sentence as the second half of another. */
function inside(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** What people feel first. */
const headlines = ['error_ratio', 'latency_p95', 'latency_p50'] as const;

function degradedSentence(facts: VerdictFacts, judged: Judged, deciding: readonly Measured[]): string {
  const name = `${facts.service} ${facts.version}`;
  const worst =
    headlines
      .map((headline) => judged.whole.find(({ decides, measure }) => decides && measure.name === headline))
      .find((found) => found !== undefined) ?? deciding[0];
  const measure = worst?.measure;
  if (!measure) return `${name} is worse than what ran before.`;
  const before = measure.before ?? 0;
  const after = measure.after ?? 0;
  const what = measure.operation === '' ? 'requests' : measure.operation;
  switch (measure.name) {
    case 'error_ratio':
      return `${name} makes ${percent(after)} of ${what} fail, ${percent(before)} before${mostOf(judged, measure.operation)}.`;
    case 'latency_p50':
    case 'latency_p95':
    case 'latency_p99':
      return `${name} is slower: the ${measure.name.slice(9)}th percentile of ${what} is ${milliseconds(after)}, ${milliseconds(before)} before.`;
    case 'throughput':
      return `${name} takes ${number(after)} requests a second, ${number(before)} before.`;
    case 'error_logs':
      return `${name} writes ${number(after)} error logs ${measure.unit === '/min' ? 'a minute' : 'a request'}, ${number(before)} before.`;
    case 'bad_feedback':
      return `${percent(after)} of the people who rated ${name} are unhappy, ${percent(before)} before.`;
  }
}

/** `: most of all POST /pay, 31 %`. */
function mostOf({ whole, operations }: Judged, said: string): string {
  const total = whole[0]?.measure.afterCount ?? 0;
  if (said !== '') return '';
  const [worst] = operations
    .filter(({ decides, measure }) => decides && measure.name === 'error_ratio')
    .toSorted(
      (a, b) =>
        (b.measure.effect ?? 0) * b.measure.afterCount - (a.measure.effect ?? 0) * a.measure.afterCount,
    );
  return worst && worst.measure.afterCount < 0.95 * total
    ? `: most of all ${worst.measure.operation}, ${percent(worst.measure.after ?? 0)}`
    : '';
}

function healthySentence(facts: VerdictFacts, { whole, operations }: Judged): string {
  const name = `${facts.service} ${facts.version}`;
  const other = facts.before && facts.before.version !== '' ? facts.before.version : 'what ran before';
  const better = [...whole, ...operations].find(({ measure }) => measure.movement === 'better');
  const word = better ? 'better than' : 'as good as';
  const errors = whole.find(({ measure }) => measure.name === 'error_ratio')?.measure;
  const p95 = whole.find(({ measure }) => measure.name === 'latency_p95')?.measure;
  if (!errors || errors.after === null) {
    const logs = whole.find(({ measure }) => measure.name === 'error_logs')?.measure;
    return `${name} is ${word} ${other}: ${logs?.reason ?? 'nothing became worse.'}`;
  }
  const slow =
    p95?.after == null || p95.before === null
      ? ''
      : `, p95 ${milliseconds(p95.after)} (${milliseconds(p95.before)})`;
  return `${name} is ${word} ${other}: ${percent(errors.after)} of ${many(errors.afterCount, 'request')} failed (${percent(errors.before ?? 0)} before)${slow}.`;
}

const maxReasons = 12;

/** What decided, then what else moved, what is new, and what was compared. */
function reasonsOf(
  facts: VerdictFacts,
  { whole, operations }: Judged,
  deciding: readonly Measured[],
): string[] {
  const said = (found: Measured): string =>
    found.measure.operation === ''
      ? found.measure.reason
      : `${found.measure.operation}: ${found.measure.reason}`;
  const total = whole[0]?.measure.afterCount ?? 0;
  // What is said of the service need not be said again of its only operation.
  const isNews = ({ measure }: Measured): boolean =>
    measure.operation === '' || measure.afterCount < 0.95 * total;
  const others = [...whole, ...operations].filter((found) => !deciding.includes(found));
  const moved = (movement: 'worse' | 'better'): string[] =>
    others.filter((found) => found.measure.movement === movement && isNews(found)).map(said);
  const known = whole.filter(({ measure }) => measure.movement === 'same').map(said);
  const replaced =
    facts.stage === 'replaced' && facts.replaced
      ? [`It was replaced by ${facts.replaced.version} after ${duration(facts.replaced.at - facts.startMs)}.`]
      : [];
  const first = [
    ...deciding.filter(isNews).map(said),
    ...newThings(facts),
    ...moved('worse'),
    ...moved('better'),
    ...replaced,
    ...(deciding.length === 0 ? known : []),
  ].slice(0, maxReasons - 1);
  return facts.basisText === '' ? first : [...first, facts.basisText];
}

function newThings({ firstSeen }: VerdictFacts): string[] {
  const groups = firstSeen.filter(({ kind }) => kind === 'error_group');
  const patterns = firstSeen.filter(({ kind, severityNumber }) => kind === 'pattern' && severityNumber >= 17);
  const told = (rows: VerdictFacts['firstSeen'], words: string): string[] => {
    const [top] = rows;
    const sample = top && (top.sample.length > 120 ? `${top.sample.slice(0, 119)}…` : top.sample);
    return top ? [`${words}: "${sample ?? ''}", ${many(top.count, 'time')}.`] : [];
  };
  return [
    ...told(
      groups,
      groups.length === 1 ? 'An error was first seen' : `${number(groups.length)} errors were first seen`,
    ),
    ...(groups.length > 0
      ? []
      : told(
          patterns,
          patterns.length === 1
            ? 'An error log was first seen'
            : `${number(patterns.length)} kinds of error logs were first seen`,
        )),
  ];
}
