import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { packedAssets } from './packed-assets.js';

/** Paths of machines: what is not there is a problem document, never the page. */
const machinePath = /^\/(api|v1|hooks|otlp|prometheus|alertmanager|loki|elastic|live|assets|-)(\/|$)/;

const notBuilt =
  'The dashboard is not built: run `npm run build`, then reload. Everything below /api and /v1 works without it.\n';

export interface Dashboard {
  /** Before the routes: paths that are a page for a browser and something else for a machine. */
  readonly shared: RequestHandler;
  /** After the routes: files, and the page for every other path that a person may have in the address bar. */
  readonly pages: RequestHandler;
}

/**
 * The built pages. Files below /assets carry a hash in their name and never change; index.html is asked for anew
 * each time.
 */
export function dashboard(directory: string): Dashboard {
  const index = join(directory, 'index.html');
  function page(response: Response): void {
    response.set('Cache-Control', 'no-cache');
    response.vary('Accept');
    // Looked up each time: a build while Lemni runs is seen.
    if (existsSync(index)) response.sendFile(index, { cacheControl: false });
    else response.status(404).type('text/plain').send(notBuilt);
  }
  const shared = Router();
  // Prometheus' scrape and the metrics explorer have the same path; only a browser asks for HTML by name.
  shared.get('/metrics', (request, response, next) => {
    if (wantsPage(request)) page(response);
    else next();
  });
  const pages = Router();
  const assets = join(directory, 'assets');
  pages.use('/assets', packedAssets(assets));
  pages.use(
    '/assets',
    express.static(assets, { index: false, redirect: false, immutable: true, maxAge: '365d' }),
  );
  pages.use(express.static(directory, { index: false, redirect: false, maxAge: '1h' }));
  pages.get('/{*path}', (request, response, next) => {
    if (machinePath.test(request.path) || !wantsPage(request)) next();
    else page(response);
  });
  return { shared, pages };
}

/** True for a browser's navigation; curl's and fetch's star takes anything and gets the machine's answer. */
function wantsPage(request: Request): boolean {
  return request.accepts(['text', 'html']) === 'html';
}
