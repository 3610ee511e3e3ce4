import type { NewId } from '../../src/lib/ids.js';
import type { Problem, Verification } from '../../src/model/problems.js';
import type { Asked } from '../../src/query/problems/occurrences.js';
import type { Seen } from '../../src/query/problems/shares.js';
import { alertEpisodes, type AlertEpisode } from '../../src/store/state/alert-episodes.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { listDeploys } from '../../src/store/state/deploys.js';
import { lockProblems, problemsByIds } from '../../src/store/state/problems.js';
import { updateVerification, watchedVerifications } from '../../src/store/state/verifications.js';
import type { ProblemTelemetry } from '../problems/ports.js';
import { rulesOf } from '../problems/questions.js';
import { take, type Step } from '../problems/write.js';
import { code } from '../trackers/content.js';
import { askedAfter, factsOf } from './facts.js';
import { judge, type Judgement } from './judge.js';

export interface WatchDeps {
  readonly state: StateDatabase;
  readonly telemetry: Pick<ProblemTelemetry, 'shares'>;
  readonly newId: NewId;
  readonly metrics: { verified(state: string): void };
}

/** A problem that is gone may come back: for this long somebody looks. */
const returnMs = 30 * 86_400_000;
const maxWatched = 100;
/** Characters of a sentence in a comment. */
const maxQuoted = 600;
/** A return is judged over the last bake time, and at least this long. */
const minRecentMs = 10 * 60_000;

/** Judges every fix that is watched, and looks for verified problems that come back. Which problems changed. */
export async function watchFixes(deps: WatchDeps, now: number): Promise<string[]> {
  const watched = await watchedVerifications(deps.state, now - returnMs, maxWatched);
  const current = await withProblems(deps.state, watched);
  if (current.length === 0) return [];
  const rules = current.flatMap(({ problem }) => rulesOf(problem.signature));
  const since = Math.min(...current.map(({ verification }) => verification.startedAt));
  const episodes = await alertEpisodes(deps.state, rules, since);
  const questions: { readonly watch: Watch; readonly asked: readonly (Asked | undefined)[] }[] = [];
  for (const watch of current) questions.push({ watch, asked: await askedOf(deps, watch, now) });
  const flat = questions.flatMap(({ asked }) => asked.filter((one) => one !== undefined));
  const answers = [...(await deps.telemetry.shares(flat))];
  const changed: string[] = [];
  for (const { watch, asked } of questions) {
    const seen = asked.map((one) => (one ? answers.shift() : undefined));
    if (await decide(deps, watch, { seen, episodes, now })) changed.push(watch.problem.id);
  }
  return changed;
}

interface Watch {
  readonly problem: Problem;
  readonly verification: Verification;
}

/** With their problems; only the last of each, since an older one was overtaken. */
async function withProblems(state: StateDatabase, watched: readonly Verification[]): Promise<Watch[]> {
  const problems = await problemsByIds(
    state,
    watched.map(({ problemId }) => problemId),
  );
  const seen = new Set<string>();
  const current: Watch[] = [];
  for (const verification of watched) {
    const problem = problems.find(({ id }) => id === verification.problemId);
    if (!problem || seen.has(problem.id)) continue;
    seen.add(problem.id);
    current.push({ problem, verification });
  }
  return current;
}

async function askedOf({ state }: WatchDeps, watch: Watch, now: number): Promise<(Asked | undefined)[]> {
  const { problem, verification } = watch;
  const { state: stands, decidedAt, startedAt, watchUntil, service, environment } = verification;
  if (stands === 'verified') {
    const recent = now - Math.max(minRecentMs, watchUntil - startedAt);
    return askedAfter(problem, verification, {
      from: Math.max(decidedAt ?? 0, recent),
      to: now,
      versions: undefined,
    });
  }
  const versions = await versionsSince(state, verification);
  const asked = askedAfter(problem, verification, { from: startedAt, to: now, versions });
  if (asked.some((one) => one !== undefined)) return asked;
  // Nothing of it is counted: whether the release is used at all is worth knowing.
  const part = { kind: 'alert', rule: '', service, environment, operation: '' } as const;
  return [
    ...asked,
    { part, environment, versions, spans: [{ from: startedAt, to: Math.max(now, startedAt + 1) }] },
  ];
}

/** The release's version, those that came after it, and none: spans need not carry one. */
async function versionsSince(state: StateDatabase, verification: Verification): Promise<string[]> {
  const { service, environment, version, startedAt } = verification;
  const later = await listDeploys(state, { service, environment, from: startedAt, limit: 20 });
  const names = later
    .filter(({ change }) => change.status === 'succeeded')
    .map(({ change }) => change.version);
  return [...new Set([version, '', ...names])];
}

interface Known {
  readonly seen: readonly (Seen | undefined)[];
  readonly episodes: readonly AlertEpisode[];
  readonly now: number;
}

