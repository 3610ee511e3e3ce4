import { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { AttributeList } from './attributes.js';
import type { DecodeContext } from './context.js';
import { scopesOf, Slices, type ScopePlace } from './envelope.js';
import { Fingerprinter } from './fingerprint.js';
import { writeId } from './ids.js';
import { uint64Text } from './numbers.js';
import { strings } from './resource.js';
import { severityName, severityNumber } from './severity.js';
import type { TableRows } from './table-rows.js';

/** Attribute that keeps a time (decimal nanoseconds) that could not be the record's. */
export const originalTimestamp = 'lemni.original_timestamp';

const severityBlocks = Array.from({ length: 25 }, (_, severity) => strings(severityName(severity)));

/**
 * ExportLogsServiceRequest (opentelemetry-proto 1.11) straight into rows of otel_logs. A generator, so that
 * the caller may let other work in between; texts go from the request into the row as bytes.
 */
export function* decodeLogs(context: DecodeContext, rows: TableRows): Generator<undefined> {
  const { reader } = context;
  const slices = new Slices();
  const decoder = new LogDecoder(context, rows);
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

class LogDecoder {
  readonly #context: DecodeContext;
  readonly #rows: TableRows;
  readonly #attributes: AttributeList;
  readonly #fingerprint = new Fingerprinter();
  #service: Buffer = strings('');
  /** The columns from ResourceSchemaUrl to ScopeAttributes. */
  #middle: Buffer = strings('');
  #release: Buffer = strings('');

  // What #scan found in the record at hand; positions in the request.
  #timeLo = 0;
  #timeHi = 0;
  #observedLo = 0;
  #observedHi = 0;
  #severity = 0;
  #flags = 0;
  #textStart = 0;
  #textEnd = 0;
  #bodyStart = 0;
  #bodyEnd = 0;
  #traceStart = 0;
  #traceEnd = 0;
  #spanStart = 0;
  #spanEnd = 0;
  #eventStart = 0;
  #eventEnd = 0;

  constructor(context: DecodeContext, rows: TableRows) {
    this.#context = context;
    this.#rows = rows;
    this.#attributes = new AttributeList(context.limits.maxAttributes);
  }

  openScope(place: ScopePlace): void {
    const { resource, scope } = place;
    this.#service = resource.serviceBlock;
    this.#release = resource.releaseBlock;
    const middle = new RowBinaryBuffer(512);
    middle.string(place.resourceSchemaUrl);
    middle.raw(resource.attributesBlock);
    middle.string(place.scopeSchemaUrl);
    middle.string(scope.name);
    middle.string(scope.version);
    middle.raw(scope.attributesBlock);
    this.#middle = Buffer.from(middle.view());
  }

  record(start: number, end: number): void {
    this.#scan(start, end);
    const { reader, text, values, attributes, report, limits } = this.#context;
    const { out } = this.#rows;
    const { bytes } = reader;
    const original = this.#time();
    writeId(out, bytes, this.#traceStart, this.#traceEnd, { size: 16, report });
    writeId(out, bytes, this.#spanStart, this.#spanEnd, { size: 8, report });
    out.u8(this.#flags & 0xff);
    this.#writeSeverity();
    out.raw(this.#service);
    const bodyAt = out.length;
    values.write(out, this.#bodyStart, this.#bodyEnd, limits.maxBodyBytes);
    const bodyEnd = out.length;
    out.raw(this.#middle);
    attributes.map(out, this.#attributes, original === '' ? '' : originalTimestamp, original);
    text.word(out, bytes, this.#eventStart, this.#eventEnd, 1024);
    out.raw(this.#release);
    this.#fingerprint.ofString(out.memory, bodyAt, bodyEnd);
    out.u64(this.#fingerprint.lo, this.#fingerprint.hi);
    report.accepted++;
    this.#rows.endRow();
  }

  /** Writes the Timestamp; answers the original as text when it could not be kept. */
  #time(): string {
    const { times, report } = this.#context;
    const { out } = this.#rows;
    let lo = this.#timeLo;
    let hi = this.#timeHi;
    if (lo === 0 && hi === 0) {
      lo = this.#observedLo;
      hi = this.#observedHi;
    }
    const missing = lo === 0 && hi === 0;
    if (!missing && times.isValid(lo, hi)) {
      out.u64(lo, hi);
      return '';
    }
    out.u64(times.arrival.lo, times.arrival.hi);
    if (missing) return '';
    report.note('invalid_time');
    return uint64Text(lo, hi);
  }

  #writeSeverity(): void {
    const { reader, text } = this.#context;
    const { out } = this.#rows;
    let severity = this.#severity <= 24 ? this.#severity : 0;
    if (this.#textStart === this.#textEnd)
      out.raw(severityBlocks[severity] as Buffer); // 0 to 24.
    else {
      if (severity === 0) {
        const longest = Math.min(this.#textEnd, this.#textStart + 24);
        severity = severityNumber(reader.bytes.toString('latin1', this.#textStart, longest));
      }
      text.word(out, reader.bytes, this.#textStart, this.#textEnd, 256);
    }
    out.u8(severity);
  }

  #scan(start: number, end: number): void {
    const { reader } = this.#context;
    const attributes = this.#attributes;
    attributes.clear();
    this.#timeLo = this.#timeHi = this.#observedLo = this.#observedHi = 0;
    this.#severity = this.#flags = 0;
    this.#textStart = this.#textEnd = this.#bodyStart = this.#bodyEnd = 0;
    this.#traceStart = this.#traceEnd = this.#spanStart = this.#spanEnd = 0;
    this.#eventStart = this.#eventEnd = 0;
    reader.pos = start;
    while (reader.pos < end) {
      const tag = reader.varint(end);
      switch (tag) {
        case 0x09:
          reader.fixed64(end);
          this.#timeLo = reader.lo;
          this.#timeHi = reader.hi;
          break;
        case 0x59:
          reader.fixed64(end);
          this.#observedLo = reader.lo;
          this.#observedHi = reader.hi;
          break;
        case 0x10:
          this.#severity = reader.varint(end);
          break;
        case 0x45:
          this.#flags = reader.fixed32(end);
          break;
        case 0x32: {
          const fieldEnd = reader.enter(end);
          attributes.add(reader.pos, fieldEnd);
          reader.pos = fieldEnd;
          break;
        }
        case 0x1a:
        case 0x2a:
        case 0x4a:
        case 0x52:
        case 0x62:
          this.#bytesField(tag, end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
  }

  #bytesField(tag: number, end: number): void {
    const { reader } = this.#context;
    const fieldEnd = reader.enter(end);
    const fieldStart = reader.pos;
    reader.pos = fieldEnd;
    if (tag === 0x1a) {
      this.#textStart = fieldStart;
      this.#textEnd = fieldEnd;
    } else if (tag === 0x2a) {
      this.#bodyStart = fieldStart;
      this.#bodyEnd = fieldEnd;
    } else if (tag === 0x4a) {
      this.#traceStart = fieldStart;
      this.#traceEnd = fieldEnd;
    } else if (tag === 0x52) {
      this.#spanStart = fieldStart;
      this.#spanEnd = fieldEnd;
    } else {
      this.#eventStart = fieldStart;
      this.#eventEnd = fieldEnd;
    }
  }
}
