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
  /** There must also be this many times as many as is usual: their share of its records in the day before. */
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
/** Every record: the query that is empty. */
const everything = '';
/** Searches an evaluation whose most common record is looked up. */
const maxTold = 20;

/** One question for all searches of a window; a search that several rules share is asked once. */
const askLogs: Ask<LogsSpec> = async (rules, context) => {
  const answers = new Map<string, Answer>();
  for (const [windowMs, some] of groupBy(rules, ({ spec }) => spec.window)) {
    const bySearch = groupBy(some, ({ spec }) => spec.search);
    try {
      const found = await context.data.logCounts({
        at: context.at,
        windowMs,
        searches: [...bySearch.keys()],
      });
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
          if (tallies.some(({ records }) => records > rule.spec.above)) many.push({ rule, tallies });
          else answers.set(rule.id, { observations: tallies.map((one) => judge(rule.spec, one, {})) });
        }
      }
      const more = await moreOf(many, { ...context, windowMs });
      for (const { rule, tallies } of many) {
        const observations = tallies.map((one) => judge(rule.spec, one, more(rule, one)));
        answers.set(rule.id, { observations });
      }
    } catch (error) {
      for (const rule of some) if (!answers.has(rule.id)) answers.set(rule.id, { error });
    }
  }
  return answers;
};

/** A rule that found more than its bound somewhere: now it matters what is usual, and what the records say. */
interface Many {
  readonly rule: Rule<LogsSpec>;
  readonly tallies: readonly Tally[];
}

interface More {
  /** How many records of so many would be usual; undefined when that is not known yet. */
  readonly usual?: number | undefined;
  /** The most common of them. */
  readonly body?: string | undefined;
}

interface Question {
  readonly data: RuleData;
  readonly at: number;
  readonly windowMs: number;
}

async function moreOf(
  many: readonly Many[],
  question: Question,
): Promise<(rule: Rule<LogsSpec>, one: Tally) => More> {
  if (many.length === 0) return () => ({});
  const bursts = many.filter(({ rule }) => rule.spec.timesUsual !== undefined);
  const usual = bursts.length === 0 ? () => undefined : await usualOf(bursts, question);
  const bodies = await bodiesOf(many, question);
  return (rule, one) => ({ usual: usual(rule, one), body: bodies.get(rule.spec.search)?.get(placeOf(one)) });
}

/**
 * How many records are usual at a place: their share of all its records in the day before, of as many as it has
 * now. So twice the errors at twice the load are no burst. The day is asked about only for searches that found
 * many. Undefined where there were less than twice as many records before as there are now: a new service.
 */
async function usualOf(
  many: readonly Many[],
  { data, at, windowMs }: Question,
): Promise<(rule: Rule<LogsSpec>, one: Tally) => number | undefined> {
  const searches = [...new Set([everything, ...many.map(({ rule }) => rule.spec.search)])];
  const all = await data.logCounts({ windowMs, at, searches: [everything] });
  const before = await data.logCounts({ windowMs: beforeMs, at: at - windowMs, searches });
  const counts = (
    rule: Rule<LogsSpec>,
    rows: readonly LogCountRow[] | Error | undefined,
  ): Map<string, number> => {
    const known = rows === undefined || rows instanceof Error ? [] : rows;
    const tallies = tally(
      rule,
      groupBy(known, (row) => row.service),
    );
    return new Map(tallies.map((one) => [placeOf(one), one.records]));
  };
  const byRule = new Map(
    many.map(({ rule }) => [
      rule.id,
      {
        now: counts(rule, all.get(everything)),
        allBefore: counts(rule, before.get(everything)),
        before: counts(rule, before.get(rule.spec.search)),
      },
    ]),
  );
  return (rule, one) => {
    const place = placeOf(one);
    const known = byRule.get(rule.id);
    const [now, then] = [known?.now.get(place) ?? 0, known?.allBefore.get(place) ?? 0];
    return known === undefined || then < 2 * now ? undefined : ((known.before.get(place) ?? 0) * now) / then;
  };
}

/** An alert does not depend on what its records say: who cannot be asked leaves that out. */
async function bodiesOf(
  many: readonly Many[],
  { data, at, windowMs }: Question,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const searches = new Set(many.map(({ rule }) => rule.spec.search));
  const bodies = new Map<string, ReadonlyMap<string, string>>();
  for (const search of [...searches].slice(0, maxTold)) {
    const rows = await data.commonLogs({ windowMs, at, search }).catch(() => []);
    bodies.set(search, new Map(rows.map((row) => [placeOf(row), withoutIds(row.body)])));
  }
  return bodies;
}

interface Tally {
  readonly service: string;
  readonly environment: string;
  records: number;
  readonly versions: Map<string, number>;
  readonly services: Map<string, number>;
}

function placeOf({
  service,
  environment,
}: {
  readonly service: string;
  readonly environment: string;
}): string {
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

function judge(spec: LogsSpec, one: Tally, more: More): Observation {
  const { usual } = more;
  const isBurst =
    spec.timesUsual === undefined || usual === undefined || one.records >= spec.timesUsual * usual;
  return {
    labels: { service: one.service, environment: one.environment },
    value: one.records,
    breached: one.records > spec.above && isBurst,
    words: () => wordsOf(spec, one, { ...more, isBurst }),
  };
}

function wordsOf(
  spec: LogsSpec,
  { service, records, versions, services }: Tally,
  { usual, body, isBurst }: More & { readonly isBurst: boolean },
): Words {
  const who = service === '' ? mostOf(services) : service;
  const split = service === '' ? services : versions;
  const told = byVersion(inOrder(split).map(([version, amount]) => ({ version, text: count(amount) })));
  const lines = `${count(records)} log ${records === 1 ? 'record matches' : 'records match'}`;
  const most = body === undefined ? '' : `, most often ${JSON.stringify(short(body, maxBody))}`;
  return {
    title: `${who}: ${body === undefined ? `logs match ${short(spec.search)}` : short(body)}`,
    sentence: `${who}: ${lines} ${short(spec.search)} ${inBrackets(`in ${span(spec.window)}`, told)}${most}`,
    verdict: `${records > spec.above ? 'above' : 'not above'} ${count(spec.above)}${burstWords(spec, records, { usual, isBurst })}`,
    facts: {
      records,
      search: spec.search,
      windowMs: spec.window,
      above: spec.above,
      ...(usual === undefined ? {} : { usual }),
      ...(body === undefined ? {} : { mostOften: body }),
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
  return `, ${isBurst ? 'a burst' : 'no burst'}: ${rough(usual)} would be usual`;
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

const maxBody = 160;

/** A record says when it was and of which trace at its beginning, where a person looks for what happened. */
function withoutIds(body: string): string {
  const told = body
    .replace(/^[[(]?(?:\d{4}-\d{2}-\d{2}[T ]?)?\d{2}:\d{2}:\d{2}[^\s\])]*[\])]?\s+/, '')
    .replace(/\b(?:trace|span)[ _-]?id["']?\s*[:=]\s*\S+\s*/gi, '')
    .trim();
  return told === '' ? body : told;
}

/** A search or a record as it fits into a sentence; the facts have all of it. */
function short(text: string, max = 80): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
