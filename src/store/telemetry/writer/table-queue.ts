import type { TableName } from '../../../model/rows/tables.js';
import type { Segment, Slice } from './segment.js';

export interface TableQueueOptions {
  readonly table: TableName;
  readonly maxSegmentBytes: number;
  /** The age at which a segment that could still grow is inserted. */
  readonly maxAgeMs: number;
  readonly newSegment: (table: TableName, now: number) => Segment;
}

/** Keeps the text of one insert, and the work of removing its files, small. */
const maxSlices = 500;

/** The segments of one table: one that grows, and those before it. No I/O, no clock. */
export class TableQueue {
  readonly #options: TableQueueOptions;
  readonly #closed: Segment[] = [];
  #open: Segment | undefined;
  /** A commit is writing a slice of the open segment. */
  #writing = false;
  #inserting = false;
  #retryAt = 0;
  #attempt = 0;
  #outOfMemory = 0;

  constructor(options: TableQueueOptions) {
    this.#options = options;
  }

  get table(): TableName {
    return this.#options.table;
  }

  /** Segments that wait or are being inserted. */
  get length(): number {
    return this.#closed.length + (this.#open === undefined ? 0 : 1);
  }

  get attempt(): number {
    return this.#attempt;
  }

  /** How often the oldest segment was too large for the database's memory. */
  get outOfMemory(): number {
    return this.#outOfMemory;
  }

  /** Segments of an earlier process, oldest first. */
  restore(segment: Segment): void {
    this.#closed.push(segment);
  }

  /** The segment that the next slice belongs to. Call `appended` or `abandoned` before the next `begin`. */
  begin(now: number): Segment {
    if (this.#open && this.#isFull(this.#open, now)) this.#close(this.#open);
    this.#writing = true;
    this.#open ??= this.#options.newSegment(this.table, now);
    return this.#open;
  }

  appended(segment: Segment, slice: Slice): void {
    this.#writing = false;
    segment.slices.push(slice);
    segment.rows += slice.name.rows;
    segment.bytes += slice.name.bytes;
  }

  abandoned(): void {
    this.#writing = false;
    if (this.#open?.slices.length === 0) this.#open = undefined;
  }

  /** When the next segment may be inserted (Unix ms); Infinity while there is none, or one is under way. */
  readyAt(hurry: boolean): number {
    if (this.#inserting) return Infinity;
    if (this.#closed.length > 0) return this.#retryAt;
    if (this.#open === undefined || this.#writing) return Infinity;
    return hurry ? this.#retryAt : Math.max(this.#retryAt, this.#open.openedAt + this.#options.maxAgeMs);
  }

  /** Takes the oldest segment for its insert; `inserted` or `failed` ends it. */
  take(): Segment | undefined {
    if (this.#inserting) return undefined;
    if (this.#closed.length === 0 && this.#open && !this.#writing) this.#close(this.#open);
    this.#inserting = this.#closed.length > 0;
    return this.#closed[0];
  }

  inserted(): void {
    this.#inserting = false;
    this.#closed.shift();
    this.#attempt = 0;
    this.#outOfMemory = 0;
    this.#retryAt = 0;
  }

  failed(retryAt: number, reason: 'unavailable' | 'memory' = 'unavailable'): void {
    this.#inserting = false;
    this.#attempt += 1;
    if (reason === 'memory') this.#outOfMemory += 1;
    this.#retryAt = retryAt;
  }

  /** While older segments wait, a segment may as well grow: an outage leaves few large ones. */
  #isFull(segment: Segment, now: number): boolean {
    const { maxSegmentBytes, maxAgeMs } = this.#options;
    if (segment.bytes >= maxSegmentBytes || segment.slices.length >= maxSlices) return true;
    return this.#closed.length === 0 && now >= segment.openedAt + maxAgeMs;
  }

  #close(segment: Segment): void {
    this.#closed.push(segment);
    this.#open = undefined;
  }
}
