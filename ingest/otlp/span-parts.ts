import type { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { AttributeList } from './attributes.js';
import type { DecodeContext } from './context.js';
import { writeId } from './ids.js';

/** Where a field of the event or link at hand lies. */
interface Place {
  start: number;
  end: number;
}

/**
 * The events and links of one span. Their columns are arrays side by side (all times, then all names, ...),
 * so each message is read once a column; few spans have any.
 */
export class SpanParts {
  readonly events: AttributeList;
  readonly links: AttributeList;
  readonly #context: DecodeContext;
  readonly #attributes: AttributeList;
  readonly #found: Place = { start: 0, end: 0 };

  constructor(context: DecodeContext) {
    this.#context = context;
    this.events = new AttributeList(context.limits.maxAttributes);
    this.links = new AttributeList(context.limits.maxAttributes);
    this.#attributes = new AttributeList(context.limits.maxAttributes);
  }

  clear(): void {
    this.events.clear();
    this.links.clear();
  }

  /** Events.Timestamp, Events.Name and Events.Attributes; an event without a valid time has its span's. */
  writeEvents(out: RowBinaryBuffer, spanLo: number, spanHi: number): void {
    const { events } = this;
    if (this.#none(out, events, 3)) return;
    const { reader, text, times, report } = this.#context;
    out.varint(events.count);
    for (let i = 0; i < events.count; i++) {
      this.#time(events.start(i), events.end(i));
      const missing = reader.lo === 0 && reader.hi === 0;
      const valid = !missing && times.isValid(reader.lo, reader.hi);
      if (!valid && !missing) report.note('invalid_time');
      out.u64(valid ? reader.lo : spanLo, valid ? reader.hi : spanHi);
    }
    out.varint(events.count);
    for (let i = 0; i < events.count; i++) {
      this.#field(events, i, 0x12);
      text.value(out, reader.bytes, this.#found.start, this.#found.end, 1024);
    }
    this.#maps(out, events, 0x1a);
  }

  /** Links.TraceId, Links.SpanId, Links.TraceState and Links.Attributes. */
  writeLinks(out: RowBinaryBuffer): void {
    const { links } = this;
    if (this.#none(out, links, 4)) return;
    const { reader, text, report } = this.#context;
    for (const [tag, size] of [
      [0x0a, 16],
      [0x12, 8],
    ] as const) {
      out.varint(links.count);
      for (let i = 0; i < links.count; i++) {
        this.#field(links, i, tag);
        writeId(out, reader.bytes, this.#found.start, this.#found.end, { size, report });
      }
    }
    out.varint(links.count);
    for (let i = 0; i < links.count; i++) {
      this.#field(links, i, 0x1a);
      text.word(out, reader.bytes, this.#found.start, this.#found.end, 1024);
    }
    this.#maps(out, links, 0x22);
  }

  #none(out: RowBinaryBuffer, list: AttributeList, columns: number): boolean {
    if (list.dropped > 0) this.#context.report.note('too_many_attributes', list.dropped);
    if (list.count > 0) return false;
    for (let i = 0; i < columns; i++) out.u8(0);
    return true;
  }

  /** time_unix_nano into the reader's halves. */
  #time(start: number, end: number): void {
    const { reader } = this.#context;
    let lo = 0;
    let hi = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x09) {
        reader.fixed64(end);
        ({ lo, hi } = reader);
      } else reader.skip(tag, end);
    }
    reader.lo = lo;
    reader.hi = hi;
  }

  #field(list: AttributeList, index: number, wanted: number): void {
    const { reader } = this.#context;
    const end = list.end(index);
    this.#found.start = this.#found.end = 0;
    reader.pos = list.start(index);
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === wanted) {
        this.#found.end = reader.enter(end);
        this.#found.start = reader.pos;
        reader.pos = this.#found.end;
      } else reader.skip(tag, end);
    }
  }

  #maps(out: RowBinaryBuffer, list: AttributeList, wanted: number): void {
    const { reader, attributes } = this.#context;
    out.varint(list.count);
    for (let i = 0; i < list.count; i++) {
      const end = list.end(i);
      this.#attributes.clear();
      reader.pos = list.start(i);
      while (reader.pos < end) {
        const tag = reader.varint(end);
        if (tag === wanted) {
          const fieldEnd = reader.enter(end);
          this.#attributes.add(reader.pos, fieldEnd);
          reader.pos = fieldEnd;
        } else reader.skip(tag, end);
      }
      attributes.map(out, this.#attributes);
    }
  }
}
