import { BadInput } from '../../src/lib/errors.js';
import { identifyImage } from './image.js';
import type { Screenshot } from './ports.js';

/** Longer sides and more pixels than any screen has: a browser that shows it would need gigabytes. */
const maxSide = 16_384;
const maxPixels = 50_000_000;

/**
 * The screenshot of a data URL. What it is, is read from its bytes: the type in the URL is only held against
 * them. Throws `BadInput` for anything but a PNG, JPEG or WebP of a bounded size.
 */
export function parseScreenshot(url: string, maxBytes: number): Screenshot {
  const comma = url.slice(0, 64).indexOf(',');
  const type = /^data:(image\/(?:png|jpeg|webp));base64$/.exec(url.slice(0, Math.max(0, comma)))?.[1];
  if (type === undefined) {
    throw refused('is not a data URL of a PNG, JPEG or WebP in base64, such as "data:image/png;base64,..."');
  }
  const text = url.slice(comma + 1);
  if (Math.floor((text.length * 3) / 4) > maxBytes + 2) throw tooLarge(maxBytes);
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw refused('is not valid base64');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  const image = identifyImage(bytes);
  if (!image) throw refused('holds no PNG, JPEG or WebP');
  if (image.contentType !== type) throw refused(`says ${type} and holds ${image.contentType}`);
  const { width, height, contentType } = image;
  if (width < 1 || height < 1 || width > maxSide || height > maxSide || width * height > maxPixels) {
    throw refused(
      `measures ${width} by ${height} pixels; at most ${maxSide} a side and ${maxPixels} together are taken`,
    );
  }
  return { contentType, bytes };
}

function refused(what: string): BadInput {
  return new BadInput('bad_request', `"screenshot" ${what}.`, { at: 'screenshot' });
}

function tooLarge(maxBytes: number): BadInput {
  return new BadInput(
    'too_large',
    `"screenshot" is larger than ${maxBytes} bytes (feedback.maxScreenshotBytes): send it smaller or as JPEG.`,
    { at: 'screenshot' },
  );
}
