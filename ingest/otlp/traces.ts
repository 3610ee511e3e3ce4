import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { AttributeList } from './attributes.js';
import type { DecodeContext } from './context.js';
import { scopesOf, Slices, type ScopePlace } from './envelope.js';
import { writeId } from './ids.js';
import { originalTimestamp } from './logs.js';
import { uint64Text } from './numbers.js';
import { strings } from './resource.js';
import { SpanParts } from './span-parts.js';
import type { TableRows } from './table-rows.js';

const kinds = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'].map((k) => strings(k));
const statuses = ['Unset', 'Ok', 'Error'].map((status) => strings(status));

/** ExportTraceServiceRequest (opentelemetry-proto 1.11) straight into rows of otel_traces. */
export function* decodeTraces(context: DecodeContext, rows: TableRows): Generator<undefined> {
  const { reader } = context;
  const slices = new Slices();
  const decoder = new SpanDecoder(context, rows);
  for (const place of scopesOf(context, slices)) {
    if (place === undefined) {
      yield;
      continue;
    }
    decoder.openScope(place);
    let next = place.start;
    while (next < place.end) {
      reader.pos = next;
      const tag = reader.varint(place.end);
      if (tag !== 0x12) {
        reader.skip(tag, place.end);
        next = reader.pos;
        continue;
      }
      next = reader.enter(place.end);
      const start = reader.pos;
      decoder.record(start, next);
      if (slices.spend(next - start)) yield;
    }
  }
}

/** Where a length-delimited field of the span at hand lies in the request. */
interface Range {
  start: number;
  end: number;
}
const range = (): Range => ({ start: 0, end: 0 });

class SpanDecoder {
  readonly #context: DecodeContext;
  readonly #rows: TableRows;
  readonly #attributes: AttributeList;
  readonly #parts: SpanParts;
  #service: Buffer = strings('');
  /** ResourceAttributes, ScopeName and ScopeVersion. */
  #middle: Buffer = strings('');
  #release: Buffer = strings('');

  readonly #trace = range();
  readonly #span = range();
  readonly #parent = range();
  readonly #state = range();
  readonly #name = range();
  readonly #message = range();
  #startLo = 0;
  #startHi = 0;
  #endLo = 0;
  #endHi = 0;
  #kind = 0;
  #status = 0;

  constructor(context: DecodeContext, rows: TableRows) {
    this.#context = context;
    this.#rows = rows;
    this.#attributes = new AttributeList(context.limits.maxAttributes);
    this.#parts = new SpanParts(context);
  }

  openScope({ resource, scope }: ScopePlace): void {
    this.#service = resource.serviceBlock;
    this.#release = resource.releaseBlock;
    const middle = new RowBinaryBuffer(512);
    middle.raw(resource.attributesBlock);
    middle.string(scope.name);
    middle.string(scope.version);
    this.#middle = Buffer.from(middle.view());
  }

  record(start: number, end: number): void {
    this.#scan(start, end);
    const { reader, text, attributes, report, times, limits } = this.#context;
    const { out } = this.#rows;
    const { bytes } = reader;
    const missing = this.#startLo === 0 && this.#startHi === 0;
    const valid = !missing && times.isValid(this.#startLo, this.#startHi);
    const lo = valid ? this.#startLo : times.arrival.lo;
    const hi = valid ? this.#startHi : times.arrival.hi;
    if (!valid && !missing) report.note('invalid_time');
    out.u64(lo, hi);
    writeId(out, bytes, this.#trace.start, this.#trace.end, { size: 16, report });
    writeId(out, bytes, this.#span.start, this.#span.end, { size: 8, report });
    writeId(out, bytes, this.#parent.start, this.#parent.end, { size: 8, report });
    text.word(out, bytes, this.#state.start, this.#state.end, 1024);
    text.value(out, bytes, this.#name.start, this.#name.end, 1024);
    out.raw(kinds[this.#kind] ?? (kinds[0] as Buffer)); // The list above is not empty.
    out.raw(this.#service);
    out.raw(this.#middle);
    const original = valid || missing ? '' : uint64Text(this.#startLo, this.#startHi);
    attributes.map(out, this.#attributes, original === '' ? '' : originalTimestamp, original);
    this.#duration();
    out.raw(statuses[this.#status] ?? (statuses[0] as Buffer)); // As above.
    text.value(out, bytes, this.#message.start, this.#message.end, limits.maxAttributeBytes);
    this.#parts.writeEvents(out, lo, hi);
    this.#parts.writeLinks(out);
    out.raw(this.#release);
    report.accepted++;
    this.#rows.endRow();
  }

  /** End minus start in nanoseconds; 0 when the end is missing or earlier (clocks that were set back). */
  #duration(): void {
    const { out } = this.#rows;
    const earlier =
      this.#endHi < this.#startHi || (this.#endHi === this.#startHi && this.#endLo < this.#startLo);
    const unknown = (this.#startLo === 0 && this.#startHi === 0) || (this.#endLo === 0 && this.#endHi === 0);
    if (earlier || unknown) {
      out.u64(0, 0);
      return;
    }
    const borrow = this.#endLo < this.#startLo ? 1 : 0;
    out.u64(this.#endLo - this.#startLo, this.#endHi - this.#startHi - borrow);
  }

  #scan(start: number, end: number): void {
    const { reader } = this.#context;
    this.#attributes.clear();
    this.#parts.clear();
    this.#startLo = this.#startHi = this.#endLo = this.#endHi = this.#kind = this.#status = 0;
    for (const field of [this.#trace, this.#span, this.#parent, this.#state, this.#name, this.#message]) {
      field.start = field.end = 0;
    }
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      switch (tag) {
        case 0x30:
          this.#kind = reader.varint(end);
          break;
        case 0x39:
          reader.fixed64(end);
          this.#startLo = reader.lo;
          this.#startHi = reader.hi;
          break;
        case 0x41:
          reader.fixed64(end);
          this.#endLo = reader.lo;
          this.#endHi = reader.hi;
          break;
        default:
          if ((tag & 7) === 2) this.#bytesField(tag, end);
          else reader.skip(tag, end);
      }
    }
  }

  #bytesField(tag: number, end: number): void {
    const { reader } = this.#context;
    const fieldEnd = reader.enter(end);
    const fieldStart = reader.pos;
    switch (tag) {
      case 0x0a:
        this.#set(this.#trace, fieldEnd);
        break;
      case 0x12:
        this.#set(this.#span, fieldEnd);
        break;
      case 0x1a:
        this.#set(this.#state, fieldEnd);
        break;
      case 0x22:
        this.#set(this.#parent, fieldEnd);
        break;
      case 0x2a:
        this.#set(this.#name, fieldEnd);
        break;
      case 0x4a:
        this.#attributes.add(fieldStart, fieldEnd);
        break;
      case 0x5a:
        this.#parts.events.add(fieldStart, fieldEnd);
        break;
      case 0x6a:
        this.#parts.links.add(fieldStart, fieldEnd);
        break;
      case 0x7a:
        this.#readStatus(fieldEnd);
        break;
      default: // Not known; the name of a field that a later version added.
    }
    reader.pos = fieldEnd;
  }

  #set(field: Range, end: number): void {
    field.start = this.#context.reader.pos;
    field.end = end;
  }

  #readStatus(end: number): void {
    const { reader } = this.#context;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      if (tag === 0x18) this.#status = reader.varint(end);
      else if (tag === 0x12) {
        const fieldEnd = reader.enter(end);
        this.#set(this.#message, fieldEnd);
        reader.pos = fieldEnd;
      } else reader.skip(tag, end);
    }
  }
}
