import { z } from 'zod';
import { groupBy } from '../../../src/lib/group-by.js';
import { absentSignals, type LastSeenRow } from '../../ports.js';
import type { Answer, Ask, Observation, Rule, Words } from '../rule.js';
import { commonFields, nameGlob, windowDuration } from '../schema.js';
import { about, span } from '../words.js';
import type { Kind } from './kind.js';
import { rowsAt, whoInWords } from './rows-at.js';

const schema = z
  .strictObject({
    kind: z.literal('absent'),
    ...commonFields,
    /** A service that is named, and not by a pattern, is missed even when it was never seen. */
    service: nameGlob.default('*'),
    environment: nameGlob.optional(),
    /** What should be there; without it anything will do. */
    signal: z.enum(absentSignals).optional(),
    /** How long nothing may come. Times are known to the minute. */
    window: windowDuration.refine((ms) => ms >= 60_000, { message: 'is shorter than 1m' }).prefault('10m'),
    /** Who was not there in this time before is not missed. */
    lookback: windowDuration.prefault('1d'),
    /** Who was heard of in fewer minutes of the lookback is not missed: a command that somebody ran. */
    minSeen: windowDuration.prefault('30m'),
    /** Only when it is silent for longer than it ever was in the lookback: for what comes now and then. */
    onlyUnusual: z.boolean().default(false),
  })
  .refine(({ window, lookback }) => lookback > window, {
    path: ['lookback'],
    message: 'must be longer than the window',
  });
export type AbsentSpec = z.output<typeof schema>;

/** A service, or one of its signals, that should be there and is not. */
export const absent: Kind<AbsentSpec> = {
  name: 'absent',
  schema,
  fields: Object.keys(schema.shape),
  describe: (spec) => {
    const before = isNamed(spec) ? '' : `, though there was in ${span(spec.lookback)} before`;
    const unusual = spec.onlyUnusual ? ', and it never paused for so long' : '';
    return `nothing${spec.signal === undefined ? '' : ` in ${spec.signal}`} from ${whoInWords(spec)} for ${span(spec.window)}${before}${unusual}`;
  },
  threshold: () => null,
  gone: ({ lookback }) => `It was not there for ${span(lookback)}, and is not missed any more`,
  ask: (rules, context) => askAbsent(rules, context),
};

function isNamed({ service }: AbsentSpec): boolean {
  return !/[*?]/.test(service);
}

/** One query for all rules of a lookback, whatever their windows: it says when each service was last heard of. */
const askAbsent: Ask<AbsentSpec> = async (rules, { data, at }) => {
  const answers = new Map<string, Answer>();
  for (const [lookbackMs, some] of groupBy(rules, ({ spec }) => spec.lookback)) {
    const wanted = new Set(some.flatMap(({ spec }) => spec.signal ?? absentSignals));
    const signals = absentSignals.filter((signal) => wanted.has(signal));
    try {
      const rows = await data.lastSeen({ at, lookbackMs, signals });
      const byService = groupBy(rows, (row) => row.service);
      for (const rule of some) answers.set(rule.id, { observations: observe(rule, byService, at) });
    } catch (error) {
      for (const rule of some) answers.set(rule.id, { error });
    }
  }
  return answers;
};

/** When something was last heard of a place, over the signals that are asked about. */
interface Heard {
  readonly service: string;
  readonly environment: string;
  /** Undefined: never in the lookback. */
  readonly lastAt: number | undefined;
  readonly minutes: number;
  /** 0: not known. */
  readonly longestPauseMs: number;
}

function observe(
  { spec }: Rule<AbsentSpec>,
  byService: ReadonlyMap<string, readonly LastSeenRow[]>,
  at: number,
): Observation[] {
  const places = new Map<string, Heard>();
  for (const row of rowsAt(spec, byService)) {
    if (spec.signal !== undefined && row.signal !== spec.signal) continue;
    const key = JSON.stringify([row.service, row.environment]);
    places.set(key, heard(places.get(key), row));
  }
  if (places.size === 0 && isNamed(spec)) {
    const environment = /[*?]/.test(spec.environment ?? '') ? '' : (spec.environment ?? '');
    places.set('', { service: spec.service, environment, lastAt: undefined, minutes: 0, longestPauseMs: 0 });
  }
  return [...places.values()]
    .filter(({ minutes }) => isNamed(spec) || minutes * 60_000 >= spec.minSeen)
    .map((place) => judge(spec, place, at));
}

function heard(known: Heard | undefined, row: LastSeenRow): Heard {
  const { service, environment, lastAt, minutes, longestPauseMs } = row;
  if (known === undefined) return { service, environment, lastAt, minutes, longestPauseMs };
  // What is silent in one signal may speak in another: the shortest of the longest pauses holds for all.
  const pauses = [known.longestPauseMs, longestPauseMs].filter((ms) => ms > 0);
  return {
    service,
    environment,
    lastAt: Math.max(known.lastAt ?? 0, lastAt),
    minutes: Math.max(known.minutes, minutes),
    longestPauseMs: pauses.length === 0 ? 0 : Math.min(...pauses),
  };
}

function judge(spec: AbsentSpec, place: Heard, at: number): Observation {
  const silentMs = place.lastAt === undefined ? spec.lookback : Math.max(0, at - place.lastAt);
  const usual = spec.onlyUnusual && silentMs <= place.longestPauseMs;
  const { service, environment } = place;
  return {
    labels: { service, environment, signal: spec.signal ?? '' },
    value: silentMs / 1000,
    breached: silentMs > spec.window && !usual,
    words: () => wordsOf(spec, place, { silentMs, usual }),
  };
}

function wordsOf(
  spec: AbsentSpec,
  { service, lastAt, longestPauseMs }: Heard,
  { silentMs, usual }: { readonly silentMs: number; readonly usual: boolean },
): Words {
  const what = spec.signal ?? 'signals';
  const before = longestPauseMs > 60_000 ? `, its longest pause before was ${about(longestPauseMs)}` : '';
  const silent =
    lastAt === undefined
      ? `${service}: no ${what} were seen in ${span(spec.lookback)}`
      : `${service}: no ${what} for ${about(silentMs)}${before}`;
  const missing = silentMs > spec.window;
  return {
    title: `${service}: ${spec.signal === undefined ? 'is silent' : `sends no ${what}`}`,
    sentence: missing
      ? silent
      : `${service}: ${what} are there, the last ${silentMs < 60_000 ? 'less than 1 min' : about(silentMs)} ago`,
    verdict: missing
      ? `${usual ? 'usual for it, though ' : ''}more than ${span(spec.window)}`
      : `not more than ${span(spec.window)}`,
    facts: {
      signal: spec.signal ?? null,
      lastAt: lastAt === undefined ? null : new Date(lastAt).toISOString(),
      silentMs,
      longestPauseMs,
      windowMs: spec.window,
      lookbackMs: spec.lookback,
    },
  };
}
