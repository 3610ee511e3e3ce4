import { Unavailable } from '../../lib/errors.js';
import { boundedSql } from './bounded-sql.js';
import { readError, type ReadLimits } from './clickhouse-errors.js';
import { connectTelemetry, type TelemetryConnection, type TelemetryTarget } from './connect.js';
import type { ReadMetrics } from './metrics.js';

export type { ReadLimits } from './clickhouse-errors.js';

export interface ReadOptions extends Partial<ReadLimits> {
  /** Ends the waiting; the query itself goes on to its limit in the embedded engine. */
  readonly signal?: AbortSignal;
}

/**
 * Bounded reads: every query carries its limits in its own text (a setting given beside a query would stay
 * on an embedded connection for ever) and waits for one of a few connections.
 */
export interface TelemetryReader {
  /**
   * Rows of a SELECT with typed parameters (`{name:Type}`), without SETTINGS or FORMAT of its own. 64-bit
   * integers come as numbers: wrap hashes and ids in `toString()`. Throws `BadInput` when a limit was
   * exceeded and `Unavailable` when the database is away or too many reads wait.
   */
  rows<Row>(sql: string, params?: Readonly<Record<string, unknown>>, options?: ReadOptions): Promise<Row[]>;
}

export interface TelemetryReadersOptions extends TelemetryTarget {
  readonly readers: number;
  readonly limits: ReadLimits;
  /** Reads that may wait for a connection; more are refused at once. */
  readonly maxWaiting?: number;
  readonly metrics?: ReadMetrics;
}

interface Waiting {
  readonly give: (connection: TelemetryConnection) => void;
  readonly refuse: (error: Error) => void;
}

/** A pool of reading connections. */
export class TelemetryReaders implements TelemetryReader {
  readonly #options: TelemetryReadersOptions;
  readonly #idle: TelemetryConnection[] = [];
  readonly #all: TelemetryConnection[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(options: TelemetryReadersOptions) {
    this.#options = options;
  }

  static async open(options: TelemetryReadersOptions): Promise<TelemetryReaders> {
    const readers = new TelemetryReaders(options);
    for (let i = 0; i < options.readers; i++) {
      // A server that ends no query in time is away: its own limit comes first by ten seconds.
      const connection = await connectTelemetry(options, {
        requestTimeoutMs: options.limits.timeoutMs + 10_000,
        yields: true,
      });
      readers.#all.push(connection);
      readers.#idle.push(connection);
    }
    return readers;
  }

  async rows<Row>(
    sql: string,
    params: Readonly<Record<string, unknown>> = {},
    options: ReadOptions = {},
  ): Promise<Row[]> {
    const limits = { ...this.#options.limits, ...options };
    const connection = await this.#take(limits.timeoutMs, options.signal);
    const stop = this.#options.metrics?.started();
    const query = connection.rows<Row>(boundedSql(sql, limits), params, limits.signal);
    this.#running.add(query);
    // The connection is busy until the engine is done, whether somebody still waits for it or not.
    void query.then(
      () => stop?.('ok'),
      () => stop?.('error'),
    );
    void query
      .catch(() => undefined)
      .finally(() => {
        this.#running.delete(query);
        this.#give(connection);
      });
    try {
      return await untilAborted(query, options.signal);
    } catch (error) {
      throw readError(error, limits);
    }
  }

  /** Waits for the queries that run. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of [...this.#waiting]) waiting.refuse(stopping());
    await Promise.allSettled(this.#running);
    await Promise.all(this.#all.map((connection) => connection.close()));
  }

  #take(timeoutMs: number, signal: AbortSignal | undefined): Promise<TelemetryConnection> {
    if (this.#closed) return Promise.reject(stopping());
    if (signal?.aborted === true) return Promise.reject(aborted());
    const connection = this.#idle.pop();
    if (connection) return Promise.resolve(connection);
    if (this.#waiting.size >= (this.#options.maxWaiting ?? 64)) {
      this.#options.metrics?.refused();
      return Promise.reject(tooMany());
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiting);
        this.#options.metrics?.waiting(this.#waiting.size);
      };
      const waiting: Waiting = {
        give: (given) => {
          leave();
          resolve(given);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiting.refuse(aborted());
      const timer = setTimeout(() => {
        this.#options.metrics?.refused();
        waiting.refuse(tooMany());
      }, timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#options.metrics?.waiting(this.#waiting.size);
    });
  }

  #give(connection: TelemetryConnection): void {
    const [next] = this.#waiting;
    if (next) next.give(connection);
    else this.#idle.push(connection);
  }
}

function tooMany(): Unavailable {
  return new Unavailable('limit_exceeded', 'Too many searches are running; try again in a few seconds.');
}

function stopping(): Unavailable {
  return new Unavailable('stopping', 'Lemni is stopping.');
}

function aborted(): Unavailable {
  return new Unavailable('stopping', 'Nobody waits for this search any more.');
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
