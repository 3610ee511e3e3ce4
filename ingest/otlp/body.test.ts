import { Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BadInput, Unavailable } from '../../src/lib/errors.js';
import { contentEncoding, decompress, readBody, type ContentEncoding } from './body.js';
import { InFlight } from './in-flight.js';

const limits = { maxBody: 1_000_000, maxDecompressedBody: 4_000_000 };
const reservation = new InFlight(100_000_000).reserve();
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** Written by zstd 1.5.4: with its size in the header (a file) and without (a pipe). */
const hello = {
  sized: base64('KLUv/SQXZQAAMGhlbGxvIAEAmUsRF16uDQ=='),
  piped: base64('KLUv/QRYZQAAMGhlbGxvIAEAmUsRF16uDQ=='),
  text: 'hello hello hello hello'.slice(0, 23),
};
/** 300,000 times `x`. */
const manyX = {
  sized: base64('KLUv/aTgkwQAVAAAEHh4AQD7/znAAgIAEHgDnwR4j3Kbog=='),
  piped: base64('KLUv/QRYVAAAEHh4AQD7/znAAgIAEHgDnwR4j3Kbog=='),
};

const unpack = (body: Buffer, encoding: ContentEncoding, max = limits.maxDecompressedBody): Promise<Buffer> =>
  decompress(body, encoding, { ...limits, maxDecompressedBody: max }, reservation);

describe('decompress', () => {
  it.each([
    ['gzip', gzipSync('hi')],
    ['deflate', deflateSync('hi')],
    ['identity', Buffer.from('hi')],
  ] as const)('%s', async (encoding, body) => {
    expect((await unpack(body, encoding)).toString()).toBe('hi');
  });

  it.each([
    ['with its size', hello.sized, hello.text],
    ['from a pipe', hello.piped, hello.text],
    ['in two frames', Buffer.concat([hello.sized, hello.piped]), hello.text + hello.text],
    [
      'after a skippable frame',
      Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]), hello.sized]),
      hello.text,
    ],
    ['in many blocks', manyX.piped, 'x'.repeat(300_000)],
    ['in many blocks, with its size', manyX.sized, 'x'.repeat(300_000)],
  ])('zstd %s', async (_, body, text) => {
    expect((await unpack(body, 'zstd')).toString()).toBe(text);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(100_000_000))],
    ['gzip', gzipSync(Buffer.alloc(1_100_000))],
    ['deflate', deflateSync(Buffer.alloc(100_000_000))],
    ['zstd', manyX.sized],
    ['zstd', manyX.piped],
    ['identity', Buffer.alloc(300_000)],
  ] as const)('stops at the limit: %s', async (encoding, body) => {
    await expect(unpack(body, encoding, 200_000)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('refuses a window that would take all memory, and tiny blocks that would take all day', async () => {
    const window = Buffer.from(hello.piped);
    window[5] = 0xa0; // 2^(10+20) bytes.
    await expect(unpack(window, 'zstd')).rejects.toMatchObject({ code: 'too_large' });
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 13 << 3]); // 8 MiB.
    const block = Buffer.from([0x0a, 0x00, 0x00, 0x00]); // One byte, run-length.
    const blocks = Buffer.concat([header, ...Array<Buffer>(20_000).fill(block), Buffer.from([0x01, 0, 0])]);
    await expect(unpack(blocks, 'zstd')).rejects.toMatchObject({ code: 'too_large' });
  });

  it('survives frames that are cut or changed at every byte', async () => {
    for (const frame of [hello.sized, hello.piped, manyX.piped, gzipSync('hello')]) {
      const encoding = frame[0] === 0x28 ? 'zstd' : 'gzip';
      for (let at = 0; at < frame.length; at++) {
        const changed = Buffer.from(frame);
        changed[at] = 0xff;
        for (const body of [frame.subarray(0, at), changed]) {
          if (body.length === 0) continue;
          const outcome = await unpack(body, encoding).catch((error: unknown) => error);
          expect(outcome instanceof BadInput || outcome instanceof Buffer).toBe(true);
        }
      }
    }
  });

  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    [' GZIP ', 'gzip'],
    ['zstd', 'zstd'],
  ])('Content-Encoding %j is %s', (header, expected) => {
    expect(contentEncoding(header)).toBe(expected);
  });
});

describe('readBody', () => {
  it('counts as the bytes come', async () => {
    const room = new InFlight(1000);
    const held = room.reserve();
    expect(await readBody(Readable.from([Buffer.alloc(400), Buffer.alloc(500)]), limits, held)).toHaveLength(
      900,
    );
    expect(room.bytes).toBe(900);
    await expect(readBody(Readable.from([Buffer.alloc(101)]), limits, room.reserve())).rejects.toBeInstanceOf(
      Unavailable,
    );
    held.release();
    expect(room.bytes).toBe(0);
    await expect(
      readBody(Readable.from([Buffer.alloc(60), Buffer.alloc(60)]), { ...limits, maxBody: 100 }, held),
    ).rejects.toMatchObject({ code: 'too_large' });
  });

  it('says so when the sender goes away', async () => {
    const stream = new Readable({ read: () => undefined });
    const reading = readBody(stream, limits, reservation);
    stream.push('abc');
    stream.destroy();
    await expect(reading).rejects.toThrow(/closed before the body ended/);
  });
});
