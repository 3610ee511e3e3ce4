import { createHmac } from 'node:crypto';
import { BadInput } from '../../../src/lib/errors.js';
import type { Secret } from '../../../src/lib/secret.js';

/**
 * The key behind `whsec_<base64>` (Standard Webhooks 1.0, "Signature scheme": 24 to 64 bytes); undefined: the
 * webhook is not signed. Throws `BadInput`.
 */
export function signingKey(name: string, secret: Secret): Buffer | undefined {
  const text = secret.reveal();
  if (text === '') return undefined;
  const encoded = text.startsWith('whsec_') ? text.slice('whsec_'.length) : text;
  const key = Buffer.from(encoded, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && key.length >= 24 && key.length <= 64) return key;
  throw new BadInput(
    'bad_request',
    `The secret of webhook "${name}" must be whsec_ and 24 to 64 random bytes in base64: make one with \`openssl rand -base64 32\`.`,
  );
}

/** The headers that say who sent it and when: `webhook-id`, `webhook-timestamp` (s) and the signature. */
export function signatureHeaders(
  key: Buffer | undefined,
  message: { readonly id: string; readonly payload: string },
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const headers = { 'webhook-id': message.id, 'webhook-timestamp': timestamp };
  if (key === undefined) return headers;
  const signature = createHmac('sha256', key)
    .update(`${message.id}.${timestamp}.${message.payload}`)
    .digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
