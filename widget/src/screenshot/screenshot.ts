import { createContext, domToCanvas } from 'modern-screenshot';
import { hideSecrets } from './mask.js';

export interface ScreenshotOptions {
  /** Selector of what must not be shown, besides all fields. */
  readonly mask: string;
}

/** Longer sides say no more, and cost the person's upload. */
const maxWidth = 1600;
/** In characters of the data URL; Lemni takes 2 MiB of bytes by default. */
const maxLength = 1_300_000;
/** A larger document would hold up the page for seconds. */
const maxElements = 20_000;
const timeoutMs = 10_000;

/** The part of the page that is on the screen, as a WebP or JPEG data URL. Throws when it cannot be drawn. */
export async function takeScreenshot(options: ScreenshotOptions): Promise<string> {
  const { innerWidth: width, innerHeight: height, scrollX, scrollY } = window;
  const page = document.documentElement;
  if (page.getElementsByTagName('*').length > maxElements) throw new Error('The page is too large.');
  const frame = emptyFrame();
  const context = await createContext(page, {
    autoDestruct: true,
    // Reading web fonts needs inline styles, which a strict policy forbids: the next font of the list is drawn.
    font: false,
    width,
    height,
    scale: Math.min(1, maxWidth / width),
    timeout: timeoutMs,
    backgroundColor: backgroundOf(page),
    // Of pictures that cannot be fetched from here, a grey box is left.
    fetch: { placeholderImage: greyPixel },
    style: { margin: '0', transform: `translate(${-scrollX}px, ${-scrollY}px)`, transformOrigin: '0 0' },
    filter: (node) => node.nodeName !== 'LEMNI-FEEDBACK' && node !== frame && node.nodeName !== 'NOSCRIPT',
    onCloneNode: (clone) => {
      if (clone instanceof Element) hideSecrets(clone, options.mask);
    },
    onCloneEachNode: (clone) => {
      // Below the moved root a fixed element would scroll away.
      if (clone instanceof HTMLElement && clone.style.position === 'fixed') {
        clone.style.translate = `${scrollX}px ${scrollY}px`;
      }
    },
  });
  context.sandbox = frame;
  const canvas = await domToCanvas(context).finally(() => frame.remove());
  if (isBlank(canvas)) throw new Error('The page could not be drawn.');
  for (const quality of [0.85, 0.6, 0.35]) {
    // Where WebP cannot be written, browsers answer with a PNG.
    const webp = canvas.toDataURL('image/webp', quality);
    const url = webp.startsWith('data:image/webp') ? webp : canvas.toDataURL('image/jpeg', quality);
    if (url.length <= maxLength) return url;
  }
  throw new Error('The screenshot is too large.');
}

/**
 * Where the library reads a browser's default styles. It would write a document into its own frame, which
 * `require-trusted-types-for 'script'` forbids; an empty one does as well.
 */
function emptyFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.width = frame.height = '0';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  Object.assign(frame.style, { position: 'fixed', visibility: 'hidden', border: '0' });
  document.body.append(frame);
  return frame;
}

const greyPixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==';

/** Of body or root; a page that names none is white. */
function backgroundOf(page: HTMLElement): string {
  const named = [document.body, page]
    .map((element) => getComputedStyle(element).backgroundColor)
    .find((color) => color !== 'transparent' && !/, 0\)$/.test(color));
  return named ?? '#fff';
}

/** Nothing was drawn at all: the page's policy forbids pictures out of `data:`. */
function isBlank(canvas: HTMLCanvasElement): boolean {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return true;
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  return pixels.every((pixel) => pixel === pixels[0]);
}
