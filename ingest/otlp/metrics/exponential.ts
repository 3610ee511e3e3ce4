import type { RowBinaryBuffer } from '../../../src/lib/rowbinary.js';
import type { DecodeContext } from '../context.js';
import { TableRows } from '../table-rows.js';
import type { Point } from './point.js';
import { zigzag } from './read-points.js';
import type { SeriesGroup } from './series-registry.js';
import { writeMilliseconds } from './series-writer.js';

/** SDKs keep 160; collectors that merge may have more. */
const maxExponentialBuckets = 4096;

interface Buckets {
  offset: number;
  readonly lo: Uint32Array;
  readonly hi: Uint32Array;
  /** May be one above the limit, which tells that there were too many. */
  count: number;
}

function buckets(): Buckets {
  const size = maxExponentialBuckets + 1;
  return { offset: 0, lo: new Uint32Array(size), hi: new Uint32Array(size), count: 0 };
}

/** Exponential histograms keep their buckets, in a table of their own. */
export class ExponentialWriter {
  readonly #context: DecodeContext;
  #rows: TableRows | undefined;
  #positive: Buckets | undefined;
  #negative: Buckets | undefined;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  get rows(): TableRows {
    return (this.#rows ??= new TableRows('metric_exponential_histograms', this.#context.budget, 1024));
  }

  /** Reads the point's buckets; why it cannot be kept, or the empty text. */
  problem(point: Point): string {
    const positive = (this.#positive ??= buckets());
    const negative = (this.#negative ??= buckets());
    this.#read(positive, point.positive.start, point.positive.end);
    this.#read(negative, point.negative.start, point.negative.end);
    const most = Math.max(positive.count, negative.count);
    return most > maxExponentialBuckets ? `more than ${maxExponentialBuckets} buckets` : '';
  }

  /** Writes the point whose buckets `problem` has just read. */
  write(group: SeriesGroup, at: number, point: Point): void {
    const { out } = this.rows;
    out.u64(group.ids[0] ?? 0, group.ids[1] ?? 0);
    writeMilliseconds(out, at);
    out.u64(point.countLo, point.countHi);
    out.f64(point.value ?? Number.NaN);
    out.u32(point.scale);
    out.u64(point.zeroLo, point.zeroHi);
    out.f64(point.zeroThreshold);
    for (const side of [this.#positive, this.#negative]) if (side) writeBuckets(out, side);
    out.f64(point.min);
    out.f64(point.max);
    this.rows.endRow();
  }

  #read(side: Buckets, start: number, end: number): void {
    const { reader } = this.#context;
    side.offset = side.count = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x08) side.offset = zigzag(reader.varint(end));
      else if (tag === 0x10) this.#count(side, end);
      else if (tag === 0x12) {
        const fieldEnd = reader.enter(end);
        while (reader.pos < fieldEnd) this.#count(side, fieldEnd);
      } else reader.skip(tag, end);
    }
  }

  #count(side: Buckets, end: number): void {
    const { reader } = this.#context;
    reader.varint64(end);
    if (side.count > maxExponentialBuckets) return;
    side.lo[side.count] = reader.lo;
    side.hi[side.count] = reader.hi;
    side.count++;
  }
}

function writeBuckets(out: RowBinaryBuffer, side: Buckets): void {
  out.u32(side.offset);
  out.varint(side.count);
  for (let i = 0; i < side.count; i++) out.u64(side.lo[i] ?? 0, side.hi[i] ?? 0);
}
