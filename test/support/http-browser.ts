import type { Express } from 'express';
import request from 'supertest';

/** What a browser's page of Lemni does: keeps the cookie and sends the CSRF token of the last answer that had one. */
export class Browser {
  readonly #app: Express;
  readonly #headers: Readonly<Record<string, string>>;
  cookie = '';
  csrfToken = '';
  lastSetCookie = '';

  constructor(app: Express, headers: Readonly<Record<string, string>> = {}) {
    this.#app = app;
    this.#headers = { Host: 'localhost:4318', 'User-Agent': 'a browser', ...headers };
  }

  get(path: string): request.Test {
    return this.#sent(request(this.#app).get(path));
  }

  post(path: string, body: object): request.Test {
    return this.#sent(request(this.#app).post(path)).send(body);
  }

  patch(path: string, body: object): request.Test {
    return this.#sent(request(this.#app).patch(path)).send(body);
  }

  delete(path: string): request.Test {
    return this.#sent(request(this.#app).delete(path));
  }

  #sent(test: request.Test): request.Test {
    void test.set(this.#headers);
    if (this.cookie !== '') void test.set('Cookie', this.cookie);
    if (this.csrfToken !== '') void test.set('X-CSRF-Token', this.csrfToken);
    return test.on('response', (response: request.Response) => {
      const [set] = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
      if (set !== undefined) {
        this.lastSetCookie = set;
        this.cookie = set.slice(0, set.indexOf(';'));
      }
      const token: unknown = (response.body as { csrfToken?: unknown } | undefined)?.csrfToken;
      if (typeof token === 'string') this.csrfToken = token;
    });
  }
}
