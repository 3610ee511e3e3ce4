/** 128 random bits in hex; works without a secure context, where `crypto.randomUUID` is missing. */
export function randomHex(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
