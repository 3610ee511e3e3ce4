import { randomBytes } from 'node:crypto';

/** Makes ids that sort by time: 48 bits of milliseconds and 80 random bits, as 26 characters (ULID). */
export type NewId = (now: number) => string;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID (github.com/ulid/spec): sorts by its time, unique without coordination. */
export const newUlid: NewId = (now) => {
  let time = '';
  let rest = now;
  for (let i = 0; i < 10; i++) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = '';
  for (const byte of randomBytes(16)) random += alphabet.charAt(byte & 31);
  return time + random;
};

/** `bytes` random bytes in base64url: for tokens, keys and nonces. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
