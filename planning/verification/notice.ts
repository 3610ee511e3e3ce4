import type { NewId } from '../../src/lib/ids.js';
import { activeStates, problemName, type Problem, type Verification } from '../../src/model/problems.js';
import { alertEpisodes } from '../../src/store/state/alert-episodes.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { listDeploys } from '../../src/store/state/deploys.js';
import { deploysToldSince, type ToldDeploy } from '../../src/store/state/deploys-told.js';
import {
  listProblems,
  lockProblems,
  problemsAwaitingRelease,
  problemsByIds,
  problemsByNumbers,
} from '../../src/store/state/problems.js';
import { listReleases } from '../../src/store/state/releases.js';
import { getSetting, setSetting } from '../../src/store/state/settings.js';
import { ticketsByNumbers } from '../../src/store/state/tickets.js';
import {
  endVerifications,
  insertVerification,
  verificationExists,
} from '../../src/store/state/verifications.js';
import type { ProblemTelemetry } from '../problems/ports.js';
import { rulesOf } from '../problems/questions.js';
import { take } from '../problems/write.js';
import { code } from '../trackers/content.js';
import { askedBefore, shareOf } from './facts.js';
import { awaitedServices, parseFix, type FixRef } from './fixes.js';

export interface NoticeDeps {
  readonly state: StateDatabase;
  readonly telemetry: Pick<ProblemTelemetry, 'shares'>;
  readonly newId: NewId;
  /** How long a fix is watched, ms. */
  readonly bakeMs: number;
  readonly tracker: { readonly name: string; readonly place: string } | undefined;
}

/** What a deploy or a release says of itself here. */
type Fixing = Pick<
  ToldDeploy,
  'changeId' | 'releaseId' | 'type' | 'service' | 'environment' | 'version' | 'at' | 'startedAt' | 'actor'
>;

const settingKey = 'planning:deploys-seen';
/** Deploys are looked at again for this long: another process may have committed one late. */
const overlapMs = 15 * 60_000;
const maxDeploys = 500;
const maxAwaiting = 100;
/** Without traffic a fix is looked at for this many bake times, and at least a day. */
const patience = 20;
const minPatienceMs = 86_400_000;

/**
 * Looks at the deploys that were told since the last look, and begins to watch those that mean to fix a problem.
 * Safe to run twice and in two processes: a deploy is one fix of a problem. The ids of problems that changed.
 */
export async function noticeFixes(deps: NoticeDeps, now: number): Promise<string[]> {
  const { state } = deps;
  // Not later than now: a clock that was wrong for a moment must not hide the deploys of hours.
  const seen = Math.min(now, Number((await getSetting(state, settingKey)) ?? now - 3_600_000));
  const deploys = await deploysToldSince(state, seen - overlapMs, maxDeploys);
  const changed: string[] = [];
  for (const deploy of deploys) {
    for (const problem of await problemsNamed(deps, deploy.fixes)) {
      if (await beginWatch(deps, problem, deploy, now)) changed.push(problem.id);
    }
  }
  changed.push(...(await noteRollbacks(deps, deploys, now)));
  for (const problem of await problemsAwaitingRelease(state, maxAwaiting)) {
    const next = await nextRelease(deps, problem);
    if (next && (await beginWatch(deps, problem, next, now))) changed.push(problem.id);
  }
  const last = deploys.length === maxDeploys ? deploys.at(-1)?.receivedAt : undefined;
  const until = last === undefined ? now : Math.min(now, last + overlapMs);
  if (until > seen) await setSetting(state, settingKey, String(until));
  return changed;
}

/** The problems that the words of `fixes` name, each once. */
export async function problemsNamed(
  { state, tracker }: Pick<NoticeDeps, 'state' | 'tracker'>,
  fixes: readonly string[],
): Promise<Problem[]> {
  const refs = fixes.map(parseFix).filter((ref): ref is FixRef => ref !== undefined);
  if (refs.length === 0) return [];
  const numbers = refs.flatMap((ref) => (ref.kind === 'number' ? [ref.number] : []));
  const ids = refs.flatMap((ref) => (ref.kind === 'id' ? [ref.id] : []));
  const tickets = refs.flatMap((ref) => (ref.kind === 'ticket' ? [ref] : []));
  if (tracker && tickets.length > 0) {
    const known = await ticketsByNumbers(
      state,
      tracker.name,
      tickets.map(({ number }) => number),
    );
    for (const { number, place, problemId } of known) {
      const isMeant = tickets.some(
        (ref) => ref.number === number && (ref.place === '' || ref.place === place.toLowerCase()),
      );
      if (isMeant) ids.push(problemId);
    }
  }
  const found = [...(await problemsByNumbers(state, numbers)), ...(await problemsByIds(state, ids))];
  return [...new Map(found.map((problem) => [problem.id, problem])).values()];
}

