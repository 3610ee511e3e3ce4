import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { securityHeaders } from '../../src/http/security-headers.js';
import { widgetRoutes } from '../../src/http/widget.js';

const built = fileURLToPath(new URL('../../dist/widget', import.meta.url));

function appOf(directory: string | undefined) {
  const app = express();
  app.use(securityHeaders(false));
  app.use(widgetRoutes(directory));
  return app;
}

describe('the widget', () => {
  it('has at most 10 kB gzip in what every page loads', async () => {
    const script = await readFile(join(built, 'widget.js'));
    expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(10_000);
    // A top-level declaration of a classic script would be a global of the page.
    expect(script.toString()).toMatch(/^\(function|^!function|^\(\(\)=>/);
    expect(script.toString()).not.toMatch(/^var /);
  });

  it.each(['/widget.js', '/widget-screenshot.js'])('%s is served to pages of all origins', async (path) => {
    const app = appOf(built);
    const answer = await request(app).get(path).set('Accept-Encoding', 'gzip');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(answer.text).toBe(await readFile(join(built, path), 'utf8'));
    const tag = String(answer.headers['etag']);
    const again = await request(app).get(path).set({ 'If-None-Match': tag, 'Accept-Encoding': 'gzip' });
    expect([again.status, again.text]).toEqual([304, '']);
    const plain = await request(app).get(path).set({ 'If-None-Match': tag, 'Accept-Encoding': 'identity' });
    expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
    const packed = await request(app)
      .get(path)
      .set('Accept-Encoding', 'br, gzip')
      .responseType('arraybuffer');
    expect(packed.headers['content-encoding']).toBe('br');
    expect((await request(app).head(path)).status).toBe(200);
  });

  it('is the new one after a build, and says when there is none', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lemni-widget-'));
    const app = appOf(directory);
    const missing = await request(app).get('/widget.js');
    expect([missing.status, missing.headers['cache-control']]).toEqual([404, 'no-store']);
    expect(missing.text).toContain('npm run build');
    expect((await request(appOf(undefined)).get('/widget.js')).status).toBe(404);
    await writeFile(join(directory, 'widget.js'), 'first');
    expect((await request(app).get('/widget.js')).text).toBe('first');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(join(directory, 'widget.js'), 'second');
    expect((await request(app).get('/widget.js')).text).toBe('second');
    await rm(directory, { recursive: true });
  });
});
