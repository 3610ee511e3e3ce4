import { z } from 'zod';
import type { Labels } from '../../../src/model/alerts.js';
import { groupBy } from '../../../src/lib/group-by.js';
import type { ErrorRatioRow } from '../../ports.js';
import { matcher } from '../glob.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, nameGlob, ratio, windowDuration } from '../schema.js';
import { byVersion, count, inBrackets, percent, span } from '../words.js';
import type { Kind } from './kind.js';
import { requestsInWords, rowsAt } from './rows-at.js';

const schema = z.strictObject({
  kind: z.literal('errors'),
  ...commonFields,
  service: nameGlob.default('*'),
  environment: nameGlob.optional(),
  /** With it, each operation (span name) that matches has its own alert; without, each service has one. */
  operation: nameGlob.optional(),
  above: ratio,
  window: windowDuration.prefault('5m'),
  /** Below this many requests in the window a ratio says nothing. */
  minRequests: z.number().int().min(1).default(20),
});
export type ErrorsSpec = z.output<typeof schema>;

/** The share of requests that failed, from spans. */
export const errors: Kind<ErrorsSpec> = {
  name: 'errors',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) =>
    `more than ${percent(spec.above)} of ${requestsInWords(spec)} fail in ${span(spec.window)} (${count(spec.minRequests)} requests or more)`,
  threshold: ({ above }) => ({ value: above, unit: '1' }),
  gone: ({ window }) => `No request in ${span(window)}`,
  ask: (rules, context) => askErrors(rules, context),
};

/** One query for all rules of a window, however many they are (a query costs more than its rows). */
const askErrors: Ask<ErrorsSpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  const windows = groupBy(rules, ({ spec }) => spec.window);
  for (const [windowMs, some] of windows) {
    const perOperation = some.some(({ spec }) => spec.operation !== undefined);
    try {
      const rows = await data.errorRatios({ windowMs, at, perOperation });
      const byService = groupBy(rows, (row) => row.service);
      for (const rule of some) answers.set(rule.id, { observations: observe(rule, byService) });
    } catch (error) {
      for (const rule of some) answers.set(rule.id, { error });
    }
  }
  return answers;
};

interface Tally {
  readonly labels: Labels;
  requests: number;
  errors: number;
  readonly versions: Map<string, { requests: number; errors: number }>;
}

function observe(
  { spec }: Rule<ErrorsSpec>,
  byService: ReadonlyMap<string, readonly ErrorRatioRow[]>,
): Observation[] {
  const isOperation = matcher(spec.operation);
  const tallies = new Map<string, Tally>();
  for (const row of rowsAt(spec, byService)) {
    if (!isOperation(row.operation)) continue;
    const operation = spec.operation === undefined ? '' : row.operation;
    const key = JSON.stringify([row.service, row.environment, operation]);
    let tally = tallies.get(key);
    if (!tally) {
      const labels = { service: row.service, environment: row.environment, operation };
      tallies.set(key, (tally = { labels, requests: 0, errors: 0, versions: new Map() }));
    }
    add(tally, row);
  }
  return [...tallies.values()].map((tally) => judge(spec, tally));
}

function add(tally: Tally, row: ErrorRatioRow): void {
  tally.requests += row.requests;
  tally.errors += row.errors;
  const version = tally.versions.get(row.version) ?? { requests: 0, errors: 0 };
  version.requests += row.requests;
  version.errors += row.errors;
  tally.versions.set(row.version, version);
}

function judge(spec: ErrorsSpec, tally: Tally): Observation {
  const { labels, requests, errors: failed } = tally;
  const value = requests === 0 ? 0 : failed / requests;
  const breached = requests >= spec.minRequests && value > spec.above;
  return { labels, value, breached, words: () => wordsOf(spec, tally) };
}

function wordsOf(spec: ErrorsSpec, { labels, requests, errors: failed, versions }: Tally): Words {
  const value = requests === 0 ? 0 : failed / requests;
  const operation = labels['operation'] ?? '';
  const who = `${labels['service'] ?? ''}${operation === '' ? '' : ` ${operation}`}`;
  const told = byVersion(
    [...versions]
      .map(([version, tally]) => ({ version, share: tally.errors / Math.max(1, tally.requests) }))
      .sort((a, b) => b.share - a.share)
      .map(({ version, share }) => ({ version, text: percent(share) })),
  );
  const bound = `${value > spec.above ? 'above' : 'not above'} ${percent(spec.above)}`;
  return {
    title: `${who}: requests fail`,
    sentence: `${who}: ${percent(value)} of requests fail ${inBrackets(`${count(failed)} of ${count(requests)} in ${span(spec.window)}`, told)}`,
    verdict:
      requests >= spec.minRequests ? bound : `too few requests to judge (${count(spec.minRequests)} needed)`,
    facts: {
      requests,
      errors: failed,
      windowMs: spec.window,
      above: spec.above,
      versions: Object.fromEntries(versions),
    },
  };
}
