import type { Readable, Transform } from 'node:stream';
import { createGunzip, createInflate, gunzipSync } from 'node:zlib';
import { BadInput, messageOf } from '../../src/lib/errors.js';
import type { Reservation } from './in-flight.js';
import { unzstd } from './zstd.js';

export interface BodyLimits {
  /** Bytes as they arrive, and after decompression. */
  readonly maxBody: number;
  readonly maxDecompressedBody: number;
}

export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'zstd';

/** The encoding of a Content-Encoding header; throws for one that is not known. */
export function contentEncoding(header: string | undefined): ContentEncoding {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
    case 'none':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
    case 'zlib':
      return 'deflate';
    case 'zstd':
      return 'zstd';
    default:
      throw new BadInput(
        'bad_request',
        `Content-Encoding "${String(header).slice(0, 40)}" is not supported: use gzip, deflate, zstd or none.`,
        { at: 'Content-Encoding' },
      );
  }
}

function tooLarge(what: string, max: number): BadInput {
  return new BadInput('too_large', `The ${what} is larger than ${max} bytes: send smaller batches.`);
}

/** Reads a body to its end, counting as it comes: most exporters send no Content-Length. */
export async function readBody(
  stream: Readable,
  { maxBody }: BodyLimits,
  reservation: Reservation,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error): void => {
      stream.off('data', take).off('end', end).off('error', fail).off('close', closed);
      if (error) reject(error);
      else resolve();
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        if (size > maxBody) throw tooLarge('body', maxBody);
        reservation.set(size);
        chunks.push(chunk);
      } catch (error) {
        done(error as Error); // BadInput or Unavailable, from the two lines above.
      }
    };
    const end = (): void => done();
    const fail = (error: Error): void =>
      done(new BadInput('bad_request', `The body ended early: ${messageOf(error)}.`, { cause: error }));
    const closed = (): void =>
      done(new BadInput('bad_request', 'The connection was closed before the body ended.'));
    stream.on('data', take).on('end', end).on('error', fail).on('close', closed);
  });
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

/** Small bodies are inflated at once, which is faster than asking the thread pool. */
const smallBody = 64 * 1024;
const smallResult = 1024 * 1024;

/** The decompressed body; never more than `maxDecompressedBody` bytes of it exist. */
export async function decompress(
  body: Buffer,
  encoding: ContentEncoding,
  limits: BodyLimits,
  reservation: Reservation,
): Promise<Buffer> {
  if (encoding === 'identity' || body.length === 0) {
    if (body.length > limits.maxDecompressedBody) throw tooLarge('body', limits.maxDecompressedBody);
    return body;
  }
  if (encoding === 'zstd') return unzstd(body, limits.maxDecompressedBody, reservation);
  if (encoding === 'gzip' && body.length <= smallBody) {
    try {
      return gunzipSync(body, { maxOutputLength: Math.min(smallResult, limits.maxDecompressedBody) });
    } catch {
      // Larger than that, or broken: the way below finds out which.
    }
  }
  return inflate(
    encoding === 'gzip' ? createGunzip() : createInflate(),
    body,
    limits.maxDecompressedBody,
    reservation,
  );
}

function inflate(engine: Transform, body: Buffer, max: number, reservation: Reservation): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      engine.destroy();
      reject(error);
    };
    engine.on('data', (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > max) throw tooLarge('decompressed body', max);
        reservation.set(body.length + size);
        chunks.push(chunk);
      } catch (error) {
        fail(error as Error); // BadInput or Unavailable, from the two lines above.
      }
    });
    engine.on('end', () => resolve(Buffer.concat(chunks, size)));
    engine.on('error', (error) =>
      fail(
        new BadInput('bad_request', `The body cannot be decompressed: ${error.message}.`, { cause: error }),
      ),
    );
    engine.end(body);
  });
}
