import { z } from 'zod';
import { groupBy } from '../../../src/lib/group-by.js';
import type { LogCountRow } from '../../ports.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, nameGlob, searchText, wholeCount, windowDuration } from '../schema.js';
import { byVersion, count, inBrackets, span } from '../words.js';
import type { Kind } from './kind.js';
import { rowsAt, whereInWords } from './rows-at.js';

const schema = z.strictObject({
  kind: z.literal('logs'),
  ...commonFields,
  /** In the language of the log search, e.g. `level:error "out of memory"`. */
  search: searchText,
  service: nameGlob.default('*'),
  environment: nameGlob.optional(),
  /** Without it all services together have one alert an environment. */
  perService: z.boolean().default(true),
  above: wholeCount,
  window: windowDuration.prefault('5m'),
});
export type LogsSpec = z.output<typeof schema>;

/** How many log records a search finds. */
export const logs: Kind<LogsSpec> = {
  name: 'logs',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) =>
    `more than ${count(spec.above)} log records${whereInWords(spec)} match ${spec.search} in ${span(spec.window)}${spec.perService ? '' : ', all services together'}`,
  threshold: ({ above }) => ({ value: above, unit: 'count' }),
  gone: ({ search, window }) => `No log record matches ${short(search)} in ${span(window)}`,
  ask: (rules, context) => askLogs(rules, context),
};

/** One question for all searches of a window; a search that several rules share is asked once. */
const askLogs: Ask<LogsSpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  for (const [windowMs, some] of groupBy(rules, ({ spec }) => spec.window)) {
    const bySearch = groupBy(some, ({ spec }) => spec.search);
    try {
      const found = await data.logCounts({ windowMs, at, searches: [...bySearch.keys()] });
      for (const [search, same] of bySearch) {
        const rows = found.get(search) ?? [];
        if (rows instanceof Error) {
          for (const rule of same) answers.set(rule.id, { error: rows });
          continue;
        }
        const byService = groupBy(rows, (row) => row.service);
        for (const rule of same) answers.set(rule.id, { observations: observe(rule, byService) });
      }
    } catch (error) {
      for (const rule of some) answers.set(rule.id, { error });
    }
  }
  return answers;
};

interface Tally {
  readonly service: string;
  readonly environment: string;
  records: number;
  readonly versions: Map<string, number>;
  readonly services: Map<string, number>;
}

function observe(
  { spec }: Rule<LogsSpec>,
  byService: ReadonlyMap<string, readonly LogCountRow[]>,
): Observation[] {
  const tallies = new Map<string, Tally>();
  for (const { service: from, environment, version, records } of rowsAt(spec, byService)) {
    const service = spec.perService ? from : '';
    const key = JSON.stringify([service, environment]);
    let tally = tallies.get(key);
    if (!tally) {
      tally = { service, environment, records: 0, versions: new Map(), services: new Map() };
      tallies.set(key, tally);
    }
    tally.records += records;
    tally.versions.set(version, (tally.versions.get(version) ?? 0) + records);
    tally.services.set(from, (tally.services.get(from) ?? 0) + records);
  }
  return [...tallies.values()].map((tally) => ({
    labels: { service: tally.service, environment: tally.environment },
    value: tally.records,
    breached: tally.records > spec.above,
    words: () => wordsOf(spec, tally),
  }));
}

function wordsOf(spec: LogsSpec, { service, records, versions, services }: Tally): Words {
  const who = service === '' ? mostOf(services) : service;
  const split = service === '' ? services : versions;
  const told = byVersion(inOrder(split).map(([version, amount]) => ({ version, text: count(amount) })));
  const lines = `${count(records)} log ${records === 1 ? 'record matches' : 'records match'}`;
  return {
    title: `${who}: logs match ${short(spec.search)}`,
    sentence: `${who}: ${lines} ${short(spec.search)} ${inBrackets(`in ${span(spec.window)}`, told)}`,
    verdict: `${records > spec.above ? 'above' : 'not above'} ${count(spec.above)}`,
    facts: {
      records,
      search: spec.search,
      windowMs: spec.window,
      above: spec.above,
      versions: Object.fromEntries([...versions].map(([version, amount]) => [version, { records: amount }])),
      ...(service === '' ? { services: Object.fromEntries(inOrder(services).slice(0, 50)) } : {}),
    },
  };
}

function inOrder(amounts: ReadonlyMap<string, number>): [string, number][] {
  return [...amounts].sort(([, a], [, b]) => b - a);
}

/** Of many services the one with most. */
function mostOf(services: ReadonlyMap<string, number>): string {
  const [first] = inOrder(services);
  const name = first?.[0] ?? '';
  return services.size > 1 ? `${name} and ${count(services.size - 1)} more` : name;
}

/** A search as it fits into a sentence; the rule and the facts have all of it. */
function short(search: string): string {
  const line = search.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
