import type { RowBinaryBuffer } from '../../src/lib/rowbinary.js';
import type { DecodeReport } from './report.js';

/**
 * Writes a trace id (16 bytes) or span id (8) in lower-case hexadecimal. All zeroes means "none" and becomes
 * the empty text; so does an id of another length, which the specification calls invalid, with a note: the
 * record is worth more than its id.
 */
export function writeId(
  out: RowBinaryBuffer,
  bytes: Buffer,
  start: number,
  end: number,
  { size, report }: { size: number; report: DecodeReport },
): void {
  const length = end - start;
  if (length === size) {
    for (let i = start; i < end; i++) {
      if (bytes[i] !== 0) {
        out.hex(bytes, start, end);
        return;
      }
    }
  } else if (length !== 0) report.note('invalid_id');
  out.u8(0);
}