/** The first deploy, or version seen, of where it comes from after its ticket was closed as done. */
async function nextRelease({ state }: NoticeDeps, problem: Problem): Promise<Fixing | undefined> {
  const since = problem.awaitsReleaseSince;
  if (since === null) return undefined;
  const found: Fixing[] = [];
  for (const service of awaitedServices(problem)) {
    const place = problem.environment === '' ? { service } : { service, environment: problem.environment };
    const deploys = await listDeploys(state, { ...place, from: since + 1, limit: 100 });
    for (const { change, releaseId } of deploys) {
      if (change.status === 'succeeded') found.push({ ...change, changeId: change.id, releaseId });
    }
    for (const release of await listReleases(state, { ...place, from: since + 1, limit: 20 })) {
      if (release.source !== 'telemetry' || release.firstSeenAt <= since) continue;
      const { id, version, environment, firstSeenAt } = release;
      const told = {
        changeId: `release:${id}`,
        releaseId: id,
        type: 'service.deployed',
        actor: '',
        startedAt: null,
      };
      found.push({ ...told, service, version, environment, at: firstSeenAt });
    }
  }
  return found.toSorted((a, b) => a.at - b.at)[0];
}

function isElsewhere(problem: Problem, { environment }: Pick<Fixing, 'environment'>): boolean {
  return problem.environment !== '' && environment !== '' && problem.environment !== environment;
}

async function beginWatch(deps: NoticeDeps, problem: Problem, fix: Fixing, now: number): Promise<boolean> {
  if (problem.state === 'verified' || isElsewhere(problem, fix)) return false;
  // A deploy that was told late, or imported: what was there before the problem began did not end it.
  if (fix.at < problem.since) return false;
  if (await verificationExists(deps.state, problem.id, fix.changeId)) return false;
  const before = await sharesBefore(deps, problem, fix);
  const verification = watchOf(deps, problem, fix, before);
  return deps.state.transaction().execute(async (transaction) => {
    await lockProblems(transaction);
    if (!(await insertVerification(transaction, verification))) return false;
    await endVerifications(transaction, problem.id, verification.id, now);
    const text = fixedText(problem, fix);
    return take(
      transaction,
      {
        problem,
        change: { state: 'fixed', awaitsReleaseSince: null },
        event: {
          kind: 'fixed',
          text,
          actor: fix.actor === '' ? null : fix.actor,
          data: {
            releaseId: fix.releaseId,
            changeId: fix.changeId,
            version: fix.version,
            service: fix.service,
          },
        },
        ticket: [
          { work: 'update', text: '' },
          {
            work: 'comment',
            text: `${fixedText(problem, fix, code)} Lemni watches it for ${duration(deps.bakeMs)}.`,
          },
        ],
      },
      { now, newId: deps.newId },
    );
  });
}

/** `name`: how the names of others are written. */
function fixedText(
  problem: Problem,
  { service, version, type }: Fixing,
  name = (text: string): string => text,
): string {
  const verb = type === 'service.rolledback' ? 'was rolled back to' : 'was deployed as';
  const why =
    problem.awaitsReleaseSince === null
      ? `to fix ${problemName(problem)}`
      : 'after the ticket was closed as done';
  return `${name(service)} ${verb} ${name(version)} ${why}.`;
}

async function sharesBefore({ state, telemetry }: NoticeDeps, problem: Problem, fix: Fixing) {
  const episodes = await alertEpisodes(state, rulesOf(problem.signature), problem.since);
  const asked = askedBefore(problem, episodes, fix).flatMap((one, part) => (one ? [{ one, part }] : []));
  const seen = await telemetry.shares(asked.map(({ one }) => one));
  return asked.map(({ one, part }, i) =>
    shareOf(one.part, part, seen[i] ?? { hits: 0, requests: 0, records: 0 }),
  );
}

function watchOf(
  { newId, bakeMs }: NoticeDeps,
  problem: Problem,
  fix: Fixing,
  before: Verification['before'],
): Verification {
  const { changeId, releaseId, service, environment, version, at } = fix;
  return {
    id: newId(at),
    problemId: problem.id,
    changeId,
    releaseId,
    service,
    environment,
    version,
    state: 'watching',
    startedAt: at,
    watchUntil: at + bakeMs,
    giveUpAt: at + Math.max(minPatienceMs, patience * bakeMs),
    decidedAt: null,
    before,
    sentence: `Watching ${service} ${version}.`,
    evidence: [],
  };
}

/** A rollback that names no problem may end one all the same: a line in its timeline, once. */
async function noteRollbacks(
  deps: NoticeDeps,
  deploys: readonly ToldDeploy[],
  now: number,
): Promise<string[]> {
  const rollbacks = deploys.filter(({ type, fixes }) => type === 'service.rolledback' && fixes.length === 0);
  if (rollbacks.length === 0) return [];
  const problems = await listProblems(deps.state, { states: activeStates, limit: 200 });
  const noted: string[] = [];
  for (const { changeId, service, version, environment, at, actor } of rollbacks) {
    for (const problem of problems) {
      const isMine = problem.services.includes(service) && !isElsewhere(problem, { environment });
      if (!isMine || at < problem.since || problem.state === 'fixed') continue;
      const event = {
        id: `rollback:${problem.id}:${changeId}`.slice(0, 300),
        kind: 'evidence_added',
        text: `${service} was rolled back to ${version} without naming this problem: a deploy with fixes: ["${problemName(problem)}"] is watched.`,
        actor: actor === '' ? null : actor,
        data: { changeId, version, service },
      } as const;
      const isNew = await deps.state
        .transaction()
        .execute((transaction) => take(transaction, { problem, event }, { now, newId: deps.newId }));
      if (isNew) noted.push(problem.id);
    }
  }
  return noted;
}

/** `20 s`, `30 min`, `2 h`. */
export function duration(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
