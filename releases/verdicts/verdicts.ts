import type { Logger } from 'pino';
import type { Comparison } from '../../src/http/contract/verdicts.js';
import type { Clock } from '../../src/lib/clock.js';
import { messageOf } from '../../src/lib/errors.js';
import type { Release } from '../../src/model/releases.js';
import type { StateDatabase } from '../../src/store/state/connect.js';
import { deployMoments } from '../../src/store/state/deploys.js';
import { releaseMoments } from '../../src/store/state/releases.js';
import { openRuns, saveVerdict, type OpenRun, type StoredVerdict } from '../../src/store/state/verdicts.js';
import { releaseView } from '../views.js';
import { briefOf, horizonMs, settleMs } from './brief.js';
import { compare } from './compare.js';
import { gather, gatherChosen, unseen } from './gather.js';
import { judge } from './judge.js';
import { again } from './again.js';
import type { VerdictMetrics } from './metrics.js';
import type { Live, ReleaseData, VerdictsConfig } from './ports.js';
import { runOf, type Run } from './run.js';

export interface VerdictsDeps {
  readonly state: StateDatabase;
  /** `createReleaseData(reader)`. */
  readonly data: ReleaseData;
  readonly config: VerdictsConfig;
  readonly live: Live;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: VerdictMetrics;
}

export interface Verdicts {
  start(): void;
  /** Resolves when a pass that was under way is done. */
  stop(): Promise<void>;
  /** Judges what is due; answers how many verdicts were kept. */
  pass(): Promise<number>;
  /** A release against what ran before it, or against another of its service, as telemetry has it now. */
  compare(release: Release, other?: Release): Promise<Comparison>;
}

/** Runs that a pass looks at, the oldest first. */
const runsOfPass = 500;
/** Timeline of a place, as releases/record.ts reads it. */
const releasesRead = 200;
const deploysRead = 500;
/** A release that could not be judged is tried again after this, ms. */
const retryMs = 60_000;

/** Judges each release when its bake time is over, or earlier when the harm is clear. */
export function createVerdicts(deps: VerdictsDeps): Verdicts {
  const { config, clock } = deps;
  const stopping = new AbortController();
  const everyMs = Math.min(15_000, Math.max(1000, config.bakeTime / 20));
  /** By release: looks for clear harm while it bakes, and tries after a failure, keep their distance. */
  const waits = new Map<string, { readonly until: number; readonly failed: boolean }>();
  let running: Promise<void> = Promise.resolve();

  const pass = async (): Promise<number> => {
    const now = clock.now();
    const open = await openRuns(deps.state, { since: now - horizonMs, until: now, limit: runsOfPass });
    const ids = new Set(open.map(({ release }) => release.id));
    for (const id of waits.keys()) if (!ids.has(id)) waits.delete(id);
    const due: Due[] = [];
    for (const run of open) {
      const wait = waits.get(run.release.id);
      const isWaiting = wait !== undefined && wait.until > now;
      if (isWaiting && wait.failed) continue;
      const found = await whatIsDue(deps, run, now);
      if (found && !(isWaiting && found.stage === 'baking')) due.push(found);
    }
    const seen = await seenPlaces(deps, due);
    let kept = 0;
    for (const one of due) {
      if (stopping.signal.aborted) break;
      const { release } = one.open;
      waits.set(release.id, { until: now + lookEvery(config.bakeTime), failed: false });
      try {
        if (await decide(deps, one, seen(release))) kept++;
      } catch (error) {
        waits.set(release.id, { until: now + retryMs, failed: true });
        deps.metrics.failed();
        deps.logger.warn(
          { release: release.id, err: messageOf(error) },
          'verdicts: a release could not be judged',
        );
      }
    }
    return kept;
  };

  const watch = async (): Promise<void> => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await pass();
        failing = false;
      } catch (error) {
        deps.metrics.failed();
        if (!failing) deps.logger.warn({ err: messageOf(error) }, 'verdicts: releases could not be judged');
        failing = true;
      }
      await clock.sleep(everyMs, stopping.signal);
    }
  };

  return {
    start: () => {
      running = watch();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    pass,
    compare: async (release, other) => {
      const now = clock.now();
      const looked = async (one: Release) => {
        const run = await runOfRelease(deps, one);
        return { release: one, startMs: run.startMs, endMs: Math.max(run.startMs, Math.min(run.endMs, now)) };
      };
      const facts = other
        ? await gatherChosen(deps.data, await looked(release), await looked(other))
        : await gather(deps.data, await looked(release), config.minRequests);
      return compare(facts).comparison;
    },
  };
}

