import { describe, expect, it } from 'vitest';
import type { Suspect } from '../../src/http/contract/suspects.js';
import { judgeSuspects } from './judge.js';
import { scenario, scenarioKinds, type ScenarioKind } from './testing/scenario.js';

const runs = 40;

interface Result {
  readonly hits: number;
  readonly top3: number;
  /** Mean squared distance of the probabilities from the truth, over all suspects of an incident. */
  readonly brier: number;
}

function measure(kind: ScenarioKind): Result {
  let [hits, top3, brier] = [0, 0, 0];
  for (let seed = 1; seed <= runs; seed++) {
    const { facts, guilty } = scenario(kind, seed);
    const suspects = judgeSuspects(facts);
    if (suspects[0]?.releaseId === guilty) hits++;
    if (suspects.slice(0, 3).some(({ releaseId }) => releaseId === guilty)) top3++;
    brier += distance(suspects, guilty);
  }
  return { hits: hits / runs, top3: top3 / runs, brier: brier / runs };
}

function distance(suspects: readonly Suspect[], guilty: string | null): number {
  return suspects.reduce(
    (sum, { releaseId, probability }) => sum + (probability - (releaseId === guilty ? 1 : 0)) ** 2,
    0,
  );
}

const results = new Map(scenarioKinds.map((kind) => [kind, measure(kind)]));
const mean = (pick: (result: Result) => number): number =>
  [...results.values()].reduce((sum, result) => sum + pick(result), 0) / results.size;

describe(`of ${runs * scenarioKinds.length} incidents in a simulated shop`, () => {
  it('the true cause is the first suspect in nearly all', () => {
    if (process.env['SHOW'] === '1') console.table(Object.fromEntries(results));
    expect(mean(({ hits }) => hits)).toBeGreaterThan(0.9);
    expect(mean(({ top3 }) => top3)).toBeGreaterThan(0.97);
  });
});

describe('services that fail at the same time without a call between them', () => {
  const strangers = (isReleased: boolean) =>
    Array.from({ length: 19 }, (_, i) => ({
      service: `stranger-${i}`,
      before: { total: 400, failed: 1 },
      during: { total: 400, failed: 50 },
      isReleased,
    }));
  const first = (isReleased: boolean) => {
    const { facts, guilty } = scenario('own release', 1);
    const [suspect] = judgeSuspects({ ...facts, others: [...facts.others, ...strangers(isReleased)] });
    return { suspect, isGuilty: suspect?.releaseId === guilty };
  };

  it('speak for a common cause', () => {
    expect(first(false).suspect?.releaseId).toBe(null);
  });

  it('speak for their own releases, when each had one', () => {
    const { suspect, isGuilty } = first(true);
    expect(isGuilty).toBe(true);
    expect(suspect?.evidence.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/do not call checkout; each had a release of its own in the hour before\.$/),
    );
  });
});
