import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import express, { type Request, type Response, type Router } from 'express';

const files = ['widget.js', 'widget-screenshot.js'] as const;
type File = (typeof files)[number];

const encodings = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof encodings)[number];

/** One file as it leaves, in each encoding. */
interface Packed {
  /** Of the file it was made from, Unix ms. */
  readonly changedAt: number;
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
  readonly tag: string;
}

const notBuilt = 'The widget is not built: run `npm run build`, then try again.\n';

/**
 * The feedback widget for pages of all origins: `/widget.js` and what it loads on demand. It is public and says
 * nothing of this installation, so every page may read it (`crossorigin` on the tag works); posting needs a key
 * and an allowed origin. An hour in caches, then asked for anew by its tag: a new version of Lemni brings a
 * new widget to every page within that time.
 */
export function widgetRoutes(directory: string | undefined): Router {
  const router = express.Router();
  const packed = new Map<File, Packed>();
  for (const file of files) {
    router.get(`/${file}`, async (request: Request, response: Response) => {
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
      const found = directory === undefined ? undefined : await current(packed, directory, file);
      if (!found) {
        response.set('Cache-Control', 'no-store').status(404).type('text/plain').send(notBuilt);
        return;
      }
      const accepted = request.acceptsEncodings([...encodings]);
      const encoding = encodings.find((known) => known === accepted) ?? 'identity';
      response.vary('Accept-Encoding');
      response.set({
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'public, max-age=3600, stale-while-revalidate=86400',
        ETag: `"${found.tag}-${encoding}"`,
      });
      if (request.fresh) {
        response.status(304).end();
        return;
      }
      if (encoding !== 'identity') response.set('Content-Encoding', encoding);
      response.end(found.bodies[encoding]);
    });
  }
  return router;
}

/** Looked up each time: a build while Lemni runs is seen. */
async function current(
  packed: Map<File, Packed>,
  directory: string,
  file: File,
): Promise<Packed | undefined> {
  const path = join(directory, file);
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  const known = packed.get(file);
  if (known?.changedAt === found.mtimeMs) return known;
  const identity = await readFile(path);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(identity),
    promisify(gzip)(identity, { level: 9 }),
  ]);
  const next: Packed = {
    changedAt: found.mtimeMs,
    bodies: { br, gzip: gz, identity },
    tag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
  };
  packed.set(file, next);
  return next;
}
