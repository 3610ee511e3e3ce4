import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Hub-Signature-256` (`sha256=` and 64 hex digits) is the HMAC-SHA256 of the body exactly as it
 * arrived, in constant time. docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSigned(body: Uint8Array, header: string | undefined, secret: string): boolean {
  const digits = /^sha256=([0-9a-fA-F]{64})$/.exec(header ?? '')?.[1];
  if (digits === undefined || secret === '') return false;
  return timingSafeEqual(Buffer.from(digits, 'hex'), createHmac('sha256', secret).update(body).digest());
}
