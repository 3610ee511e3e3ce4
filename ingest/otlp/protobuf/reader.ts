import { BadInput } from '../../../src/lib/errors.js';

/** The wire format's types (protobuf.dev/programming-guides/encoding). 3 and 4 are groups, which OTLP never had. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/**
 * Reads protobuf's wire primitives from a buffer, never past `end`, the end of the message that is being
 * read. 64-bit numbers come as two unsigned halves in `lo` and `hi`. Nothing is copied: length-delimited
 * fields are answered as positions. Every mistake is a `BadInput` that names the byte.
 */
export class ProtoReader {
  readonly bytes: Buffer;
  pos = 0;
  /** The halves of the last 64-bit number, unsigned. */
  lo = 0;
  hi = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** A varint as a number: tags, lengths and small values. Above 2^53 it loses digits; see `varint64`. */
  varint(end: number): number {
    const byte = this.bytes[this.pos] as number; // Compared with end before it is believed.
    if (byte < 0x80 && this.pos < end) {
      this.pos++;
      return byte;
    }
    this.varint64(end);
    return this.hi * 0x1_0000_0000 + this.lo;
  }

  varint64(end: number): void {
    const { bytes } = this;
    const start = this.pos;
    let lo = 0;
    let hi = 0;
    for (let i = 0; i < 10; i++) {
      if (start + i >= end) this.fail(start, 'a number runs past the end of its message');
      const byte = bytes[start + i] as number; // Inside the bounds.
      const bits = byte & 0x7f;
      if (i < 4) lo |= bits << (7 * i);
      else if (i === 4) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else hi |= bits << (7 * i - 32);
      if (byte < 0x80) {
        this.pos = start + i + 1;
        this.lo = lo >>> 0;
        this.hi = hi >>> 0;
        return;
      }
    }
    this.fail(start, 'a number is longer than 10 bytes');
  }

  fixed64(end: number): void {
    const { bytes, pos } = this;
    if (pos + 8 > end) this.fail(pos, 'a 64-bit number runs past the end of its message');
    this.lo = this.#word(bytes, pos);
    this.hi = this.#word(bytes, pos + 4);
    this.pos = pos + 8;
  }

  fixed32(end: number): number {
    const { pos } = this;
    if (pos + 4 > end) this.fail(pos, 'a 32-bit number runs past the end of its message');
    this.pos = pos + 4;
    return this.#word(this.bytes, pos);
  }

  double(end: number): number {
    const { pos } = this;
    if (pos + 8 > end) this.fail(pos, 'a double runs past the end of its message');
    this.pos = pos + 8;
    return this.bytes.readDoubleLE(pos);
  }

  /** Reads a length and answers where its field ends; `pos` is where the field starts. */
  enter(end: number): number {
    const start = this.pos;
    const length = this.varint(end);
    const fieldEnd = this.pos + length;
    if (fieldEnd > end) this.fail(start, `a field claims ${length} bytes, more than its message has left`);
    return fieldEnd;
  }

  /** Skips the field whose tag was just read: unknown, or of another type than expected. */
  skip(tag: number, end: number): void {
    const at = this.pos;
    if (tag < 8 || tag > 0xffff_ffff) this.fail(at, `${tag} is not a field's tag`);
    switch (tag & 7) {
      case VARINT:
        this.varint64(end);
        return;
      case FIXED64:
        this.pos += 8;
        break;
      case BYTES:
        this.pos = this.enter(end);
        return;
      case FIXED32:
        this.pos += 4;
        break;
      default:
        this.fail(at, `wire type ${tag & 7} is not used by OTLP (groups are not supported)`);
    }
    if (this.pos > end) this.fail(at, 'a field runs past the end of its message');
  }

  fail(at: number, what: string): never {
    throw new BadInput('bad_request', `The protobuf message is broken at byte ${at}: ${what}.`, {
      at: `byte ${at}`,
    });
  }

  #word(bytes: Buffer, at: number): number {
    // Inside the bounds: the callers compared with end.
    const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [
      number,
      number,
      number,
      number,
    ];
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }
}
