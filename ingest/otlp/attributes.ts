import type { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { replacement } from '../scrub/rules.js';
import type { AnyValueWriter } from './any-value.js';
import type { DecodeLimits } from './options.js';
import type { ProtoReader } from './protobuf/reader.js';
import type { DecodeReport } from './report.js';
import type { TextWriter } from './text.js';

/** Where the KeyValue messages of one record lie; used again for every record. */
export class AttributeList {
  readonly #max: number;
  #positions = new Int32Array(64);
  #count = 0;
  /** How many came after the list was full. */
  dropped = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.dropped = 0;
  }

  add(start: number, end: number): void {
    if (this.#count >= this.#max) {
      this.dropped++;
      return;
    }
    const at = 2 * this.#count++;
    if (at >= this.#positions.length) {
      const grown = new Int32Array(2 * this.#positions.length);
      grown.set(this.#positions);
      this.#positions = grown;
    }
    this.#positions[at] = start;
    this.#positions[at + 1] = end;
  }

  start(index: number): number {
    return this.#positions[2 * index] as number; // index < count.
  }

  end(index: number): number {
    return this.#positions[2 * index + 1] as number; // index < count.
  }
}

/** Writes KeyValue messages as a Map(String, String). */
export class AttributeWriter {
  readonly #reader: ProtoReader;
  readonly #text: TextWriter;
  readonly #values: AnyValueWriter;
  readonly #report: DecodeReport;
  readonly #maxBytes: number;

  constructor(
    reader: ProtoReader,
    parts: { text: TextWriter; values: AnyValueWriter; report: DecodeReport; limits: DecodeLimits },
  ) {
    this.#reader = reader;
    this.#text = parts.text;
    this.#values = parts.values;
    this.#report = parts.report;
    this.#maxBytes = parts.limits.maxAttributeBytes;
  }

  /** The map of a list, with one more entry when `extraKey` is not empty. */
  map(out: RowBinaryBuffer, list: AttributeList, extraKey = '', extraValue = ''): void {
    const { count } = list;
    if (list.dropped > 0) this.#report.note('too_many_attributes', list.dropped);
    out.varint(extraKey === '' ? count : count + 1);
    for (let i = 0; i < count; i++) this.entry(out, list.start(i), list.end(i));
    if (extraKey !== '') {
      out.string(extraKey);
      out.string(extraValue);
    }
  }

  /** One KeyValue: its key and its value. */
  entry(out: RowBinaryBuffer, start: number, end: number): void {
    const reader = this.#reader;
    const { bytes } = reader;
    // As every exporter writes it: the key, then the value, both short. Bytes past the end match nothing.
    const keySize = bytes[start + 1] ?? 0x80;
    const valueAt = start + 2 + keySize;
    const valueSize = bytes[valueAt + 1] ?? 0x80;
    if (
      bytes[start] === 0x0a &&
      bytes[valueAt] === 0x12 &&
      keySize < 0x80 &&
      valueSize < 0x80 &&
      valueAt + 2 + valueSize === end
    ) {
      this.#write(out, start + 2, valueAt, { start: valueAt + 2, end });
      return;
    }
    reader.pos = start;
    let keyStart = start;
    let keyEnd = start;
    let valueStart = start;
    let valueEnd = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x0a) {
        keyEnd = reader.enter(end);
        keyStart = reader.pos;
        reader.pos = keyEnd;
      } else if (tag === 0x12) {
        valueEnd = reader.enter(end);
        valueStart = reader.pos;
        reader.pos = valueEnd;
      } else reader.skip(tag, end);
    }
    this.#write(out, keyStart, keyEnd, { start: valueStart, end: valueEnd });
  }

  #write(
    out: RowBinaryBuffer,
    keyStart: number,
    keyEnd: number,
    value: { readonly start: number; readonly end: number },
  ): void {
    if (this.#text.key(out, this.#reader.bytes, keyStart, keyEnd)) {
      this.#text.scrubbed();
      out.string(replacement);
    } else this.#values.write(out, value.start, value.end, this.#maxBytes);
  }
}
