import type { Verdict, VerdictBrief } from '../../src/http/contract/verdicts.js';
import type { Release } from '../../src/model/releases.js';
import type { StoredVerdict, StoredVerdictBrief } from '../../src/store/state/verdicts.js';
import { startOf } from './run.js';

/** Telemetry takes a moment from an SDK's batch to the tables: a run is judged so long after its end, ms. */
export const settleMs = 10_000;
/** Releases that happened longer ago are not judged any more, ms: an import of years costs nothing. */
export const horizonMs = 7 * 86_400_000;
/** After so long without a verdict nobody should wait for one. */
const patienceMs = 5 * 60_000;

/** Where the judgement of a release stands. */
export function briefOf(
  release: Release,
  verdict: StoredVerdictBrief | undefined,
  { bakeMs, now }: { readonly bakeMs: number; readonly now: number },
): VerdictBrief {
  const none = (sentence: string): VerdictBrief => ({
    state: 'none',
    sentence,
    decidedAt: null,
    bakeUntil: null,
  });
  const isRunAgain = verdict !== undefined && (release.deployedAt ?? 0) > verdict.bakeUntil;
  if (verdict && !isRunAgain) {
    return {
      state: verdict.state as Verdict['state'], // Written by stored().
      sentence: verdict.sentence,
      decidedAt: new Date(verdict.decidedAt).toISOString(),
      bakeUntil: new Date(verdict.bakeUntil).toISOString(),
    };
  }
  if (release.deployedAt === null && release.telemetryFirstAt === null) return none('It has not run yet.');
  const bakeUntil = startOf(release, bakeMs) + bakeMs;
  if (now > bakeUntil + patienceMs) return none('There was nothing to judge it by.');
  return {
    state: 'baking',
    sentence: '',
    decidedAt: null,
    bakeUntil: new Date(bakeUntil).toISOString(),
  };
}

export function judgementOf(verdict: StoredVerdict | undefined): Verdict | null {
  if (!verdict) return null;
  try {
    return JSON.parse(verdict.judgement) as Verdict; // Written by stored().
  } catch {
    return null;
  }
}
