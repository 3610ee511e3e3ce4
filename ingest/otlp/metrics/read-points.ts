import { int64Number, uint64Number } from '../numbers.js';
import type { ProtoReader } from '../protobuf/reader.js';
import type { Point } from './point.js';

/** Reads the data point between the reader's position and end into `point`, which was cleared. */
export type ReadPoint = (reader: ProtoReader, point: Point, end: number) => void;

/** Numbers beyond this many (buckets, quantiles) are not read: the point will be refused. */
export const maxBuckets = 1024;

/** Fields that every kind of point shares. True when the tag was one of them. */
function common(
  reader: ProtoReader,
  point: Point,
  end: number,
  tags: { readonly tag: number; readonly attributes: number; readonly flags: number },
): boolean {
  if (tags.tag === tags.attributes) {
    const fieldEnd = reader.enter(end);
    point.attributes.add(reader.pos, fieldEnd);
    reader.pos = fieldEnd;
    return true;
  }
  if (tags.tag === 0x19) {
    reader.fixed64(end);
    point.timeLo = reader.lo;
    point.timeHi = reader.hi;
    return true;
  }
  if (tags.tag === tags.flags) {
    point.flags = reader.varint(end);
    return true;
  }
  return false;
}

/** NumberDataPoint. */
export const readNumber: ReadPoint = (reader, point, end) => {
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (common(reader, point, end, { tag, attributes: 0x3a, flags: 0x40 })) continue;
    if (tag === 0x21) point.value = reader.double(end);
    else if (tag === 0x31) {
      reader.fixed64(end);
      point.value = int64Number(reader.lo, reader.hi);
    } else reader.skip(tag, end);
  }
};

/** Count and sum, at fields 4 and 5 wherever there are any. */
function countAndSum(reader: ProtoReader, point: Point, end: number, tag: number): boolean {
  if (tag === 0x21) {
    reader.fixed64(end);
    point.countLo = reader.lo;
    point.countHi = reader.hi;
    return true;
  }
  if (tag !== 0x29) return false;
  point.value = reader.double(end);
  return true;
}

/** HistogramDataPoint. */
export const readHistogram: ReadPoint = (reader, point, end) => {
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (common(reader, point, end, { tag, attributes: 0x4a, flags: 0x50 })) continue;
    if (countAndSum(reader, point, end, tag)) continue;
    switch (tag) {
      case 0x31:
        fixed(reader, point.counts, end);
        break;
      case 0x39:
        double(reader, point.bounds, end);
        break;
      case 0x32:
      case 0x3a: {
        const fieldEnd = reader.enter(end);
        while (reader.pos < fieldEnd) {
          if (tag === 0x32) fixed(reader, point.counts, fieldEnd);
          else double(reader, point.bounds, fieldEnd);
        }
        break;
      }
      default:
        reader.skip(tag, end);
    }
  }
};

function fixed(reader: ProtoReader, list: number[], end: number): void {
  reader.fixed64(end);
  if (list.length <= maxBuckets) list.push(uint64Number(reader.lo, reader.hi));
}

function double(reader: ProtoReader, list: number[], end: number): void {
  const value = reader.double(end);
  if (list.length <= maxBuckets) list.push(value);
}

/** ExponentialHistogramDataPoint. */
export const readExponential: ReadPoint = (reader, point, end) => {
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (common(reader, point, end, { tag, attributes: 0x0a, flags: 0x50 })) continue;
    if (countAndSum(reader, point, end, tag)) continue;
    switch (tag) {
      case 0x30:
        point.scale = zigzag(reader.varint(end));
        break;
      case 0x39:
        reader.fixed64(end);
        point.zeroLo = reader.lo;
        point.zeroHi = reader.hi;
        break;
      case 0x42:
      case 0x4a: {
        const field = tag === 0x42 ? point.positive : point.negative;
        field.end = reader.enter(end);
        field.start = reader.pos;
        reader.pos = field.end;
        break;
      }
      case 0x61:
        point.min = reader.double(end);
        break;
      case 0x69:
        point.max = reader.double(end);
        break;
      case 0x71:
        point.zeroThreshold = reader.double(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
};

export function zigzag(value: number): number {
  const word = value >>> 0;
  return (word >>> 1) ^ -(word & 1);
}

/** SummaryDataPoint. */
export const readSummary: ReadPoint = (reader, point, end) => {
  while (reader.pos < end) {
    const tag = reader.varint(end);
    if (common(reader, point, end, { tag, attributes: 0x3a, flags: 0x40 })) continue;
    if (countAndSum(reader, point, end, tag)) continue;
    if (tag !== 0x32) {
      reader.skip(tag, end);
      continue;
    }
    const valueEnd = reader.enter(end);
    let quantile = 0;
    let value = 0;
    while (reader.pos < valueEnd) {
      const field = reader.varint(valueEnd);
      if (field === 0x09) quantile = reader.double(valueEnd);
      else if (field === 0x11) value = reader.double(valueEnd);
      else reader.skip(field, valueEnd);
    }
    if (point.bounds.length > maxBuckets) continue;
    point.bounds.push(quantile);
    point.counts.push(value);
  }
};
