import type { Lemni } from './lemni.js';

/** A person who is logged in, over HTTP only. */
export class Session {
  readonly #url: string;
  readonly #cookie: string;
  readonly #csrf: string;

  private constructor(url: string, cookie: string, csrf: string) {
    this.#url = url;
    this.#cookie = cookie;
    this.#csrf = csrf;
  }

  static byLink(lemni: Lemni): Promise<Session> {
    return Session.#by(lemni, '/api/login/link', { token: lemni.loginToken });
  }

  static byPassword(lemni: Lemni, email: string, password: string): Promise<Session> {
    return Session.#by(lemni, '/api/login', { email, password });
  }

  static async #by(lemni: Lemni, path: string, body: object): Promise<Session> {
    const response = await fetch(lemni.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const me = (await fetch(`${lemni.url}/api/me`, { headers: { cookie } }).then((answer) =>
      answer.json(),
    )) as {
      csrfToken: string;
    };
    return new Session(lemni.url, cookie, me.csrfToken);
  }

  get cookie(): string {
    return this.#cookie;
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.#url + path, { headers: { cookie: this.#cookie } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { cookie: this.#cookie, 'x-csrf-token': this.#csrf, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