interface Due {
  readonly open: OpenRun;
  readonly run: Run;
  readonly stage: 'baking' | 'baked' | 'replaced';
}

function lookEvery(bakeMs: number): number {
  return Math.min(60_000, Math.max(1000, bakeMs / 20));
}

async function runOfRelease({ state, config }: VerdictsDeps, release: Release): Promise<Run> {
  const releases = await releaseMoments(state, release, releasesRead);
  const deploys = await deployMoments(state, release, deploysRead);
  return runOf(release, { releases, deploys }, config.bakeTime);
}

async function whatIsDue(deps: VerdictsDeps, open: OpenRun, now: number): Promise<Due | undefined> {
  const run = await runOfRelease(deps, open.release);
  if (now < run.startMs) return undefined;
  const stage = now < run.endMs + settleMs ? 'baking' : run.replaced ? 'replaced' : 'baked';
  return { open, run, stage };
}

/** One question for all of them: most imported releases have no telemetry at all. */
async function seenPlaces(
  { data }: VerdictsDeps,
  due: readonly Due[],
): Promise<(place: { service: string; environment: string }) => boolean> {
  if (due.length === 0) return () => false;
  const services = [...new Set(due.map(({ open }) => open.release.service))];
  const since = Math.min(...due.map(({ run }) => run.startMs)) - 60_000;
  const places = await data.places(services, since);
  const exact = new Set(places.map(({ service, environment }) => JSON.stringify([service, environment])));
  const any = new Set(places.map(({ service }) => service));
  return ({ service, environment }) =>
    environment === '' ? any.has(service) : exact.has(JSON.stringify([service, environment]));
}

/** Judges one run and keeps what came of it; false when nothing is to be said yet, or another process said it. */
async function decide(deps: VerdictsDeps, { open, run, stage }: Due, isSeen: boolean): Promise<boolean> {
  const { config, clock } = deps;
  const { release } = open;
  if (stage === 'baking' && !isSeen) return false;
  const started = performance.now();
  const looked = { release, startMs: run.startMs, endMs: Math.min(run.endMs, clock.now()) };
  const facts = isSeen
    ? await gather(deps.data, looked, config.minRequests)
    : unseen(looked, `No telemetry of ${release.service} arrived in its time.`);
  const now = clock.now();
  const { minRequests, bakeTime: bakeMs, grace } = config;
  const { startMs, replaced } = run;
  const verdict = judge(
    { ...facts, version: release.version, minRequests, bakeMs, startMs, stage, replaced },
    now,
  );
  deps.metrics.took((performance.now() - started) / 1000);
  if (!verdict) return false;
  const said = open.verdict && open.verdict.bakeUntil >= (release.deployedAt ?? 0) ? open.verdict : undefined;
  const told = said ? again(said, verdict) : verdict;
  // After an early word the whole time is looked at; after a word on the whole time, what came late, once.
  const judgedAt = run.endMs + settleMs;
  const isLast = said !== undefined && (said.lookAgainAt ?? 0) > judgedAt;
  const stored: StoredVerdict = {
    releaseId: release.id,
    ranFrom: startMs,
    state: told.state,
    sentence: told.sentence,
    decidedAt: Date.parse(told.decidedAt),
    bakeUntil: run.bakeUntil,
    lookAgainAt: stage === 'baking' ? judgedAt : isLast ? null : now + grace,
    judgement: JSON.stringify(told),
  };
  if (!(await saveVerdict(deps.state, stored, open.verdict))) return false;
  if (said?.state !== told.state) deps.metrics.decided(told.state);
  tell(deps, release, { stored, now });
  return true;
}

function tell(
  { live, config }: VerdictsDeps,
  release: Release,
  { stored, now }: { stored: StoredVerdict; now: number },
): void {
  const verdict = briefOf(release, stored, { bakeMs: config.bakeTime, now });
  live.emit('release', { ...releaseView(release, 20), verdict });
}
