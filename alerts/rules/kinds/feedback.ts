import { z } from 'zod';
import { groupBy } from '../../../src/lib/group-by.js';
import type { FeedbackCountRow } from '../../ports.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, countOrRatio, nameGlob, windowDuration } from '../schema.js';
import { byVersion, count, counted, inBrackets, percent, rough, span } from '../words.js';
import type { Kind } from './kind.js';
import { rowsAt, whereInWords } from './rows-at.js';

const schema = z
  .strictObject({
    kind: z.literal('feedback'),
    ...commonFields,
    service: nameGlob.default('*'),
    environment: nameGlob.optional(),
    /** Who is counted: all who spoke up, or who gave a rating of 1 or 2. A share is always that of the latter. */
    ratings: z.enum(['all', 'bad']).default('all'),
    above: countOrRatio,
    window: windowDuration.prefault('15m'),
    /** With fewer people who rate in the window a share says nothing. */
    minCount: z.number().int().min(1).default(5),
    /** A count must also be this many times what is usual (a day before the window, or 24 windows). */
    timesUsual: z.number().min(1).max(1000).optional(),
  })
  .refine(({ above, timesUsual }) => above.unit === 'count' || timesUsual === undefined, {
    path: ['timesUsual'],
    message: 'belongs to a count: with a share in `above` there is nothing to multiply',
  });
export type FeedbackSpec = z.output<typeof schema>;

const dayMs = 86_400_000;

/** How many people spoke up, or how many of them are unhappy. One who says it ten times is one. */
export const feedback: Kind<FeedbackSpec> = {
  name: 'feedback',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) => {
    const where = whereInWords(spec);
    if (spec.above.unit === '1') {
      return `more than ${percent(spec.above.value)} of the ratings${where} in ${span(spec.window)} are bad (of ${people(spec.minCount)} or more)`;
    }
    const usual = spec.timesUsual === undefined ? '' : `, and ${spec.timesUsual} times as many as usual`;
    const deed = spec.ratings === 'bad' ? 'give bad ratings' : 'speak up';
    return `more than ${people(spec.above.value)} ${deed}${where} in ${span(spec.window)}${usual}`;
  },
  threshold: ({ above }) => above,
  gone: ({ window }) => `No feedback in ${span(window)}`,
  ask: (rules, context) => askFeedback(rules, context),
};

function beforeMs({ window, timesUsual }: FeedbackSpec): number {
  return timesUsual === undefined ? 0 : Math.min(30 * dayMs, Math.max(dayMs, 24 * window));
}

const people = (amount: number): string => counted(amount, 'person', 'people');

/** One query for all rules of a window: feedback is little, and the time before it belongs to the same query. */
const askFeedback: Ask<FeedbackSpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  for (const [windowMs, some] of groupBy(rules, ({ spec }) => spec.window)) {
    const before = Math.max(...some.map(({ spec }) => beforeMs(spec)));
    try {
      const rows = await data.feedbackCounts({ windowMs, at, beforeMs: before });
      const byService = groupBy(rows, (row) => row.service);
      for (const rule of some) answers.set(rule.id, { observations: observe(rule, byService, before) });
    } catch (error) {
      for (const rule of some) answers.set(rule.id, { error });
    }
  }
  return answers;
};

interface Tally {
  readonly service: string;
  readonly environment: string;
  readonly rows: FeedbackCountRow[];
}

function observe(
  { spec }: Rule<FeedbackSpec>,
  byService: ReadonlyMap<string, readonly FeedbackCountRow[]>,
  before: number,
): Observation[] {
  const tallies = new Map<string, Tally>();
  for (const row of rowsAt(spec, byService)) {
    const { service, environment } = row;
    const key = JSON.stringify([service, environment]);
    const tally = tallies.get(key);
    if (tally) tally.rows.push(row);
    else tallies.set(key, { service, environment, rows: [row] });
  }
  return [...tallies.values()].map((tally) => judge(spec, tally, before));
}

