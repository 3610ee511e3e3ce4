import { severityBands, severityTexts } from '../../model/severity.js';
import { matchSql, type SqlParams } from '../sql.js';
import { refuse } from './scanner.js';
import type { AttributePlace } from './target.js';
import type { Quantity, Test } from './tree.js';

/** A whole value: equal, like a pattern from its start to its end, or with a regex found in it. */
export function wordTest(sql: string, test: Test, params: SqlParams): string {
  switch (test.type) {
    case 'is':
      return `${sql} = ${params.string(test.value)}`;
    case 'like':
      return `${sql} LIKE ${params.string(likePattern(test.parts))}`;
    case 'matches':
      return matchSql(sql, test.regex, params);
    case 'exists':
      return `${sql} != ''`;
    case 'compare':
      return `ifNull(toFloat64OrNull(${sql}) ${test.op} ${params.float(valueOf(test.bound.quantity))}, 0)`;
  }
}

function likePattern(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[\\%_]/g, '\\$&')).join('%');
}

function valueOf(quantity: Quantity | undefined): number {
  return quantity?.value ?? Number.NaN;
}

/** Hashes are names of 64 bits: only the very same decimal matches. */
export function idTest(sql: string, test: Test, params: SqlParams): string {
  switch (test.type) {
    case 'exists':
      return `${sql} != 0`;
    case 'is': {
      const valid = /^\d{1,20}$/.test(test.value) && BigInt(test.value) < 2n ** 64n;
      return valid ? `${sql} = ${params.uint(BigInt(test.value))}` : '0';
    }
    case 'like':
    case 'matches':
      return wordTest(`toString(${sql})`, test, params);
    case 'compare':
      return '0';
  }
}

/** Any element of an Array(String). */
export function listTest(sql: string, test: Test, params: SqlParams): string {
  if (test.type === 'exists') return `notEmpty(${sql})`;
  return `arrayExists(x -> ${wordTest('x', test, params)}, ${sql})`;
}

/** A column of nanoseconds. A number without a unit counts milliseconds, as people speak of requests. */
export function quantityTest(
  sql: string,
  { test, field, at }: { test: Test; field: string; at: number },
  params: SqlParams,
): string {
  if (test.type === 'exists') return '1';
  if (test.type !== 'compare') throw refuse(`${field} is compared with a duration: ${field}>250ms.`, at);
  const { unit, value } = test.bound.quantity ?? { unit: 'none', value: Number.NaN };
  if (unit === 'bytes') throw refuse(`${field} is a duration, not a size: write ${field}>250ms.`, at);
  return `${sql} ${test.op} ${params.float(unit === 'none' ? value * 1e6 : value)}`;
}

const bandNumbers = new Map<string, { readonly from: number; readonly to: number }>([
  ...Object.entries(severityTexts).map(([text, number]) => [text, { from: number, to: number }] as const),
  ...severityBands.map((band) => [band.name, band] as const),
]);
const bandAliases: Readonly<Record<string, string>> = { err: 'error', warning: 'warn', information: 'info' };

/** The number of a record's severity; of its text when the sender gave no number. `text`: the column. */
export function severityNumberSql(text: string | undefined): string {
  if (text === undefined) return 'SeverityNumber';
  // A closed table of ours, not user text.
  const texts = Object.keys(severityTexts).map((key) => `'${key}'`);
  const numbers = Object.values(severityTexts).map(String);
  return `if(SeverityNumber != 0, SeverityNumber, transform(lower(${text}), [${texts.join(', ')}], [${numbers.join(', ')}], 0))`;
}

