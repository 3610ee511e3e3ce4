import { differenceOfEstimates, type Estimate } from '../../src/lib/statistics/difference.js';
import { dispersionOfCounts, dispersionOfShares } from '../../src/lib/statistics/dispersion.js';
import { zFor } from '../../src/lib/statistics/normal.js';
import { differenceOfShares, type Share } from '../../src/lib/statistics/proportions.js';
import { quantileEstimate, quantileOf } from '../../src/lib/statistics/quantiles.js';
import { rateEstimate } from '../../src/lib/statistics/rates.js';
import type { RequestCounts, RequestPoint, SideCounts } from '../../src/query/releases/side.js';
import type { ComparisonFacts, SideFacts } from './facts.js';
import { measured, type Measured, type Rigor } from './measured.js';
import { bucketsOf, failedShare, filled, seriesOf } from './series.js';
import { leastEffect } from './thresholds.js';
import { many, milliseconds, number, percent } from './words.js';

/** Both sides are there. */
export type Sides = ComparisonFacts & { readonly before: SideFacts };

const z95 = zFor(0.05);
/** A minute with fewer requests says nothing of how long they take. */
const fewInBucket = 5;

/** Of the whole service, or of one operation. */
interface Part {
  readonly operation: string;
  readonly of: (side: SideFacts) => RequestCounts & { readonly points: readonly RequestPoint[] };
}
const whole: Part = { operation: '', of: (side) => side.counts };

export function wholeMeasures(sides: Sides, rigor: Rigor): Measured[] {
  return [
    errorRatio(sides, whole, rigor),
    latency(sides, whole, { name: 'latency_p50', level: 0.5, point: 'p50' }, rigor),
    latency(sides, whole, { name: 'latency_p95', level: 0.95, point: 'p95' }, rigor),
    latency(sides, whole, { name: 'latency_p99', level: 0.99, point: 'p99' }, rigor),
    throughput(sides, rigor),
    errorLogs(sides, rigor),
    badFeedback(sides, rigor),
  ];
}

/** Operations that both sides served often enough: each with its error ratio and its p95. */
export function operationMeasures(sides: Sides, rigor: Rigor): Measured[] {
  return comparedOperations(sides).flatMap((operation) => {
    const none = { requests: 0, errors: 0, durations: { levels: [], values: [] }, points: [] };
    const part: Part = {
      operation,
      of: ({ counts }) => counts.operations.find((found) => found.operation === operation) ?? none,
    };
    return [
      errorRatio(sides, part, rigor),
      latency(sides, part, { name: 'latency_p95', level: 0.95, point: 'p95' }, rigor),
    ];
  });
}

/** Requests that each side needs of an operation. */
const leastOfOperation = 20;

export function comparedOperations({ before, after }: Sides): string[] {
  const known = new Set(
    before.counts.operations.filter((found) => found.requests >= leastOfOperation).map((o) => o.operation),
  );
  return after.counts.operations
    .filter((found) => found.requests >= leastOfOperation && known.has(found.operation))
    .map((found) => found.operation);
}

function errorRatio(sides: Sides, part: Part, rigor: Rigor): Measured {
  const one = part.of(sides.before);
  const two = part.of(sides.after);
  const dispersion = Math.max(
    ...[one, two].map(({ points }) =>
      dispersionOfShares(points.map(({ errors, requests }) => ({ successes: errors, total: requests }))),
    ),
  );
  const share = ({ errors, requests }: RequestCounts): Share => ({ successes: errors, total: requests });
  const words = `${percent(ratio(two.errors, two.requests) ?? 0)} of ${many(two.requests, 'request')} failed, before ${percent(ratio(one.errors, one.requests) ?? 0)} of ${number(one.requests)}`;
  return measured(
    {
      name: 'error_ratio',
      operation: part.operation,
      unit: '1',
      before: ratio(one.errors, one.requests),
      after: ratio(two.errors, two.requests),
      beforeCount: one.requests,
      afterCount: two.requests,
      ...shares(share(one), share(two), { dispersion, z: rigor.z }),
      events: two.errors,
      sign: 1,
      words,
      unknown: 'One of the sides took no requests.',
      points: seriesOf(sides, (side) => part.of(side).points, failedShare),
    },
    rigor,
  );
}

