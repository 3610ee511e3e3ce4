import type { Range } from './time-range.js';

/** A piece of SQL and the values that it refers to by name. */
export interface Sql {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Collects a statement's values: user text reaches ClickHouse only as typed parameters (`{p0:String}`), never
 * inside the text.
 */
export class SqlParams {
  readonly #values: Record<string, unknown> = {};
  /** A value that is used twice is one parameter: each costs half a millisecond in the embedded engine. */
  readonly #names = new Map<string, string>();
  #count = 0;

  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  #add(type: string, value: unknown): string {
    // JSON has no NaN and no infinity.
    const key = `${type} ${typeof value === 'number' ? String(value) : JSON.stringify(value)}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `p${this.#count++}`;
    this.#values[name] = value;
    const reference = `{${name}:${type}}`;
    this.#names.set(key, reference);
    return reference;
  }

  string(value: string): string {
    return this.#add('String', value);
  }

  strings(values: readonly string[]): string {
    return this.#add('Array(String)', [...values]);
  }

  float(value: number): string {
    return this.#add('Float64', value);
  }

  int(value: number | bigint | string): string {
    return this.#add('Int64', String(value));
  }

  /** `value` is decimal and at most 2^64 - 1. */
  uint(value: number | bigint | string): string {
    return this.#add('UInt64', String(value));
  }

  /** A DateTime64(9) from Unix nanoseconds as a decimal. */
  ns(value: bigint | string): string {
    return `fromUnixTimestamp64Nano(${this.int(value)})`;
  }

  /** `from <= Timestamp < to` for the tables that are sorted by toStartOfFiveMinutes(Timestamp). */
  within(range: Range): string {
    const ns = (ms: number): bigint => BigInt(Math.trunc(ms)) * 1_000_000n;
    return this.withinNs(ns(range.fromMs), ns(range.toMs));
  }

  /** The same in Unix nanoseconds. Without its second line the primary key is not used (ClickHouse 26.7). */
  withinNs(fromNs: bigint, toNs: bigint): string {
    const from = this.ns(fromNs);
    const to = this.ns(toNs);
    return `Timestamp >= ${from} AND Timestamp < ${to}
  AND toStartOfFiveMinutes(Timestamp) >= toStartOfFiveMinutes(${from}) AND toStartOfFiveMinutes(Timestamp) <= toStartOfFiveMinutes(${to})`;
  }

  /** The minutes (DateTime) that begin in the range. */
  minutesWithin(column: string, range: Range): string {
    const seconds = (ms: number): string => `toDateTime(${this.int(Math.ceil(ms / 1000))})`;
    return `${column} >= ${seconds(range.fromMs)} AND ${column} < ${seconds(range.toMs)}`;
  }
}

/** The bucket of a DateTime64 or DateTime expression on a grid, counted from 0. */
export function bucketOf(milliseconds: string, grid: { fromMs: number; stepMs: number }): string {
  // Numbers of our own: not user text.
  return `intDiv(${milliseconds} - ${Math.trunc(grid.fromMs)}, ${Math.trunc(grid.stepMs)})`;
}

/**
 * Whether the regex (RE2) is found. The second part is a constant that is worked out before any row is read, so
 * that a regex that RE2 does not take is an error even where no row would have been asked.
 */
export function matchSql(value: string, regex: string, params: SqlParams): string {
  const name = params.string(regex);
  return `(match(${value}, ${name}) AND match('', ${name}) IN (0, 1))`;
}