/** `level:error` is a band, `level>=warn` this band and those above, `level:17` the very number. */
export function severityTest(
  text: string | undefined,
  { test, at }: { test: Test; at: number },
  params: SqlParams,
): string | undefined {
  const number = severityNumberSql(text);
  switch (test.type) {
    case 'exists':
      return `${number} != 0`;
    case 'is': {
      const band = bandFor(test.value);
      if (band?.from === band?.to && band !== undefined) return `${number} = ${band.from}`;
      if (band) return `${number} BETWEEN ${band.from} AND ${band.to}`;
      return text === undefined ? undefined : `lower(${text}) = ${params.string(test.value.toLowerCase())}`;
    }
    case 'compare': {
      const band = bandFor(test.bound.text);
      if (!band) {
        throw refuse(
          `"${test.bound.text}" is no level: use trace, debug, info, warn, error, fatal or 1 to 24.`,
          at,
        );
      }
      const limit = test.op === '>' || test.op === '<=' ? band.to : band.from;
      return `${number} ${test.op} ${limit} AND ${number} != 0`;
    }
    case 'like':
    case 'matches':
      if (text === undefined) return undefined;
      return test.type === 'like'
        ? wordTest(`lower(${text})`, { ...test, parts: test.parts.map((part) => part.toLowerCase()) }, params)
        : wordTest(text, test, params);
  }
}

function bandFor(value: string): { readonly from: number; readonly to: number } | undefined {
  const lower = value.toLowerCase();
  if (/^\d{1,2}$/.test(lower)) return { from: Number(lower), to: Number(lower) };
  return bandNumbers.get(bandAliases[lower] ?? lower);
}

/** One key of a map; the key's presence lets the bloom index over keys skip what never had it. */
export function attributeTest(place: AttributePlace, test: Test, params: SqlParams): string {
  if (place.list === true) {
    const one = attributeTest({ map: 'x', key: place.key }, test, params);
    return `arrayExists(x -> ${one}, ${place.map})`;
  }
  const { map, key } = place;
  const name = params.string(key);
  const value = `${map}[${name}]`;
  const present = `mapContains(${map}, ${name})`;
  switch (test.type) {
    case 'exists':
      return present;
    case 'is':
      // A missing key reads as an empty text.
      return test.value === ''
        ? `${present} AND ${wordTest(value, test, params)}`
        : wordTest(value, test, params);
    case 'like':
    case 'matches':
      return `${present} AND ${wordTest(value, test, params)}`;
    case 'compare': {
      const { unit, value: bound } = test.bound.quantity ?? { unit: 'none', value: Number.NaN };
      const number = unit === 'none' ? `toFloat64OrNull(${value})` : withUnit(value, unit, key, params);
      return `${present} AND ifNull(${number} ${test.op} ${params.float(bound)}, 0)`;
    }
  }
}

const timeUnits = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9, d: 86_400e9 };
const sizeUnits = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * An attribute in nanoseconds or bytes: by the unit that its value carries (`1.5s`), else by the one that its
 * name ends with (`_ms`, `.seconds`, `_kb`), else milliseconds and bytes.
 */
function withUnit(value: string, unit: 'duration' | 'bytes', key: string, params: SqlParams): string {
  const units = unit === 'duration' ? timeUnits : sizeUnits;
  const names = Object.keys(units).map((name) => `'${name}'`);
  const factors = Object.values(units).map((factor) => `toFloat64(${factor})`);
  const form = params.string('^\\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*[a-zA-Zµμ]{0,3}\\s*$');
  const suffix = params.string('([a-zA-Zµμ]*)\\s*$');
  const unitOf = `${unit === 'duration' ? '' : 'lower'}(extract(${value}, ${suffix}))`;
  const factor = `transform(${unitOf}, ['', ${names.join(', ')}], [toFloat64(${params.float(unitOfName(key, unit))}), ${factors.join(', ')}], nan)`;
  return `toFloat64OrNull(extract(${value}, ${form})) * ${factor}`;
}

function unitOfName(key: string, unit: 'duration' | 'bytes'): number {
  const name = /(?:[._-]|(?<=[a-z])(?=[A-Z]))([a-zA-Z]+)$/.exec(key)?.[1]?.toLowerCase() ?? '';
  if (unit === 'bytes') return new Map(Object.entries(sizeUnits)).get(name) ?? 1;
  const long: Readonly<Record<string, number>> = {
    nanos: 1,
    nanoseconds: 1,
    micros: 1e3,
    microseconds: 1e3,
    millis: 1e6,
    milliseconds: 1e6,
    sec: 1e9,
    secs: 1e9,
    seconds: 1e9,
    minutes: 60e9,
    ns: 1,
    us: 1e3,
    ms: 1e6,
    s: 1e9,
  };
  return Object.hasOwn(long, name) ? (long[name] ?? 1e6) : 1e6;
}
