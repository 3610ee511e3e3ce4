import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../../../lib/clock.js';
import { messageOf, Unavailable, type UnavailableCode } from '../../../lib/errors.js';
import type { NewId } from '../../../lib/ids.js';
import type { Column } from '../../../model/rows/columns.js';
import type { EncodedRows, TableName } from '../../../model/rows/tables.js';
import type { TelemetryConnection } from '../connect.js';
import type { WriterMetrics } from '../metrics.js';
import { GroupCommit } from './group-commit.js';
import { Inserter } from './inserter.js';
import { Pace } from './pace.js';
import { Rejected } from './rejected.js';
import type { Segment, Slice } from './segment.js';
import { Spool, tableNames } from './spool.js';
import type { SpoolFiles } from './spool-files.js';
import { TableQueue } from './table-queue.js';

export interface WriterOptions {
  /** The spool's directory. */
  readonly dir: string;
  /** The last migration: segments carry it, since it says which columns their rows have. */
  readonly schema: number;
  readonly maxDelayMs: number;
  readonly maxSegmentBytes: number;
  readonly maxSpoolBytes: number;
  readonly minFreeBytes: number;
  /** Bytes that may wait in memory to be written. */
  readonly maxInFlightBytes: number;
  readonly lanes: number;
}

export interface WriterDeps {
  readonly connect: () => Promise<TelemetryConnection>;
  readonly columnsOf: (table: TableName, schema: number) => readonly Column[];
  readonly files: SpoolFiles;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: WriterMetrics;
}

export type InsertListener = (table: TableName, rows: number) => void;

/** A segment that could grow is inserted at this age: rows are visible well within a second. */
const maxSegmentAgeMs = 250;
/** Full segments that may wait on disk before senders are slowed down. */
const segmentsAhead = 2;
/** How often the free space is looked at. */
const freeSpaceEveryMs = 1000;
const diskErrors = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG', 'EMFILE', 'ENFILE']);

/**
 * The way of all telemetry into the database, the same for both twins:
 *
 *   store -> group commit -> slices of segments on disk, fsynced (the sender is answered) -> insert -> removed
 *
 * A crash leaves segments, which the next start inserts; a segment's id is its insert's deduplication token,
 * so that none is stored twice. While the database is away segments wait on disk.
 */
export class TelemetryWriter {
  readonly #options: WriterOptions;
  readonly #deps: WriterDeps;
  readonly #spool: Spool;
  readonly #rejected: Rejected;
  readonly #commits: GroupCommit;
  readonly #queues: ReadonlyMap<TableName, TableQueue>;
  readonly #inserter: Inserter;
  readonly #pace: Pace;
  readonly #listeners = new Set<InsertListener>();
  #inFlightBytes = 0;
  #spoolBytes = 0;
  #freeBytes = Infinity;
  #freeSeenAt = -Infinity;
  #stopping: Promise<void> | undefined;

