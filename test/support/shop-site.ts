import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

export interface ShopPage {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A small site of somebody else, on an origin of its own, with pages that a test writes. */
export class ShopSite {
  readonly origin: string;
  readonly #server: Server;
  readonly pages = new Map<string, ShopPage>();

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(): Promise<ShopSite> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The site has no port.');
    const site = new ShopSite(server, `http://localhost:${address.port}`);
    server.on('request', (request, response) => {
      const page = site.pages.get((request.url ?? '').split('?')[0] ?? '');
      const api = request.url?.startsWith('/api') === true;
      response.writeHead(page ? (api ? 500 : 200) : 404, {
        'content-type':
          request.url?.endsWith('.js') === true ? 'text/javascript' : 'text/html; charset=utf-8',
        ...page?.headers,
      });
      response.end(page?.body ?? '');
    });
    return site;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