/** Shares of what comes in bursts are known as well as those of fewer independent trials. */
function shares(before: Share, after: Share, { dispersion, z }: { dispersion: number; z: number }) {
  if (before.total === 0 || after.total === 0) return { shown: undefined, sure: undefined };
  const thinned = ({ successes, total }: Share): Share => ({
    successes: successes / dispersion,
    total: total / dispersion,
  });
  return {
    shown: differenceOfShares(thinned(before), thinned(after), z95),
    sure: differenceOfShares(thinned(before), thinned(after), z),
  };
}

interface Level {
  readonly name: 'latency_p50' | 'latency_p95' | 'latency_p99';
  readonly level: number;
  readonly point: 'p50' | 'p95' | 'p99';
}

function latency(sides: Sides, part: Part, { name, level, point }: Level, rigor: Rigor): Measured {
  const one = part.of(sides.before);
  const two = part.of(sides.after);
  const at = (counts: RequestCounts, z: number): Estimate | undefined =>
    quantileEstimate(counts.durations, { level, count: counts.requests, z });
  const [before, after] = [at(one, z95), at(two, z95)];
  const [surelyBefore, surelyAfter] = [at(one, rigor.z), at(two, rigor.z)];
  const both = before && after;
  const isLasting = both ? lasts(two.points, point, (before.value + after.value) / 2) : true;
  const label = level === 0.5 ? 'Half' : `${number(level * 100)} %`;
  const found = measured(
    {
      name,
      operation: part.operation,
      unit: 'ms',
      before: before?.value ?? quantileOf(one.durations, level) ?? null,
      after: after?.value ?? quantileOf(two.durations, level) ?? null,
      beforeCount: one.requests,
      afterCount: two.requests,
      shown: both ? differenceOfEstimates(before, after) : undefined,
      sure: surelyBefore && surelyAfter ? differenceOfEstimates(surelyBefore, surelyAfter) : undefined,
      events: two.requests,
      sign: 1,
      words: both
        ? `${label} of ${many(two.requests, 'request')} took less than ${milliseconds(after.value)}, before ${milliseconds(before.value)}`
        : '',
      unknown: `Too few requests to bound the ${number(level * 100)}th percentile on both sides.`,
      points: seriesOf(
        sides,
        (side) => part.of(side).points,
        (found) => found?.[point] ?? null,
      ),
    },
    rigor,
  );
  if (found.measure.movement !== 'worse' || isLasting) return found;
  const reason = `${found.measure.reason.slice(0, -1)}; only for a part of the time.`;
  return { measure: { ...found.measure, movement: 'same', reason }, decides: false, weight: 0 };
}

/** Slow in most of its minutes: neighbouring requests are slow together, and one bad minute is not the release. */
function lasts(points: readonly RequestPoint[], name: Level['point'], limit: number): boolean {
  const told = points.filter((point) => point.requests >= fewInBucket);
  const slow = told.filter((point) => (point[name] ?? 0) > limit);
  return told.length < 3 || slow.length * 2 >= told.length;
}

function throughput(sides: Sides, rigor: Rigor): Measured {
  const counts = ({ counts: { points }, ...side }: SideFacts): number[] =>
    filled(points, bucketsOf({ ...side, counts: sides.before.counts }, sides.stepMs)).map(
      (point) => point?.requests ?? 0,
    );
  const dispersion = Math.max(
    dispersionOfCounts(counts(sides.before)),
    dispersionOfCounts(counts(sides.after)),
  );
  const rate = ({ counts: { requests }, exposureMs }: SideFacts, z: number): Estimate =>
    rateEstimate({ events: requests, exposure: exposureMs / 1000 }, z, dispersion);
  const [before, after] = [rate(sides.before, z95), rate(sides.after, z95)];
  const isKnown = !sides.isShared && sides.basis !== 'chosen' && sides.before.counts.requests > 0;
  return measured(
    {
      name: 'throughput',
      operation: '',
      unit: '/s',
      before: before.value,
      after: after.value,
      beforeCount: sides.before.counts.requests,
      afterCount: sides.after.counts.requests,
      shown: isKnown ? differenceOfEstimates(before, after) : undefined,
      sure: isKnown
        ? differenceOfEstimates(rate(sides.before, rigor.z), rate(sides.after, rigor.z))
        : undefined,
      events: sides.before.counts.requests,
      sign: -1,
      words: `${number(after.value)} requests a second, before ${number(before.value)}`,
      unknown: sides.isShared
        ? 'Both versions took requests at the same time: how many says nothing of the release.'
        : 'How many requests come says nothing when the times differ.',
      points: seriesOf(
        sides,
        (side) => side.counts.points,
        (point) => (point?.requests ?? 0) / (sides.stepMs / 1000),
      ),
    },
    rigor,
  );
}

