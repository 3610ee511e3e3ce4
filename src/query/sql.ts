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
  #count = 0;

  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  #add(type: string, value: unknown): string {
    const name = `p${this.#count++}`;
    this.#values[name] = value;
    return `{${name}:${type}}`;
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

  /** A DateTime64(9) from Unix milliseconds. */
  ms(value: number): string {
    return `fromUnixTimestamp64Milli(${this.int(Math.trunc(value))})`;
  }

  /** A DateTime64(9) from Unix nanoseconds as a decimal. */
  ns(value: bigint | string): string {
    return `fromUnixTimestamp64Nano(${this.int(value)})`;
  }

  /** `from <= column < to` for a DateTime64 column. */
  within(column: string, range: Range): string {
    return `${column} >= ${this.ms(range.fromMs)} AND ${column} < ${this.ms(range.toMs)}`;
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
