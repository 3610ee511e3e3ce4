import type { LogRecord } from '../../http/contract/telemetry.js';
import type { Clock } from '../../lib/clock.js';
import { Unavailable } from '../../lib/errors.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { searchOf, whereOf, type Search } from '../search/search.js';
import { logs } from '../search/target.js';
import { SqlParams } from '../sql.js';
import { recordColumns, recordOf, rowHash, type RecordRow } from './record.js';

/** New records, oldest first, and how many more arrived that did not fit the bound. */
export type Emit = (items: readonly LogRecord[], dropped: number) => void;

/** Follows a query until the returned function is called. Rejects with `BadInput` when the query is wrong. */
export type Tail = (query: string, emit: Emit) => Promise<() => void>;

const pollMs = 1000;
/** After a read that failed: the database may be away. */
const pauseMs = 5000;
/** Lines a poll: more than a person can read. */
const maxLines = 200;
/** Rows become visible in another order than they arrive, by as much as one insert takes. */
const overlapMs = 3000;
/** Lines that are older than this on arrival are not live. */
const maxAgeMs = 86_400_000;
/** Each tail is a query a second. */
const maxTails = 20;

/** Live tail by arrival (`IngestedAt`): a record's own time may be late or wrong. */
export function createTail(reader: TelemetryReader, clock: Clock): Tail {
  let running = 0;
  return async (query, emit) => {
    const search = searchOf(query);
    if (running >= maxTails) {
      throw new Unavailable('limit_exceeded', `${maxTails} live tails are open already: close one of them.`, {
        retryAfterSeconds: 10,
      });
    }
    running++;
    const stop = new AbortController();
    const follower = new Follower(reader, search, clock.now());
    // The first read says whether the query can be run at all (a regex that RE2 does not take).
    try {
      say(await follower.read(clock.now()), emit);
    } catch (error) {
      running--;
      throw error;
    }
    void follow(follower, { clock, emit, signal: stop.signal }).finally(() => running--);
    return () => stop.abort();
  };
}

async function follow(
  follower: Follower,
  { clock, emit, signal }: { clock: Clock; emit: Emit; signal: AbortSignal },
): Promise<void> {
  let waitMs = pollMs;
  while (!signal.aborted) {
    await clock.sleep(waitMs, signal);
    if (isAborted(signal)) return;
    try {
      const batch = await follower.read(clock.now());
      waitMs = pollMs;
      if (!isAborted(signal)) say(batch, emit);
    } catch {
      // Counted by the reader; the next poll reads on from the same place.
      waitMs = pauseMs;
    }
  }
}

function say({ items, dropped }: TailBatch, emit: Emit): void {
  if (items.length > 0 || dropped > 0) emit(items, dropped);
}

/** A function, because the signal changes while one waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

const recordKey = `concat(toString(toUnixTimestamp64Nano(Timestamp)), '.', toString(${rowHash}))`;

interface TailBatch {
  readonly items: readonly LogRecord[];
  readonly dropped: number;
}

type TailRow = RecordRow & { readonly arrived: number };

class Follower {
  readonly #reader: TelemetryReader;
  readonly #search: Search;
  /** The latest arrival that was seen, in Unix milliseconds. */
  #highMs: number;
  /** Nothing that arrived until then is read again: the start, or a flood of which the rest was dropped. */
  #floorMs: number;
  /** Records that were said and lie in the overlap, with their arrival. */
  #said = new Map<string, number>();

  constructor(reader: TelemetryReader, search: Search, now: number) {
    this.#reader = reader;
    this.#search = search;
    this.#highMs = now;
    this.#floorMs = now;
  }

  async read(now: number): Promise<TailBatch> {
    const fromMs = Math.max(this.#floorMs, this.#highMs - overlapMs);
    const params = new SqlParams();
    const where = this.#where(fromMs, now, params);
    const rows = await this.#reader.rows<TailRow>(
      `SELECT ${recordColumns}, toUnixTimestamp64Milli(IngestedAt) AS arrived FROM otel_logs
WHERE ${where} AND NOT has(${params.strings([...this.#said.keys()])}, ${recordKey})
ORDER BY IngestedAt DESC, Timestamp DESC LIMIT ${maxLines + 1}`,
      params.values,
    );
    const shown = rows.slice(0, maxLines).reverse();
    const highMs = Math.max(this.#highMs, ...rows.map(({ arrived }) => arrived));
    if (rows.length > maxLines) {
      // A flood: what did not fit is counted, not read again.
      const dropped = (await this.#count(fromMs, now)) - this.#said.size - maxLines;
      this.#said.clear();
      this.#highMs = highMs;
      this.#floorMs = highMs;
      return { items: shown.map(recordOf), dropped: Math.max(1, dropped) };
    }
    this.#highMs = highMs;
    for (const { ns, hash, arrived } of shown) this.#said.set(`${ns}.${hash}`, arrived);
    for (const [hash, arrived] of this.#said) if (arrived < highMs - overlapMs) this.#said.delete(hash);
    return { items: shown.map(recordOf), dropped: 0 };
  }

  async #count(fromMs: number, now: number): Promise<number> {
    const params = new SqlParams();
    const [row] = await this.#reader.rows<{ n: number }>(
      `SELECT count() AS n FROM otel_logs WHERE ${this.#where(fromMs, now, params)}`,
      params.values,
    );
    return row?.n ?? 0;
  }

  #where(fromMs: number, now: number, params: SqlParams): string {
    const day = params.withinNs(BigInt(now - maxAgeMs) * 1_000_000n, BigInt(now + maxAgeMs) * 1_000_000n);
    return `IngestedAt > fromUnixTimestamp64Milli(${params.int(fromMs)}) AND ${day}
  AND (${whereOf(this.#search, logs, params)})`;
  }
}
