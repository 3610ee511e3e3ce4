import type { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { doubleText, int64Text } from './numbers.js';
import { maxValueDepth } from './options.js';
import type { ProtoReader } from './protobuf/reader.js';
import type { DecodeReport } from './report.js';
import type { TextWriter } from './text.js';
import { replacement } from '../scrub/rules.js';

const NONE = 0;
const STRING = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;
const ARRAY = 0x2a;
const KVLIST = 0x32;
const BYTES = 0x3a;

/**
 * AnyValue as text, as the OpenTelemetry ClickHouse exporter renders it (pdata's AsString): strings as they
 * are, true and false, decimal numbers, bytes in base64, arrays and maps as JSON. Unlike there, maps keep
 * their order, and NaN and infinities inside JSON become strings.
 */
export class AnyValueWriter {
  readonly #reader: ProtoReader;
  readonly #text: TextWriter;
  readonly #report: DecodeReport;
  #start = 0;
  #end = 0;
  #double = 0;

  constructor(reader: ProtoReader, text: TextWriter, report: DecodeReport) {
    this.#reader = reader;
    this.#text = text;
    this.#report = report;
  }

  /** Writes the AnyValue between start and end as a String of at most `max` bytes. */
  write(out: RowBinaryBuffer, start: number, end: number, max: number): void {
    const { bytes } = this.#reader;
    // Nearly every value is one short string and nothing else.
    if (bytes[start] === STRING && start + 2 + (bytes[start + 1] ?? 0x80) === end && end - start < 130) {
      this.#text.value(out, bytes, start + 2, end, max);
      return;
    }
    const kind = this.#parse(start, end);
    switch (kind) {
      case STRING:
        this.#text.value(out, bytes, this.#start, this.#end, max);
        return;
      case NONE:
        out.u8(0);
        return;
      case BOOL:
      case DOUBLE:
        out.string(this.#scalar(kind));
        return;
      case INT: {
        const digits = this.#scalar(INT);
        // Long enough to be a card number.
        if (digits.length >= 13) this.#string(out, digits, max);
        else out.string(digits);
        return;
      }
      case BYTES: {
        const longest = Math.min(this.#end, this.#start + max);
        this.#string(out, bytes.toString('base64', this.#start, longest), max);
        return;
      }
      default: {
        const parts: string[] = [];
        this.#json(parts, { left: max + 64 }, kind, 1);
        this.#string(out, parts.join(''), max);
      }
    }
  }

  #string(out: RowBinaryBuffer, text: string, max: number): void {
    const bytes = Buffer.from(text);
    this.#text.value(out, bytes, 0, bytes.length, max);
  }

  /** Finds the value: its kind, and its bytes in #start and #end or its number in the reader's halves. */
  #parse(start: number, end: number): number {
    const reader = this.#reader;
    reader.pos = start;
    let kind = NONE;
    let lo = 0;
    let hi = 0;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === STRING || tag === ARRAY || tag === KVLIST || tag === BYTES) {
        this.#end = reader.enter(end);
        this.#start = reader.pos;
        reader.pos = this.#end;
        kind = tag;
      } else if (tag === BOOL || tag === INT) {
        reader.varint64(end);
        lo = reader.lo;
        hi = reader.hi;
        kind = tag;
      } else if (tag === DOUBLE) {
        this.#double = reader.double(end);
        kind = tag;
      } else reader.skip(tag, end);
    }
    reader.lo = lo;
    reader.hi = hi;
    return kind;
  }

  #scalar(kind: number): string {
    const { lo, hi } = this.#reader;
    if (kind === BOOL) return lo !== 0 || hi !== 0 ? 'true' : 'false';
    return kind === INT ? int64Text(lo, hi) : doubleText(this.#double);
  }

  #json(parts: string[], budget: { left: number }, kind: number, depth: number): void {
    const { bytes } = this.#reader;
    const start = this.#start;
    const end = this.#end;
    let text: string;
    if (kind === ARRAY || kind === KVLIST) {
      if (depth <= maxValueDepth) {
        this.#list(parts, budget, kind, depth);
        return;
      }
      this.#report.note('too_deep');
      text = '"[too deep]"';
    } else if (kind === STRING) {
      text = JSON.stringify(bytes.toString('utf8', start, Math.min(end, start + budget.left + 4)));
    } else if (kind === BYTES) {
      text = `"${bytes.toString('base64', start, Math.min(end, start + budget.left))}"`;
    } else if (kind === NONE) text = 'null';
    else {
      text = this.#scalar(kind);
      if (kind === DOUBLE && !Number.isFinite(this.#double)) text = `"${text}"`;
    }
    this.#push(parts, budget, text);
  }

  #list(parts: string[], budget: { left: number }, kind: number, depth: number): void {
    const reader = this.#reader;
    const end = this.#end;
    let next = this.#start;
    let separator = kind === ARRAY ? '[' : '{';
    const empty = kind === ARRAY ? '[]' : '{}';
    // When the budget is spent the rest is not even read: the text will be cut there.
    while (next < end && budget.left > 0) {
      reader.pos = next;
      const tag = reader.varint(end);
      if (tag !== 0x0a) {
        reader.skip(tag, end);
        next = reader.pos;
        continue;
      }
      const itemEnd = reader.enter(end);
      const itemStart = reader.pos;
      next = itemEnd;
      this.#push(parts, budget, separator);
      separator = ',';
      if (kind === ARRAY) this.#json(parts, budget, this.#parse(itemStart, itemEnd), depth + 1);
      else this.#member(parts, budget, itemStart, { end: itemEnd, depth });
    }
    this.#push(parts, budget, separator === ',' ? (kind === ARRAY ? ']' : '}') : empty);
  }

  #member(
    parts: string[],
    budget: { left: number },
    start: number,
    { end, depth }: { end: number; depth: number },
  ): void {
    const reader = this.#reader;
    reader.pos = start;
    let key = '';
    let valueStart = 0;
    let valueEnd = 0;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x0a || tag === 0x12) {
        const fieldEnd = reader.enter(end);
        if (tag === 0x0a) {
          key = reader.bytes.toString('utf8', reader.pos, Math.min(fieldEnd, reader.pos + budget.left + 4));
        } else {
          valueStart = reader.pos;
          valueEnd = fieldEnd;
        }
        reader.pos = fieldEnd;
      } else reader.skip(tag, end);
    }
    this.#push(parts, budget, `${JSON.stringify(key)}:`);
    if (this.#text.isSecretKey(key)) {
      this.#text.scrubbed();
      this.#push(parts, budget, `"${replacement}"`);
    } else this.#json(parts, budget, this.#parse(valueStart, valueEnd), depth + 1);
  }

  #push(parts: string[], budget: { left: number }, text: string): void {
    budget.left -= text.length;
    parts.push(text);
  }
}
