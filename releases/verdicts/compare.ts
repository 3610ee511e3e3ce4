import type { Comparison, Measure, Side } from '../../src/http/contract/verdicts.js';
import { zFor } from '../../src/lib/statistics/normal.js';
import type { ComparisonFacts, SideFacts } from './facts.js';
import type { Measured, Rigor } from './measured.js';
import { comparedOperations, operationMeasures, wholeMeasures, type Sides } from './measures.js';

export interface Judged {
  /** Of the whole service. */
  readonly whole: readonly Measured[];
  readonly operations: readonly Measured[];
  readonly comparison: Comparison;
}

/** As often as a decision may be wrong by chance, over all of its questions together. */
export const alpha = 0.05;
/** For what is said before the bake time is over: it is looked at many times, and has to be clear. */
export const earlyAlpha = 0.001;
const earlyFactor = 2;
const maxOperations = 20;
const maxFirstSeen = 50;

/** Compares two sides; `early` asks for clear harm only. */
export function compare(facts: ComparisonFacts, early = false): Judged {
  const { before } = facts;
  const base = {
    after: sideView(facts.after),
    basis: facts.basis,
    basisText: facts.basisText,
    stepMs: facts.stepMs,
    firstSeen: facts.firstSeen.slice(0, maxFirstSeen).map((row) => ({
      ...row,
      service: facts.service,
      firstAt: new Date(row.firstAt).toISOString(),
    })),
  };
  if (before === null) {
    const comparison: Comparison = { ...base, before: null, measures: alone(facts.after), operations: [] };
    return { whole: [], operations: [], comparison };
  }
  const sides: Sides = { ...facts, before };
  const tests = 7 + 2 * comparedOperations(sides).length;
  const rigor: Rigor = early
    ? { z: zFor(earlyAlpha, tests), factor: earlyFactor }
    : { z: zFor(alpha, tests), factor: 1 };
  const operations = operationMeasures(sides, rigor);
  const whole = withoutMix(wholeMeasures(sides, rigor), operations, sides);
  const comparison: Comparison = {
    ...base,
    before: sideView(before),
    measures: whole.map(({ measure }) => measure),
    operations: movedMost(operations),
  };
  return { whole, operations, comparison };
}

/**
 * A service is slower as a whole when more of its slow operations are asked for, though none became slower: that
 * is not the release, and is said.
 */
function withoutMix(whole: Measured[], operations: readonly Measured[], sides: Sides): Measured[] {
  const slower = operations.some(
    ({ measure }) =>
      measure.name === 'latency_p95' && (measure.movement === 'worse' || measure.movement === 'unknown'),
  );
  const names = new Set(comparedOperations(sides));
  const { requests, operations: all } = sides.after.counts;
  const seen = all.reduce((sum, found) => sum + (names.has(found.operation) ? found.requests : 0), 0);
  if (slower || names.size < 2 || seen < 0.9 * requests) return whole;
  return whole.map((found) =>
    found.measure.unit === 'ms' && found.decides
      ? {
          ...found,
          decides: false,
          measure: {
            ...found.measure,
            reason: `${found.measure.reason.slice(0, -1)}; no single operation became slower: the mix of requests changed.`,
          },
        }
      : found,
  );
}

function movedMost(operations: readonly Measured[]): Measure[] {
  const rank = { worse: 0, better: 1, same: 2, unknown: 3 } as const;
  const size = ({ measure: { effect, before } }: Measured): number =>
    Math.abs(effect ?? 0) / Math.max(before ?? 0, 0.001);
  return operations
    .toSorted(
      (a, b) =>
        rank[a.measure.movement] - rank[b.measure.movement] ||
        b.weight - a.weight ||
        size(b) - size(a) ||
        b.measure.afterCount - a.measure.afterCount,
    )
    .slice(0, maxOperations)
    .map(({ measure }) => measure);
}

/** What is known of a side that stands alone. */
function alone(after: SideFacts): Measure[] {
  const { counts, exposureMs } = after;
  const { levels, values } = counts.durations;
  const at = (level: number): number | null => values[levels.findIndex((known) => known >= level)] ?? null;
  const numbers: readonly (readonly [Measure['name'], string, number | null])[] = [
    ['error_ratio', '1', counts.requests === 0 ? null : counts.errors / counts.requests],
    ['latency_p50', 'ms', at(0.5)],
    ['latency_p95', 'ms', at(0.95)],
    ['latency_p99', 'ms', at(0.99)],
    ['throughput', '/s', exposureMs > 0 ? counts.requests / (exposureMs / 1000) : null],
    ['error_logs', '1', counts.requests === 0 ? null : counts.errorLogs / counts.requests],
    ['bad_feedback', '1', counts.ratings === 0 ? null : counts.badRatings / counts.ratings],
  ];
  return numbers.map(([name, unit, value]) => ({
    name,
    operation: '',
    unit,
    before: null,
    after: value,
    beforeCount: 0,
    afterCount: name === 'bad_feedback' ? counts.ratings : counts.requests,
    effect: null,
    low: null,
    high: null,
    movement: 'unknown',
    reason: 'There is nothing to compare it with.',
  }));
}

function sideView(side: SideFacts): Side {
  return {
    version: side.version,
    releaseId: side.releaseId,
    from: new Date(side.fromMs).toISOString(),
    to: new Date(side.toMs).toISOString(),
    requests: side.counts.requests,
    matchedBy: side.matchedBy,
  };
}
