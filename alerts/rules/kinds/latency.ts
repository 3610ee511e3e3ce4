import { z } from 'zod';
import { groupBy } from '../../../src/lib/group-by.js';
import type { LatencyRow } from '../../ports.js';
import { matcher } from '../glob.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, nameGlob, quantile, ruleDuration, windowDuration } from '../schema.js';
import { byVersion, count, inBrackets, span, took } from '../words.js';
import type { Kind } from './kind.js';
import { requestsInWords, rowsAt } from './rows-at.js';

const schema = z.strictObject({
  kind: z.literal('latency'),
  ...commonFields,
  service: nameGlob.default('*'),
  environment: nameGlob.optional(),
  /** With it, each operation (span name) that matches has its own alert; without, each service has one. */
  operation: nameGlob.optional(),
  quantile: quantile.prefault(0.95),
  above: ruleDuration.refine((ms) => ms > 0, { message: 'must be longer than 0' }),
  window: windowDuration.prefault('5m'),
  /** Below this many requests in the window a quantile says nothing. */
  minRequests: z.number().int().min(1).optional(),
});
export type LatencySpec = z.output<typeof schema>;

/** How long all but the slowest requests took, from spans. */
export const latency: Kind<LatencySpec> = {
  name: 'latency',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) =>
    `${nameOf(spec.quantile)} of ${requestsInWords(spec)} takes more than ${took(spec.above)} in ${span(spec.window)} (${count(enough(spec))} requests or more)`,
  threshold: ({ above }) => ({ value: above, unit: 'ms' }),
  gone: ({ window }) => `No request in ${span(window)}`,
  ask: (rules, context) => askLatency(rules, context),
};

/** `p95`, `p99`, `p99.5`. */
function nameOf(value: number): string {
  return `p${Number((value * 100).toFixed(4))}`;
}

/** By default so many that the quantile is not the slowest request alone: 100 for p99, and 20 at least. */
function enough({ quantile: value, minRequests }: LatencySpec): number {
  return minRequests ?? Math.max(20, Math.ceil(Number((1 / (1 - value)).toFixed(6))));
}

/** One query for all rules of a window that ask for services, and one for those that ask for operations. */
const askLatency: Ask<LatencySpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  const questions = groupBy(rules, ({ spec }) => `${spec.window} ${spec.operation === undefined}`);
  for (const [, some] of questions) {
    const [first] = some;
    if (first === undefined) continue;
    const { window: windowMs, operation } = first.spec;
    const quantiles = [...new Set(some.map(({ spec }) => spec.quantile))].sort();
    try {
      const rows = await data.latencies({ windowMs, at, perOperation: operation !== undefined, quantiles });
      const byService = groupBy(rows, (row) => row.service);
      for (const rule of some) answers.set(rule.id, { observations: observe(rule, byService, quantiles) });
    } catch (error) {
      for (const rule of some) answers.set(rule.id, { error });
    }
  }
  return answers;
};

function observe(
  { spec }: Rule<LatencySpec>,
  byService: ReadonlyMap<string, readonly LatencyRow[]>,
  quantiles: readonly number[],
): Observation[] {
  const which = quantiles.indexOf(spec.quantile);
  const isOperation = matcher(spec.operation);
  return rowsAt(spec, byService)
    .filter(({ operation }) => isOperation(operation))
    .map((row) => {
      const ms = row.quantilesMs[which] ?? Number.NaN;
      const { service, environment, operation } = row;
      return {
        labels: { service, environment, operation },
        // Seconds, as Prometheus has durations: `{{ $value | humanizeDuration }}`.
        value: ms / 1000,
        // Of no requests at all it is NaN, which is above nothing.
        breached: row.requests >= enough(spec) && ms > spec.above,
        words: () => wordsOf(spec, row, which),
      };
    });
}

function wordsOf(spec: LatencySpec, row: LatencyRow, which: number): Words {
  const { service, operation, requests } = row;
  const ms = row.quantilesMs[which] ?? Number.NaN;
  const who = `${service}${operation === '' ? '' : ` ${operation}`}`;
  const name = nameOf(spec.quantile);
  const versions = row.versions.map((one) => ({
    version: one.version,
    requests: one.requests,
    ms: one.quantilesMs[which] ?? Number.NaN,
  }));
  const slowestFirst = [...versions].sort((a, b) => b.ms - a.ms);
  const told = byVersion(slowestFirst.map((one) => ({ version: one.version, text: took(one.ms) })));
  return {
    title: `${who}: requests are slow`,
    sentence: `${who}: ${name} of requests is ${took(ms)} ${inBrackets(`${count(requests)} in ${span(spec.window)}`, told)}`,
    verdict:
      requests >= enough(spec)
        ? `${ms > spec.above ? 'above' : 'not above'} ${took(spec.above)}`
        : `too few requests to judge (${count(enough(spec))} needed)`,
    facts: {
      requests,
      quantile: spec.quantile,
      quantileMs: ms,
      windowMs: spec.window,
      aboveMs: spec.above,
      versions: Object.fromEntries(
        versions.map((one) => [one.version, { requests: one.requests, quantileMs: one.ms }]),
      ),
    },
  };
}
