import { z } from 'zod';
import { Time } from './common.js';

export const verdictStates = ['healthy', 'degraded', 'inconclusive'] as const;
export const measureNames = [
  'error_ratio',
  'latency_p50',
  'latency_p95',
  'latency_p99',
  'throughput',
  'error_logs',
  'bad_feedback',
] as const;
export const movements = ['better', 'same', 'worse', 'unknown'] as const;

/** A stretch of time in which one version of a service ran, and how much was seen of it. */
export const Side = z.object({
  version: z.string(),
  /** Of the release; null when it is none that is known. */
  releaseId: z.string().nullable(),
  from: Time,
  to: Time,
  requests: z.number().int(),
  /** `time`: telemetry carried no version, so the moment of the deploy parts the sides. */
  matchedBy: z.enum(['version', 'time']).optional(),
});
export type Side = z.infer<typeof Side>;

/** One number before and after. Ratios are 0 to 1, latencies ms, throughput requests a second. */
export const Measure = z.object({
  name: z.enum(measureNames),
  /** The span's name; empty: of the whole service. */
  operation: z.string(),
  /** `1` (a ratio), `ms`, `/s`. */
  unit: z.string(),
  before: z.number().nullable(),
  after: z.number().nullable(),
  /** How many observations each number rests on. */
  beforeCount: z.number().int(),
  afterCount: z.number().int(),
  /** after - before, with its 95 % interval where there is one. */
  effect: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  movement: z.enum(movements),
  /** Why it moved or did not, in words and numbers. */
  reason: z.string(),
  /** The number over each side's time, one for each `stepMs` of the comparison, oldest first. */
  points: z
    .object({ before: z.array(z.number().nullable()), after: z.array(z.number().nullable()) })
    .optional(),
});
export type Measure = z.infer<typeof Measure>;

/** A log pattern or an error group that only the later side has. */
export const FirstSeen = z.object({
  kind: z.enum(['pattern', 'error_group']),
  /** Decimal: a UInt64. */
  fingerprint: z.string(),
  service: z.string(),
  /** A line, or `Type: message`. */
  sample: z.string(),
  severityNumber: z.number().int(),
  count: z.number().int(),
  firstAt: Time,
});
export type FirstSeen = z.infer<typeof FirstSeen>;

/** `GET /api/releases/:id/compare?with=RELEASE_ID`; without `with`, what ran before it. */
export const Comparison = z.object({
  before: Side.nullable(),
  after: Side,
  measures: z.array(Measure),
  /** Operations that moved most, each with its error ratio and p95; at most 20. */
  operations: z.array(Measure),
  firstSeen: z.array(FirstSeen),
  /** previous: what ran before it; alongside: another version in the same time; chosen: as was asked. */
  basis: z.enum(['previous', 'alongside', 'chosen', 'none']).optional(),
  /** What was compared, as a sentence. */
  basisText: z.string().optional(),
  /** Of the measures' points, ms. */
  stepMs: z.number().int().optional(),
});
export type Comparison = z.infer<typeof Comparison>;

/** What a release did, decided when its bake time is over and kept. */
export const Verdict = z.object({
  state: z.enum(verdictStates),
  /** One sentence with numbers. */
  sentence: z.string(),
  /** Each a sentence of its own, the weightiest first. */
  reasons: z.array(z.string()),
  decidedAt: Time,
  comparison: Comparison,
  /** Said before the bake time was over, since the harm was clear. */
  early: z.boolean().optional(),
});
export type Verdict = z.infer<typeof Verdict>;

/** `with`: the release to compare with; without it, what ran before. */
export const CompareQuery = z.object({ with: z.string().min(1).max(200).optional() });

/** Where the judgement stands: as lists carry it. */
export const VerdictBrief = z.object({
  /** `baking` until the bake time is over, `none` when there is nothing to judge it by. */
  state: z.enum([...verdictStates, 'baking', 'none']),
  sentence: z.string(),
  decidedAt: Time.nullable(),
  bakeUntil: Time.nullable(),
});
export type VerdictBrief = z.infer<typeof VerdictBrief>;