function sum(rows: readonly FeedbackCountRow[], of: (row: FeedbackCountRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function judge(spec: FeedbackSpec, tally: Tally, before: number): Observation {
  const labels = { service: tally.service, environment: tally.environment };
  const rated = sum(tally.rows, (row) => row.rated);
  const bad = sum(tally.rows, (row) => row.bad);
  if (spec.above.unit === '1') {
    const value = rated === 0 ? 0 : bad / rated;
    const breached = rated >= spec.minCount && value > spec.above.value;
    return { labels, value, breached, words: () => shareWords(spec, tally, { rated, bad }) };
  }
  const onlyBad = spec.ratings === 'bad';
  const value = onlyBad ? bad : sum(tally.rows, (row) => row.people);
  const earlier = sum(tally.rows, (row) => (onlyBad ? row.badBefore : row.peopleBefore));
  const usual = before === 0 ? 0 : (earlier * spec.window) / before;
  const breached = value > spec.above.value && value >= (spec.timesUsual ?? 0) * usual;
  return { labels, value, breached, words: () => countWords(spec, tally, { value, usual, rated, bad }) };
}

function shareWords(
  spec: FeedbackSpec,
  { service, rows }: Tally,
  { rated, bad }: { readonly rated: number; readonly bad: number },
): Words {
  const value = rated === 0 ? 0 : bad / rated;
  const told = versions(rows, (row) => (row.rated === 0 ? undefined : percent(row.bad / row.rated)));
  const bound = `${value > spec.above.value ? 'above' : 'not above'} ${percent(spec.above.value)}`;
  return {
    title: `${service}: people rate it badly`,
    sentence: `${service}: ${percent(value)} of ratings are bad ${inBrackets(`${count(bad)} of ${people(rated)} in ${span(spec.window)}`, told)}`,
    verdict: rated >= spec.minCount ? bound : `too few to judge (${people(spec.minCount)} needed)`,
    facts: facts(spec, rows, { rated, bad }),
  };
}

function countWords(
  spec: FeedbackSpec,
  { service, rows }: Tally,
  numbers: { readonly value: number; readonly usual: number; readonly rated: number; readonly bad: number },
): Words {
  const { value, usual, rated, bad } = numbers;
  const onlyBad = spec.ratings === 'bad';
  const one = value === 1;
  const deed = onlyBad ? (one ? 'rates it badly' : 'rate it badly') : one ? 'speaks up' : 'speak up';
  const mood = onlyBad || rated === 0 ? '' : `, ${count(bad)} of the ${count(rated)} who rate it do so badly`;
  const told = versions(rows, (row) => count(onlyBad ? row.bad : row.people));
  const many = value > spec.above.value;
  const burst = spec.timesUsual === undefined || value >= spec.timesUsual * usual;
  return {
    title: onlyBad ? `${service}: people rate it badly` : `${service}: people speak up`,
    sentence: `${service}: ${people(value)} ${deed} ${inBrackets(`in ${span(spec.window)}${mood}`, told)}`,
    verdict: [
      `${many ? 'above' : 'not above'} ${count(spec.above.value)}`,
      ...(spec.timesUsual === undefined || !many
        ? []
        : [`${burst ? 'a burst' : 'no burst'}: ${rough(usual)} is usual`]),
    ].join(', '),
    facts: { ...facts(spec, rows, { rated, bad }), usual },
  };
}

function versions(
  rows: readonly FeedbackCountRow[],
  text: (row: FeedbackCountRow) => string | undefined,
): string {
  const said = rows.filter((row) => row.people > 0).sort((a, b) => b.people - a.people);
  return byVersion(
    said.flatMap((row) => {
      const words = text(row);
      return words === undefined ? [] : [{ version: row.version, text: words }];
    }),
  );
}

function facts(
  spec: FeedbackSpec,
  rows: readonly FeedbackCountRow[],
  { rated, bad }: { readonly rated: number; readonly bad: number },
): Words['facts'] {
  return {
    people: sum(rows, (row) => row.people),
    rated,
    bad,
    windowMs: spec.window,
    above: spec.above.value,
    versions: Object.fromEntries(
      rows.map((row) => [row.version, { people: row.people, rated: row.rated, bad: row.bad }]),
    ),
  };
}