  private constructor(options: WriterOptions, deps: WriterDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#spool = new Spool(options.dir, deps.files);
    this.#rejected = new Rejected(join(options.dir, 'rejected'), deps.files);
    this.#commits = new GroupCommit({
      write: (batches) => this.#write(batches),
      clock: deps.clock,
      maxDelayMs: options.maxDelayMs,
      maxBytes: options.maxSegmentBytes,
    });
    this.#pace = new Pace(deps.clock, () => this.#isBehind());
    this.#queues = new Map(tableNames.map((table) => [table, this.#newQueue(table)]));
    this.#inserter = new Inserter({
      spool: this.#spool,
      rejected: this.#rejected,
      queues: [...this.#queues.values()],
      connect: deps.connect,
      lanes: options.lanes,
      columnsOf: deps.columnsOf,
      clock: deps.clock,
      random: deps.random,
      logger: deps.logger,
      metrics: deps.metrics,
      onInserted: (segment, rows) => this.#onInserted(segment, rows),
    });
  }

  /** Takes up what an earlier process left in the spool, and begins to insert. */
  static async open(options: WriterOptions, deps: WriterDeps): Promise<TelemetryWriter> {
    const writer = new TelemetryWriter(options, deps);
    await writer.#rejected.open();
    const left = await writer.#spool.open();
    for (const segment of left) {
      writer.#queues.get(segment.table)?.restore(segment);
      writer.#spoolBytes += segment.bytes;
    }
    if (left.length > 0) {
      deps.logger.info(
        { segments: left.length, bytes: writer.#spoolBytes },
        'segments left by an earlier process',
      );
    }
    writer.#report();
    writer.#inserter.start();
    return writer;
  }

  /** Bytes that are in memory or on disk and not yet in the database. */
  get pendingBytes(): number {
    return this.#inFlightBytes + this.#spoolBytes;
  }

  /** Resolves when all batches are safe on disk; see TelemetrySink. */
  async store(batches: readonly EncodedRows[]): Promise<void> {
    const filled = batches.filter(({ rows, bytes }) => rows > 0 && bytes.byteLength > 0);
    if (filled.length === 0) return;
    const bytes = filled.reduce((sum, batch) => sum + batch.bytes.byteLength, 0);
    this.#admit(bytes);
    this.#inFlightBytes += bytes;
    try {
      await this.#commits.add(filled);
    } catch (error) {
      throw this.#refuse(error);
    } finally {
      this.#inFlightBytes -= bytes;
      this.#report();
    }
    for (const batch of filled) this.#deps.metrics.stored(batch.table, batch.rows, batch.bytes.byteLength);
    await this.#pace.wait();
  }

  /** Calls back after rows became visible to queries; answers the way to end it. */
  onInserted(listener: InsertListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes nothing more, inserts what is there until the deadline (ms from now), and leaves the rest on disk. */
  stop(deadlineMs = 10_000): Promise<void> {
    this.#stopping ??= this.#stop(this.#deps.clock.now() + deadlineMs);
    return this.#stopping;
  }

  async #stop(deadline: number): Promise<void> {
    this.#pace.changed();
    await this.#commits.flush();
    await this.#inserter.drain(deadline);
    await this.#inserter.stop();
  }

  /** The database is there and more waits than it takes in about a second. */
  #isBehind(): boolean {
    if (this.#stopping || this.#spoolBytes <= this.#options.maxSegmentBytes * segmentsAhead) return false;
    return [...this.#queues.values()].every(({ attempt }) => attempt === 0);
  }

  #newQueue(table: TableName): TableQueue {
    const { maxSegmentBytes, schema } = this.#options;
    return new TableQueue({
      table,
      maxSegmentBytes,
      maxAgeMs: maxSegmentAgeMs,
      newSegment: (_, now) => ({
        id: this.#deps.newId(now),
        table,
        schema,
        slices: [],
        rows: 0,
        bytes: 0,
        openedAt: now,
      }),
    });
  }

  /** Throws when there is no room for so many bytes. */
  #admit(bytes: number): void {
    const { maxInFlightBytes, maxSpoolBytes, minFreeBytes } = this.#options;
    if (this.#stopping) throw this.#refused('stopping', 'Lemni is stopping.');
    if (this.#inFlightBytes > 0 && this.#inFlightBytes + bytes > maxInFlightBytes) {
      throw this.#refused('queue_full', 'More comes in than the disk can take; send it again later.');
    }
    if (this.pendingBytes + bytes > maxSpoolBytes) {
      throw this.#refused(
        'queue_full',
        'The database does not keep up or is away, and the spool is full (writer.maxSpoolBytes); send it again later.',
      );
    }
    if (this.#freeBytes - bytes < minFreeBytes && this.#freeIsKnown()) {
      throw this.#refused('disk_full', 'The disk is nearly full (writer.minFreeBytes); send it again later.');
    }
  }

  /** What was seen to be full long ago must be looked at again, by letting one group through. */
  #freeIsKnown(): boolean {
    return this.#deps.clock.now() - this.#freeSeenAt < freeSpaceEveryMs;
  }

  async #write(batches: readonly EncodedRows[]): Promise<void> {
    const { clock, metrics } = this.#deps;
    const begun = clock.now();
    await this.#lookAtDisk(begun);
    const byTable = new Map<TableName, EncodedRows[]>();
    for (const batch of batches) {
      const same = byTable.get(batch.table);
      if (same) same.push(batch);
      else byTable.set(batch.table, [batch]);
    }
    const parts = await Promise.allSettled(
      [...byTable].map(([table, rows]) => this.#writePart(this.#queueOf(table), rows)),
    );
    const failed = parts.find((part) => part.status === 'rejected');
    for (const part of parts) {
      if (part.status === 'rejected') continue;
      const { queue, segment, slice } = part.value;
      if (failed) {
        // The sender will send all of it again: what did get to the disk must not be stored too.
        await this.#spool.removeSlice(slice).catch(() => undefined);
        queue.abandoned();
      } else {
        queue.appended(segment, slice);
        this.#spoolBytes += slice.name.bytes;
      }
    }
    if (failed) throw failed.reason;
    metrics.committed((clock.now() - begun) / 1000);
    this.#inserter.notify();
  }

  async #writePart(
    queue: TableQueue,
    batches: readonly EncodedRows[],
  ): Promise<{ queue: TableQueue; segment: Segment; slice: Slice }> {
    const segment = queue.begin(this.#deps.clock.now());
    try {
      return { queue, segment, slice: await this.#spool.writeSlice(segment, batches) };
    } catch (error) {
      queue.abandoned();
      throw error;
    }
  }

  async #lookAtDisk(now: number): Promise<void> {
    if (now - this.#freeSeenAt < freeSpaceEveryMs) return;
    this.#freeBytes = await this.#spool.freeBytes();
    this.#freeSeenAt = now;
    if (this.#freeBytes >= this.#options.minFreeBytes) return;
    throw new Unavailable(
      'disk_full',
      'The disk is nearly full (writer.minFreeBytes); send it again later.',
      {
        retryAfterSeconds: 10,
      },
    );
  }

  #queueOf(table: TableName): TableQueue {
    const queue = this.#queues.get(table);
    if (queue) return queue;
    throw new Error(`There is no table ${table}`);
  }

  #onInserted(segment: Segment, rows: number): void {
    this.#spoolBytes -= segment.bytes;
    this.#pace.changed();
    this.#report();
    for (const listener of this.#listeners) {
      try {
        listener(segment.table, rows);
      } catch (error) {
        this.#deps.logger.error({ error: messageOf(error) }, 'a listener to inserts failed');
      }
    }
  }

  #refused(code: UnavailableCode & ('queue_full' | 'disk_full' | 'stopping'), message: string): Unavailable {
    this.#deps.metrics.refused(code);
    return new Unavailable(code, message, { retryAfterSeconds: code === 'disk_full' ? 10 : 2 });
  }

  /** An error of a commit in the words of the house. */
  #refuse(error: unknown): unknown {
    if (error instanceof Unavailable && error.code === 'disk_full') {
      this.#deps.metrics.refused('disk_full');
      return error;
    }
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (!diskErrors.has(code)) return error;
    this.#deps.logger.error({ error: messageOf(error) }, 'the disk does not take telemetry');
    return this.#refused('disk_full', `The disk does not take it (${code}); send it again later.`);
  }

  #report(): void {
    let segments = 0;
    for (const queue of this.#queues.values()) segments += queue.length;
    this.#deps.metrics.waiting(this.#inFlightBytes, this.#spoolBytes, segments);
  }
}
