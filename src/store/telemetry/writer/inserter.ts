import type { Logger } from 'pino';
import { backoffDelay } from '../../../lib/backoff.js';
import type { Clock } from '../../../lib/clock.js';
import { messageOf } from '../../../lib/errors.js';
import type { Column } from '../../../model/rows/columns.js';
import type { TableName } from '../../../model/rows/tables.js';
import { insertFailureOf } from '../clickhouse-errors.js';
import type { TelemetryConnection } from '../connect.js';
import type { WriterMetrics } from '../metrics.js';
import { Lanes } from './lanes.js';
import type { Rejected } from './rejected.js';
import { salvage } from './salvage.js';
import type { Segment } from './segment.js';
import type { Spool } from './spool.js';
import type { TableQueue } from './table-queue.js';

export interface InserterDeps {
  readonly spool: Spool;
  readonly rejected: Rejected;
  readonly queues: readonly TableQueue[];
  readonly connect: () => Promise<TelemetryConnection>;
  /** Inserts at once; each holds a thread of the process while it runs (embedded). */
  readonly lanes: number;
  /** The columns that rows of the table had at that migration. */
  readonly columnsOf: (table: TableName, schema: number) => readonly Column[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: WriterMetrics;
  /** The segment is in the database, except for rows that were rejected, and its files are gone. */
  readonly onInserted: (segment: Segment, rows: number) => void;
}

/** An outage may last hours: look every few seconds. */
const backoff = { baseMs: 100, maxMs: 5000 };
/** Failures for want of memory after which the segment is inserted in smaller pieces. */
const memoryAttempts = 3;

/** Brings segments into the database, oldest first, one at a time a table; tries for ever. */
export class Inserter {
  readonly #deps: InserterDeps;
  readonly #lanes: Lanes;
  readonly #running = new Set<Promise<void>>();
  #wake = new AbortController();
  #loop: Promise<void> | undefined;
  #hurry = false;
  #stopped = false;

  constructor(deps: InserterDeps) {
    this.#deps = deps;
    this.#lanes = new Lanes(deps.lanes, deps.connect);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something may be ready: a slice was appended, an insert ended. */
  notify(): void {
    this.#wake.abort();
  }

  /** Inserts what is there without waiting for more; returns at the deadline (Unix ms) or when all is done. */
  async drain(deadline: number): Promise<void> {
    this.#hurry = true;
    while (this.#deps.queues.some(({ length }) => length > 0) && this.#deps.clock.now() < deadline) {
      this.notify();
      await this.#deps.clock.sleep(10);
    }
  }

  /** Starts no more inserts and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.notify();
    await this.#loop;
    await this.#lanes.close();
    await Promise.all(this.#running);
  }

  async #run(): Promise<void> {
    const { clock, queues } = this.#deps;
    while (!this.#stopped) {
      this.#wake = new AbortController();
      this.#dispatch();
      const next = Math.min(...queues.map((queue) => queue.readyAt(this.#hurry)));
      const wait = this.#lanes.free ? Math.max(1, next - clock.now()) : Infinity;
      await clock.sleep(Math.min(wait, 60_000), this.#wake.signal);
    }
  }

  #dispatch(): void {
    const now = this.#deps.clock.now();
    const ready = this.#deps.queues.filter((queue) => queue.readyAt(this.#hurry) <= now);
    ready.sort((a, b) => a.readyAt(this.#hurry) - b.readyAt(this.#hurry));
    for (const queue of ready) {
      if (!this.#lanes.free) return;
      const segment = queue.take();
      if (segment === undefined) continue;
      const work = this.#insert(queue, segment).finally(() => {
        this.#running.delete(work);
        this.notify();
      });
      this.#running.add(work);
    }
  }

  async #insert(queue: TableQueue, segment: Segment): Promise<void> {
    const { clock, metrics, logger, spool } = this.#deps;
    const begun = clock.now();
    try {
      const rows = await this.#lanes.use((connection) => this.#store(connection, queue, segment));
      metrics.inserted(segment.table, rows, (clock.now() - begun) / 1000);
      if (queue.attempt > 0) logger.info({ table: segment.table }, 'inserting again');
      await spool.remove(segment).catch((error: unknown) => {
        // It is looked at again at the next start, and its token is known then.
        logger.warn(
          { error: messageOf(error), segment: segment.id },
          'an inserted segment could not be removed',
        );
      });
      queue.inserted();
      this.#deps.onInserted(segment, rows);
    } catch (error) {
      const attempt = queue.attempt + 1;
      const reason = insertFailureOf(error) === 'memory' ? 'memory' : 'unavailable';
      metrics.retried(segment.table, reason);
      const delay = backoffDelay(Math.min(attempt, 10), backoff, this.#deps.random);
      queue.failed(clock.now() + delay, reason);
      // Once when it begins, then about every five minutes: an outage must not fill the log.
      if (attempt === 1 || attempt % 60 === 0) {
        logger.warn(
          { table: segment.table, attempt, error: messageOf(error) },
          'the database does not take a segment; it waits on disk and is tried again',
        );
      }
    }
  }

  /** Answers the rows that were stored. */
  async #store(connection: TelemetryConnection, queue: TableQueue, segment: Segment): Promise<number> {
    const { spool } = this.#deps;
    const columns = this.#deps.columnsOf(segment.table, segment.schema);
    // Never for a database that was away: it may have stored the segment without our hearing of it, and pieces
    // have tokens of their own.
    const tooLarge = queue.outOfMemory >= memoryAttempts;
    const whole = (await Promise.all(segment.slices.map((slice) => spool.isWhole(slice)))).every(Boolean);
    try {
      if (whole && !tooLarge) {
        const files = segment.slices.map(({ path }) => path);
        await connection.insertFiles({ table: segment.table, columns, files, token: segment.id });
        return segment.rows;
      }
    } catch (error) {
      if (insertFailureOf(error) !== 'poison') throw error;
      this.#deps.logger.error(
        { table: segment.table, segment: segment.id, rows: segment.rows, error: messageOf(error) },
        `the database refuses rows; they are split off into ${this.#deps.rejected.dir}`,
      );
    }
    return this.#salvage(connection, segment, columns);
  }

  #salvage(connection: TelemetryConnection, segment: Segment, columns: readonly Column[]): Promise<number> {
    const { spool, rejected, metrics } = this.#deps;
    return salvage(segment, {
      columns,
      isWhole: (slice) => spool.isWhole(slice),
      read: (slice) => spool.read(slice),
      batchesOf: (slice) => spool.batchesOf(slice),
      insert: async (table, token, bytes) => {
        const piece = await spool.writePiece(table, token, bytes);
        try {
          await connection.insertFiles({ table, columns, files: [piece], token });
          return true;
        } catch (error) {
          if (insertFailureOf(error) === 'poison') return false;
          throw error;
        } finally {
          await spool.removePiece(piece);
        }
      },
      reject: async (name, bytes, rows) => {
        metrics.dropped(segment.table, 'store_rejected', rows);
        await rejected.keep(name, bytes);
      },
    });
  }
}
