/** Slots of the cache; a program uses a few hundred different keys. */
const slots = 4096;
/** Longer keys are asked about each time. */
const longestKey = 128;

/**
 * Remembers the answer for keys as bytes, so that a key that was seen before costs a hash and a comparison.
 * One key a slot: a newcomer takes the place of whoever was there, so it never grows.
 */
export class KeyCache {
  readonly #ask: (key: Buffer) => number;
  readonly #keys: (Buffer | undefined)[] = new Array<Buffer | undefined>(slots).fill(undefined);
  readonly #answers = new Uint8Array(slots);

  constructor(ask: (key: Buffer) => number) {
    this.#ask = ask;
  }

  /** The answer (0 to 255) for the key between start and end. */
  answer(bytes: Uint8Array, start: number, end: number): number {
    const size = end - start;
    if (size > longestKey) return this.#ask(Buffer.from(bytes.subarray(start, end)));
    let hash = size;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0; // The caller's bounds.
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#keys[slot];
    if (known?.length === size && same(known, bytes, start)) return this.#answers[slot] as number; // One answer a slot.
    const key = Buffer.from(bytes.subarray(start, end));
    const answer = this.#ask(key);
    this.#keys[slot] = key;
    this.#answers[slot] = answer;
    return answer;
  }
}

function same(known: Buffer, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
