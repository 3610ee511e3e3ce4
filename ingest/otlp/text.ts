import { isUtf8 } from 'node:buffer';
import type { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import { NON_ASCII, SECRET_KEY, SUSPICIOUS, type Scrubber } from '../scrub/scrubber.js';
import type { DecodeReport } from './report.js';

/** What stands at the end of a text that was cut. */
export const cutMark = ' [truncated]';
/** Longer keys are cut. */
const maxKeyBytes = 1024;
/** A secret may begin before the cut and end after it: this much more is looked at before cutting. */
const lookahead = 4096;

/**
 * Writes texts from outside: valid UTF-8, scrubbed, no longer than their limit. Plain text (all of it, nearly
 * always) is inspected once and copied as bytes; only the rest becomes a JS string.
 */
export class TextWriter {
  readonly #scrubber: Scrubber;
  readonly #report: DecodeReport;

  constructor(scrubber: Scrubber, report: DecodeReport) {
    this.#scrubber = scrubber;
    this.#report = report;
  }

  /** A text as a String column's or map's value; `max` in bytes. */
  value(out: RowBinaryBuffer, bytes: Buffer, start: number, end: number, max: number): void {
    const seen = this.#scrubber.inspect(bytes, start, end);
    if (seen === 0 && end - start <= max) out.bytes(bytes, start, end);
    else this.#careful(out, bytes.subarray(start, end), seen, max);
  }

  /** A name or other word that is not scrubbed. */
  word(out: RowBinaryBuffer, bytes: Buffer, start: number, end: number, max: number): void {
    const seen = this.#scrubber.inspect(bytes, start, end);
    if ((seen & NON_ASCII) === 0 && end - start <= max) out.bytes(bytes, start, end);
    else this.#careful(out, bytes.subarray(start, end), seen & NON_ASCII, max);
  }

  /** Writes an attribute's key; true when its value must not be kept. */
  key(out: RowBinaryBuffer, bytes: Buffer, start: number, end: number): boolean {
    const seen = this.#scrubber.inspectKey(bytes, start, end);
    if ((seen & NON_ASCII) === 0 && end - start <= maxKeyBytes) out.bytes(bytes, start, end);
    else this.#careful(out, bytes.subarray(start, end), seen & NON_ASCII, maxKeyBytes);
    return (seen & SECRET_KEY) !== 0;
  }

  isSecretKey(key: string): boolean {
    return this.#scrubber.secretKey(key);
  }

  scrubbed(): void {
    this.#report.note('scrubbed');
  }

  #careful(out: RowBinaryBuffer, whole: Buffer, seen: number, max: number): void {
    let bytes = whole.length > max + lookahead ? whole.subarray(0, cutAt(whole, max + lookahead)) : whole;
    if ((seen & NON_ASCII) !== 0 && !isUtf8(bytes)) {
      this.#report.note('invalid_utf8');
      bytes = Buffer.from(bytes.toString('utf8')); // Puts U+FFFD in the place of every broken sequence.
    }
    if ((seen & SUSPICIOUS) !== 0) {
      const text = bytes.toString('utf8');
      const clean = this.#scrubber.scrub(text);
      if (clean !== text) {
        this.#report.note('scrubbed');
        bytes = Buffer.from(clean);
      }
    }
    if (bytes.length <= max && whole.length <= max + lookahead) {
      out.bytes(bytes);
      return;
    }
    this.#report.note('too_large');
    const end = cutAt(bytes, Math.max(0, max - cutMark.length));
    out.varint(end + cutMark.length);
    out.raw(bytes, 0, end);
    out.raw(cutMarkBytes);
  }
}

const cutMarkBytes = Buffer.from(cutMark);

/** The last position at or before `at` that does not cut a UTF-8 character in two. */
function cutAt(bytes: Buffer, at: number): number {
  let end = Math.min(at, bytes.length);
  for (let i = 0; i < 3 && end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80; i++) end--;
  return end;
}
