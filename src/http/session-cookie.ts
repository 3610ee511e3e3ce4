import type { CookieOptions, Response } from 'express';

/**
 * The cookie of a login. `__Host-` (RFC 6265bis) keeps other hosts of the domain from setting it; it needs
 * Secure, so it is for publicUrl with https only. Strict is no hindrance: the page itself needs no login, and
 * what it asks for afterwards comes from the same site.
 */
export class SessionCookie {
  readonly name: string;
  readonly #options: CookieOptions;
  readonly #lifetimeMs: number;

  constructor(publicUrl: string, lifetimeMs: number) {
    const secure = publicUrl.startsWith('https:');
    this.name = secure ? '__Host-lemni_session' : 'lemni_session';
    this.#options = { httpOnly: true, sameSite: 'strict', secure, path: '/' };
    this.#lifetimeMs = lifetimeMs;
  }

  set(response: Response, token: string): void {
    response.cookie(this.name, token, { ...this.#options, maxAge: this.#lifetimeMs });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.#options);
  }
}
