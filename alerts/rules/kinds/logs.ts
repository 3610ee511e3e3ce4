import { z } from 'zod';
import { groupBy } from '../../../src/lib/group-by.js';
import type { LogCountRow, RuleData } from '../../ports.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, nameGlob, searchText, wholeCount, windowDuration } from '../schema.js';
import { byVersion, count, inBrackets, rough, span } from '../words.js';
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
  /** There must also be this many times as many as is usual: the mean of such windows in the day before. */
  timesUsual: z.number().min(1).max(1000).optional(),
});
export type LogsSpec = z.output<typeof schema>;

/** How many log records a search finds. */
export const logs: Kind<LogsSpec> = {
  name: 'logs',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) =>
    `more than ${count(spec.above)} log records${whereInWords(spec)} match ${spec.search} in ${span(spec.window)}${spec.perService ? '' : ', all services together'}${spec.timesUsual === undefined ? '' : `, and ${spec.timesUsual} times as many as usual`}`,
  threshold: ({ above }) => ({ value: above, unit: 'count' }),
  gone: ({ search, window }) => `No log record matches ${short(search)} in ${span(window)}`,
  ask: (rules, context) => askLogs(rules, context),
};

/** What is usual is looked for in this time before the window. */
const beforeMs = 86_400_000;

/** One question for all searches of a window; a search that several rules share is asked once. */
const askLogs: Ask<LogsSpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  for (const [windowMs, some] of groupBy(rules, ({ spec }) => spec.window)) {
    const bySearch = groupBy(some, ({ spec }) => spec.search);
    try {
      const found = await data.logCounts({ windowMs, at, searches: [...bySearch.keys()] });
      const many: Many[] = [];
      for (const [search, same] of bySearch) {
        const rows = found.get(search) ?? [];
        if (rows instanceof Error) {
          for (const rule of same) answers.set(rule.id, { error: rows });
          continue;
        }
        const byService = groupBy(rows, (row) => row.service);
        for (const rule of same) {
          const tallies = tally(rule, byService);
          const isMany = tallies.some(({ records }) => records > rule.spec.above);
          if (rule.spec.timesUsual !== undefined && isMany) many.push({ rule, tallies });
          else answers.set(rule.id, { observations: tallies.map((one) => judge(rule.spec, one, undefined)) });
        }
      }
      if (many.length > 0) {
        const usual = await usualOf(many, { data, at: at - windowMs });
        for (const { rule, tallies } of many) {
          const observations = tallies.map((one) => judge(rule.spec, one, usual(rule, one)));
          answers.set(rule.id, { observations });
        }
      }
    } catch (error) {
      for (const rule of some) if (!answers.has(rule.id)) answers.set(rule.id, { error });
    }
  }
  return answers;
};

/** A rule that found more than its bound somewhere: now what is usual matters. */
interface Many {
  readonly rule: Rule<LogsSpec>;
  readonly tallies: readonly Tally[];
}

type UsualOf = (rule: Rule<LogsSpec>, tally: Tally) => number | undefined;

/**
 * How many records a window is usual before `at`. The day is asked about only for searches that found many now,
 * and counts as long as there were records at all: who began an hour ago is judged by that hour. Undefined: there
 * is not yet a time like two windows to look at, or the day could not be searched.
 */
async function usualOf(
  many: readonly Many[],
  { data, at }: { data: RuleData; at: number },
): Promise<UsualOf> {
  const windowMs = many[0]?.rule.spec.window ?? 0;
  const first = await data.firstLog({ windowMs: beforeMs, at });
  const lasted = first === undefined ? 0 : at - first;
  if (lasted < 2 * windowMs) return () => undefined;
  const searches = [...new Set(many.map(({ rule }) => rule.spec.search))];
  const before = await data.logCounts({ windowMs: beforeMs, at, searches });
  const byRule = new Map(
    many.map(({ rule }) => {
      const rows = before.get(rule.spec.search) ?? [];
      const tallies =
        rows instanceof Error
          ? undefined
          : tally(
              rule,
              groupBy(rows, (row) => row.service),
            );
      return [rule.id, tallies && new Map(tallies.map((one) => [placeOf(one), one.records]))];
    }),
  );
  return (rule, one) => {
    const records = byRule.get(rule.id);
    return records && ((records.get(placeOf(one)) ?? 0) * windowMs) / lasted;
  };
}

interface Tally {
  readonly service: string;
  readonly environment: string;
  records: number;
  readonly versions: Map<string, number>;
  readonly services: Map<string, number>;
}

function placeOf({ service, environment }: Tally): string {
  return JSON.stringify([service, environment]);
}

function tally({ spec }: Rule<LogsSpec>, byService: ReadonlyMap<string, readonly LogCountRow[]>): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { service: from, environment, version, records } of rowsAt(spec, byService)) {
    const service = spec.perService ? from : '';
    const fresh: Tally = { service, environment, records: 0, versions: new Map(), services: new Map() };
    const one = tallies.get(placeOf(fresh)) ?? fresh;
    tallies.set(placeOf(one), one);
    one.records += records;
    one.versions.set(version, (one.versions.get(version) ?? 0) + records);
    one.services.set(from, (one.services.get(from) ?? 0) + records);
  }
  return [...tallies.values()];
}

function judge(spec: LogsSpec, one: Tally, usual: number | undefined): Observation {
  const isBurst =
    spec.timesUsual === undefined || usual === undefined || one.records >= spec.timesUsual * usual;
  return {
    labels: { service: one.service, environment: one.environment },
    value: one.records,
    breached: one.records > spec.above && isBurst,
    words: () => wordsOf(spec, one, { usual, isBurst }),
  };
}

function wordsOf(
  spec: LogsSpec,
  { service, records, versions, services }: Tally,
  { usual, isBurst }: { readonly usual: number | undefined; readonly isBurst: boolean },
): Words {
  const who = service === '' ? mostOf(services) : service;
  const split = service === '' ? services : versions;
  const told = byVersion(inOrder(split).map(([version, amount]) => ({ version, text: count(amount) })));
  const lines = `${count(records)} log ${records === 1 ? 'record matches' : 'records match'}`;
  return {
    title: `${who}: logs match ${short(spec.search)}`,
    sentence: `${who}: ${lines} ${short(spec.search)} ${inBrackets(`in ${span(spec.window)}`, told)}`,
    verdict: `${records > spec.above ? 'above' : 'not above'} ${count(spec.above)}${burstWords(spec, records, { usual, isBurst })}`,
    facts: {
      records,
      search: spec.search,
      windowMs: spec.window,
      above: spec.above,
      ...(usual === undefined ? {} : { usual }),
      versions: Object.fromEntries([...versions].map(([version, amount]) => [version, { records: amount }])),
      ...(service === '' ? { services: Object.fromEntries(inOrder(services).slice(0, 50)) } : {}),
    },
  };
}

function burstWords(
  spec: LogsSpec,
  records: number,
  { usual, isBurst }: { readonly usual: number | undefined; readonly isBurst: boolean },
): string {
  if (spec.timesUsual === undefined || records <= spec.above) return '';
  if (usual === undefined) return ', what is usual is not known yet';
  return `, ${isBurst ? 'a burst' : 'no burst'}: ${rough(usual)} is usual`;
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
