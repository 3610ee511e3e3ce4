import { createHash, timingSafeEqual } from 'node:crypto';

/** Request headers as Node gives them: lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * The key a sender shows: `Authorization: Bearer KEY`, the bare key (HyperDX's SDKs), the password of Basic
 * (Prometheus, Promtail), or `X-Api-Key`. Undefined when it shows nothing; empty when what it shows is no key.
 */
export function shownKey(headers: Headers): string | undefined {
  const authorization = header(headers, 'authorization');
  if (authorization === undefined) return header(headers, 'x-api-key')?.trim();
  const [scheme = '', ...rest] = authorization.trim().split(/\s+/);
  if (rest.length === 0) return scheme;
  if (/^bearer$/i.test(scheme)) return rest.join('');
  if (/^basic$/i.test(scheme)) {
    const text = Buffer.from(rest.join(''), 'base64').toString('utf8');
    return text.slice(text.indexOf(':') + 1);
  }
  return '';
}

/** One cookie's value (RFC 6265, section 5.4; the first when it is there twice). */
export function cookie(headers: Headers, name: string): string | undefined {
  const all = header(headers, 'cookie');
  if (all === undefined) return undefined;
  for (const part of all.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** SHA-256 in hex: how tokens and keys of 256 random bits are kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares without telling by its time how much was right. */
export function sameText(left: string, right: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(left).digest(),
    createHash('sha256').update(right).digest(),
  );
}