function errorLogs(sides: Sides, rigor: Rigor): Measured {
  const { before, after } = sides;
  const perRequest = before.counts.requests > 0 && after.counts.requests > 0;
  const exposure = (side: SideFacts): number =>
    perRequest ? side.counts.requests : side.exposureMs / 60_000;
  const dispersion = Math.max(...[before, after].map((side) => logDispersion(side, sides.stepMs)));
  const rate = (side: SideFacts, z: number): Estimate =>
    rateEstimate({ events: side.counts.errorLogs, exposure: exposure(side) }, z, dispersion);
  const isKnown = before.counts.logs > 0 && after.counts.logs > 0;
  const value = (side: SideFacts): number | null => (isKnown ? rate(side, z95).value : null);
  const words = `${many(after.counts.errorLogs, 'error log')} (${number(value(after) ?? 0)} ${perRequest ? 'a request' : 'a minute'}), before ${number(before.counts.errorLogs)} (${number(value(before) ?? 0)})`;
  return measured(
    {
      name: 'error_logs',
      operation: '',
      unit: perRequest ? '1' : '/min',
      before: value(before),
      after: value(after),
      beforeCount: before.counts.logs,
      afterCount: after.counts.logs,
      shown: isKnown ? differenceOfEstimates(rate(before, z95), rate(after, z95)) : undefined,
      sure: isKnown ? differenceOfEstimates(rate(before, rigor.z), rate(after, rigor.z)) : undefined,
      events: after.counts.errorLogs,
      sign: 1,
      words,
      unknown: 'One of the sides wrote no logs.',
      points: seriesOf(
        sides,
        (side) => side.counts.logPoints,
        (point) => point?.errorLogs ?? 0,
      ),
    },
    rigor,
  );
}

function logDispersion({ counts, ...side }: SideFacts, stepMs: number): number {
  return dispersionOfCounts(
    filled(counts.logPoints, bucketsOf({ ...side, counts }, stepMs)).map((point) => point?.errorLogs ?? 0),
  );
}

function badFeedback(sides: Sides, rigor: Rigor): Measured {
  const share = ({ ratings, badRatings }: SideCounts): Share => ({ successes: badRatings, total: ratings });
  const [one, two] = [sides.before.counts, sides.after.counts];
  return measured(
    {
      name: 'bad_feedback',
      operation: '',
      unit: '1',
      before: ratio(one.badRatings, one.ratings),
      after: ratio(two.badRatings, two.ratings),
      beforeCount: one.ratings,
      afterCount: two.ratings,
      ...shares(share(one), share(two), { dispersion: 1, z: rigor.z }),
      events: two.badRatings,
      sign: 1,
      words: `${number(two.badRatings)} of ${many(two.ratings, 'rating')} are bad, before ${number(one.badRatings)} of ${number(one.ratings)}`,
      unknown: 'Nobody rated one of the sides.',
    },
    rigor,
  );
}

function ratio(part: number, all: number): number | null {
  return all === 0 ? null : part / all;
}

/** Whether a difference of that size would have been worth a word: for what a small sample may hide. */
export function mayHide({ measure }: Measured): boolean {
  return (
    measure.high !== null &&
    measure.before !== null &&
    measure.high > leastEffect(measure.name, measure.before)
  );
}
