import { BadInput } from '../../src/lib/errors.js';

/** The event of a delivery: JSON itself, or the field `payload` of a form. */
export function parseDelivery(body: Uint8Array, contentType: string | undefined): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType ?? '');
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  if (json === null) {
    throw new BadInput('bad_request', 'The form has no field "payload": this is not a delivery of GitHub.');
  }
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new BadInput('bad_request', 'The delivery is not valid JSON.', { cause });
  }
}
