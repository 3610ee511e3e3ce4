import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../src/lib/errors.js';
import { identifyImage } from './image.js';
import { parseScreenshot } from './screenshot.js';
import { dataUrl, jpegOf, pngOf, webpExtendedOf, webpLossless, webpLossy } from './testing/images.js';

const max = 100_000;

describe('a picture', () => {
  it.each([
    ['PNG', pngOf(3, 2), { contentType: 'image/png', width: 3, height: 2 }],
    ['JPEG', jpegOf(1920, 1080), { contentType: 'image/jpeg', width: 1920, height: 1080 }],
    ['lossy WebP', webpLossy, { contentType: 'image/webp', width: 1, height: 1 }],
    ['lossless WebP', webpLossless, { contentType: 'image/webp', width: 1, height: 1 }],
    [
      'extended WebP',
      webpExtendedOf(4000, 70_000),
      { contentType: 'image/webp', width: 4000, height: 70_000 },
    ],
  ])('is known by its bytes: %s', (_what, bytes, expected) => {
    expect(identifyImage(bytes)).toEqual(expected);
    for (let length = 0; length < Math.min(bytes.length, 40); length++) {
      expect(() => identifyImage(bytes.subarray(0, length))).not.toThrow();
    }
  });

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['a GIF', 'GIF89a\x01\x00\x01\x00'],
    ['a PDF', '%PDF-1.7'],
    ['a JPEG without a frame', '\xff\xd8\xff\xd9'],
    ['a JPEG whose segment has no length', '\xff\xd8\xff\xe0\x00\x00aaaaaaaaaaaaaaa'],
    ['nothing', ''],
  ])('is not %s', (_what, text) => {
    expect(identifyImage(Buffer.from(text, 'latin1'))).toBeUndefined();
  });

  it('is never found where a loop would not end', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('ffd8ff', '89504e470d0a1a0a', '52494646'),
        (tail, head) => {
          identifyImage(Buffer.concat([Buffer.from(head, 'hex'), tail]));
        },
      ),
      { seed: 4, numRuns: 2000 },
    );
  });
});

describe('a screenshot', () => {
  it('is taken with the type of its bytes', () => {
    expect(parseScreenshot(dataUrl('image/png', pngOf(3, 2)), max)).toEqual({
      contentType: 'image/png',
      bytes: pngOf(3, 2),
    });
  });

  const png = pngOf(3, 2);
  it.each([
    ['another type than it says', dataUrl('image/jpeg', png), 'says image/jpeg and holds image/png'],
    ['SVG', dataUrl('image/svg+xml', Buffer.from('<svg/>')), 'is not a data URL of a PNG'],
    ['HTML that says it is a PNG', dataUrl('image/png', Buffer.from('<html>'.repeat(3))), 'holds no PNG'],
    ['a link', 'https://example.com/a.png', 'is not a data URL'],
    ["a link in a data URL's clothes", 'data:text/html,https://example.com', 'is not a data URL'],
    ['parameters', dataUrl('image/png;x=y', png), 'is not a data URL'],
    [
      'base64 with blanks',
      `data:image/png;base64,${png.toString('base64').slice(0, -4)} A==`,
      'is not valid base64',
    ],
    ['base64 that was cut', dataUrl('image/png', png).slice(0, -1), 'is not valid base64'],
    ['no bytes', 'data:image/png;base64,', 'is not valid base64'],
    ['a side too long', dataUrl('image/webp', webpExtendedOf(16_385, 1)), 'measures 16385 by 1'],
    ['too many pixels', dataUrl('image/jpeg', jpegOf(16_000, 16_000)), 'measures 16000 by 16000'],
    ['no width', dataUrl('image/jpeg', jpegOf(0, 4)), 'measures 0 by 4'],
    ['too many bytes', dataUrl('image/png', pngOf(1, 1, Buffer.alloc(max))), 'larger than 100000 bytes'],
  ])('is refused: %s', (_what, url, words) => {
    expect(() => parseScreenshot(url, max)).toThrow(BadInput);
    expect(() => parseScreenshot(url, max)).toThrow(words);
  });

  it('is taken up to the last byte', () => {
    const empty = pngOf(1, 1).length;
    const exact = pngOf(1, 1, Buffer.alloc(max - empty));
    expect(parseScreenshot(dataUrl('image/png', exact), max).bytes.length).toBe(max);
    const more = pngOf(1, 1, Buffer.alloc(max - empty + 1));
    expect(() => parseScreenshot(dataUrl('image/png', more), max)).toThrow('larger');
  });
});
