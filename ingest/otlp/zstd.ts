import { Decompress, decompress } from 'fzstd';
import { BadInput, LemniError, messageOf } from '../../src/lib/errors.js';
import type { Reservation } from './in-flight.js';

/** Zstandard (RFC 8878) recommends that decoders support windows of 8 MiB; encoders' defaults stay below. */
const maxWindow = 8 * 1024 * 1024;
/**
 * The decoder moves its whole window once a block, so tiny blocks with a large window would cost minutes.
 * This many bytes are moved in about a second.
 */
const maxMovedBytes = 8 * 1024 ** 3;

interface Frame {
  readonly start: number;
  readonly end: number;
  readonly window: number;
  /** Undefined when the encoder did not know it. */
  readonly contentSize: number | undefined;
  readonly blocks: number;
}

/** Zstandard to bytes. The frames are walked before anything is allocated: their headers may lie. */
export async function unzstd(body: Buffer, max: number, reservation: Reservation): Promise<Buffer> {
  try {
    const parts: Buffer[] = [];
    let total = 0;
    const take = (part: Uint8Array): void => {
      total += part.length;
      if (total > max) throw tooLarge(max);
      reservation.set(body.length + total);
      parts.push(Buffer.from(part.buffer, part.byteOffset, part.length));
    };
    for (const frame of framesOf(body)) {
      const bytes = body.subarray(frame.start, frame.end);
      if (frame.contentSize !== undefined) {
        if (total + frame.contentSize > max) throw tooLarge(max);
        reservation.set(body.length + total + frame.contentSize);
        take(decompress(bytes));
      } else {
        if (frame.window > maxWindow || frame.window * frame.blocks > maxMovedBytes) throw tooLarge(max);
        // The decoder keeps no reference to what it hands out, but goes on writing into its window.
        const stream = new Decompress((part) => take(Buffer.from(part)));
        stream.push(bytes, true);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, total);
  } catch (error) {
    if (error instanceof LemniError) throw error;
    throw new BadInput('bad_request', `The body cannot be decompressed: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function tooLarge(max: number): BadInput {
  return new BadInput(
    'too_large',
    `The decompressed body is larger than ${max} bytes: send smaller batches.`,
  );
}

function broken(at: number): BadInput {
  return new BadInput('bad_request', `The body is not Zstandard: broken at byte ${at}.`, {
    at: `byte ${at}`,
  });
}

/** Frame headers and block headers (RFC 8878, 3.1.1), nothing decoded. */
function framesOf(body: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + 8 > body.length) throw broken(at);
    const magic = body.readUInt32LE(at);
    if (magic >>> 4 === 0x184d2a5) at += 8 + body.readUInt32LE(at + 4);
    else if (magic === 0xfd2fb528) {
      const frame = frameAt(body, at);
      frames.push(frame);
      at = frame.end;
    } else throw broken(at);
  }
  return frames;
}

function frameAt(body: Buffer, start: number): Frame {
  const descriptor = body[start + 4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  let at = start + 5;
  let window = 0;
  if (!single) {
    const exponent = (body[at] ?? 0) >>> 3;
    const base = 2 ** (10 + exponent);
    window = base + (base / 8) * ((body[at] ?? 0) & 7);
    at++;
  }
  at += [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  if (at + sizeBytes > body.length) throw broken(at);
  let contentSize: number | undefined;
  if (sizeBytes === 1) contentSize = body[at];
  else if (sizeBytes === 2) contentSize = body.readUInt16LE(at) + 256;
  else if (sizeBytes === 4) contentSize = body.readUInt32LE(at);
  else if (sizeBytes === 8) contentSize = Number(body.readBigUInt64LE(at));
  at += sizeBytes;
  let blocks = 0;
  for (let last = false; !last; blocks++) {
    if (at + 3 > body.length) throw broken(at);
    const header = body.readUIntLE(at, 3);
    last = (header & 1) === 1;
    // A run-length block holds one byte, however long its result.
    at += 3 + (((header >>> 1) & 3) === 1 ? 1 : header >>> 3);
  }
  if ((descriptor & 4) !== 0) at += 4;
  if (at > body.length) throw broken(at);
  return { start, end: at, window: single ? (contentSize ?? 0) : window, contentSize, blocks };
}