async function decide(deps: WatchDeps, { problem, verification }: Watch, known: Known): Promise<boolean> {
  const { now } = known;
  const { startedAt, watchUntil, giveUpAt } = verification;
  const facts = factsOf(problem, verification, known.seen, known);
  if (verification.state === 'verified') {
    const judgement = judge({ ...facts, alertsAnew: [] }, false);
    if (problem.state !== 'verified' || judgement.state !== 'regressed') return false;
    const sentence = `It is back: ${judgement.sentence.replace(/^[^:]*: /, '')}`;
    return write(deps, { problem, verification }, { ...judgement, sentence }, now);
  }
  // Somebody set it to another state by hand: their word counts.
  if (problem.state !== 'fixed') {
    return end(deps, verification, now);
  }
  const judgement = judge(facts, now >= watchUntil);
  // What the version before had begun may still fail: half of the time must be over.
  const isEarly = now < startedAt + (watchUntil - startedAt) / 2;
  if (judgement.state === 'watching' || (isEarly && judgement.state === 'regressed')) {
    return progress(deps, verification, judgement, now);
  }
  if (judgement.state === 'inconclusive' && verification.state === 'inconclusive') {
    if (now >= giveUpAt) return end(deps, { ...verification, ...judgement }, now);
    return progress(deps, verification, { ...judgement, state: 'inconclusive' }, now);
  }
  return write(deps, { problem, verification }, await blamed(deps, verification, judgement), now);
}

/** What is seen again since the release was rolled back is not the fault of the release. */
async function blamed(
  { state }: WatchDeps,
  { service, environment, version, startedAt }: Verification,
  judgement: Judgement,
): Promise<Judgement> {
  if (judgement.state !== 'regressed') return judgement;
  const later = await listDeploys(state, { service, environment, from: startedAt, limit: 20 });
  const back = later.find(
    ({ change }) =>
      change.type === 'service.rolledback' && change.status === 'succeeded' && change.version !== version,
  );
  if (!back) return judgement;
  const seen = judgement.sentence.replace(/^Not fixed by [^:]*: /, '');
  const sentence = `${service} ${version} was rolled back to ${back.change.version}: ${seen}`;
  return { ...judgement, sentence };
}

/** The numbers so far, for who is watching: not a state of its own. */
async function progress(
  { state }: WatchDeps,
  verification: Verification,
  { sentence, evidence, state: judged }: Judgement,
  now: number,
): Promise<boolean> {
  if (sentence === verification.sentence || now < verification.startedAt) return false;
  const stays = judged === 'regressed' ? 'watching' : verification.state;
  return updateVerification(state, verification, { state: stays, decidedAt: null, sentence, evidence });
}

function end({ state }: WatchDeps, verification: Verification, now: number): Promise<boolean> {
  const { sentence, evidence } = verification;
  return updateVerification(state, verification, {
    state: 'inconclusive',
    decidedAt: now,
    sentence,
    evidence,
  });
}

function write(
  deps: WatchDeps,
  { problem, verification }: Watch,
  judgement: Judgement,
  now: number,
): Promise<boolean> {
  const { state, sentence, evidence } = judgement;
  return deps.state.transaction().execute(async (transaction) => {
    // What goes to the ticket is numbered: one at a time, as people's changes are.
    await lockProblems(transaction);
    // An inconclusive fix is looked at on: traffic may come.
    const decidedAt = state === 'inconclusive' && now < verification.giveUpAt ? null : now;
    if (!(await updateVerification(transaction, verification, { state, decidedAt, sentence, evidence })))
      return false;
    const step = stepOf(problem, verification, judgement);
    await take(transaction, step, { now, newId: deps.newId });
    deps.metrics.verified(state);
    return true;
  });
}

function stepOf(
  problem: Problem,
  verification: Verification,
  { state, sentence, evidence }: Judgement,
): Step {
  const kind = state === 'watching' ? 'inconclusive' : state;
  // Both quote what telemetry says: in a comment it must call nobody and show no picture.
  const quoted = (line: string): string => code(line, maxQuoted);
  const text = [quoted(sentence), '', ...evidence.map((line) => `- ${quoted(line)}`)].join('\n');
  const { releaseId, version, service } = verification;
  const event = {
    kind,
    text: sentence,
    actor: null,
    data: { releaseId, version, service, evidence },
  } as const;
  const from = [problem.state];
  switch (kind) {
    case 'verified':
      return {
        ...{ problem, event, from, change: { state: 'verified' } },
        ticket: [
          { work: 'comment', text: `**Verified.** ${text}` },
          { work: 'close', text: 'completed' },
        ],
      };
    case 'regressed':
      return {
        ...{ problem, event, from, change: { state: 'regressed' } },
        ticket: [
          { work: 'comment', text: `**Regressed.** ${text}` },
          { work: 'reopen', text: '' },
        ],
      };
    case 'inconclusive':
      return { problem, event, ticket: [{ work: 'comment', text: `**Inconclusive so far.** ${text}` }] };
  }
}
