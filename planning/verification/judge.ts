import { differenceOfShares, wilson, type Share } from '../../src/lib/statistics/proportions.js';
import type { VerificationState } from '../../src/model/problems.js';
import { number } from '../problems/rank.js';

/** One part of the signature, before the release and with it. */
export interface PartFacts {
  /** For a person: `Error: price is undefined`. */
  readonly name: string;
  /** `requests` or `log records`. */
  readonly of: string;
  readonly before: Share;
  readonly after: Share;
}

export interface JudgeFacts {
  readonly service: string;
  readonly version: string;
  /** ms for which the release has been running. */
  readonly forMs: number;
  readonly parts: readonly PartFacts[];
  /** Alerts of which nothing but the alert itself can be counted. */
  readonly alertParts: readonly string[];
  /** Requests of the release so far: whether it is used at all. */
  readonly requests: number;
  /** Alerts of the problem that fire now, and that fired anew with the release. */
  readonly alertsNow: readonly string[];
  readonly alertsAnew: readonly string[];
}

export interface Judgement {
  /** `watching`: nothing can be said yet. */
  readonly state: VerificationState;
  readonly sentence: string;
  readonly evidence: readonly string[];
}

type PartVerdict = 'gone' | 'back' | 'less' | 'unknown';

/** At most this share of its former rate is left: it is gone. */
const goneShare = 0.2;
/** At least this share of its former rate, with 95 %: it is back. */
const backShare = 0.25;
/** Seen less often it may be a straggler of the version before. */
const minBack = 3;
/** A part this much rarer than the most frequent one says something, but decides nothing. */
const mainShare = 0.2;
/** A quiet alert says nothing about a release that nobody uses. */
const minRequests = 10;

/** What the numbers say of one part. Pure. */
export function judgePart({ before, after }: Pick<PartFacts, 'before' | 'after'>): PartVerdict {
  const was = bounded(before);
  const now = bounded(after);
  if (was.successes === 0 || now.total === 0) return 'unknown';
  const rate = was.successes / was.total;
  if (now.successes >= minBack && wilson(now).low >= backShare * rate) return 'back';
  if (differenceOfShares(was, now).high >= 0) return 'unknown';
  return now.successes / now.total <= goneShare * rate ? 'gone' : 'less';
}

/**
 * Whether the release fixed the problem. Pure. `isOver`: the bake time is; before that only a return is decided.
 */
export function judge(facts: JudgeFacts, isOver: boolean): Judgement {
  const judged = facts.parts.map((part) => ({ part, verdict: judgePart(part) }));
  const most = Math.max(0, ...facts.parts.map(({ before }) => before.successes));
  const main = judged.filter(
    ({ part }) => part.before.successes > 0 && part.before.successes >= most * mainShare,
  );
  const evidence = [
    ...judged.map(({ part, verdict }) => partSentence(part, verdict)),
    ...alertSentences(facts),
  ];
  const release = `${facts.service} ${facts.version}`;
  const back = main.find(({ verdict }) => verdict === 'back');
  if (back) {
    return { state: 'regressed', evidence, sentence: `Not fixed by ${release}: ${seenIn(back.part)}.` };
  }
  if (facts.alertsAnew.length > 0 && main.every(({ verdict }) => verdict !== 'gone')) {
    const sentence = `Not fixed by ${release}: the alert ${facts.alertsAnew.join(', ')} fired again.`;
    return { state: 'regressed', evidence, sentence };
  }
  if (!isOver) return { state: 'watching', evidence, sentence: soFar(facts, main[0]?.part) };
  const [lead] = main;
  if (lead && main.every(({ verdict }) => verdict === 'gone')) {
    return { state: 'verified', evidence, sentence: `Gone with ${release}: ${seenIn(lead.part)}.` };
  }
  if (!lead && facts.alertParts.length > 0 && facts.alertsNow.length === 0 && facts.requests >= minRequests) {
    const sentence = `Gone with ${release}: ${facts.alertParts.join(', ')} fires no more (${number(facts.requests)} requests since).`;
    return { state: 'verified', evidence, sentence };
  }
  return { state: 'inconclusive', evidence, sentence: undecided(facts, main) };
}

function undecided(
  facts: JudgeFacts,
  main: readonly { readonly part: PartFacts; readonly verdict: PartVerdict }[],
): string {
  const release = `${facts.service} ${facts.version}`;
  if (facts.alertParts.length > 0 && main.length === 0) {
    return facts.alertsNow.length > 0
      ? `${facts.alertsNow.join(', ')} still fires with ${release}.`
      : `Too little traffic with ${release} to say (${number(facts.requests)} requests).`;
  }
  if (main.length === 0) {
    return `Nothing of this problem can be counted in ${release}: ask those who reported it.`;
  }
  const less = main.find(({ verdict }) => verdict === 'less');
  if (less) return `Rarer with ${release}, but not gone: ${seenIn(less.part)}.`;
  const unknown = main.find(({ verdict }) => verdict === 'unknown') ?? main[0];
  const part = unknown?.part;
  if (!part || part.after.total === 0) return `No traffic with ${release} yet: nothing can be said.`;
  return `Too little traffic with ${release} to say: ${seenIn(part)}.`;
}

function soFar({ service, version }: JudgeFacts, part: PartFacts | undefined): string {
  const release = `${service} ${version}`;
  return part === undefined || part.after.total === 0
    ? `Watching ${release}.`
    : `Watching ${release}; so far ${seenIn(part)}.`;
}

/** `seen 0 times in 640 requests (before: 60 of 200, 30 %)`. */
function seenIn({ before, after, of }: PartFacts): string {
  return `seen ${times(after.successes)} in ${number(after.total)} ${of}${percent(after)} (before: ${number(before.successes)} of ${number(before.total)}, ${percentOf(before)})`;
}

function partSentence(part: PartFacts, verdict: PartVerdict): string {
  const words = {
    gone: 'gone',
    back: 'still there',
    less: 'rarer',
    unknown: part.before.successes === 0 ? 'was not seen shortly before' : 'not enough to say',
  } as const;
  return `${part.name}: ${words[verdict]}; ${seenIn(part)}.`;
}

function alertSentences({ alertsNow, alertsAnew }: JudgeFacts): string[] {
  return [
    ...alertsAnew.map((name) => `The alert ${name} fired again after the release.`),
    ...alertsNow.filter((name) => !alertsAnew.includes(name)).map((name) => `The alert ${name} still fires.`),
  ];
}

function times(n: number): string {
  return n === 1 ? 'once' : `${number(n)} times`;
}

function percent(share: Share): string {
  return share.successes === 0 ? '' : ` (${percentOf(share)})`;
}

function percentOf(share: Share): string {
  if (share.total === 0) return 'none';
  const ratio = (100 * share.successes) / share.total;
  return `${ratio >= 10 || ratio === 0 ? ratio.toFixed(0) : ratio.toPrecision(2)} %`;
}

/** Something may be seen several times in one request: a share is at most one. */
function bounded({ successes, total }: Share): Share {
  return { successes: Math.min(successes, total), total };
}
