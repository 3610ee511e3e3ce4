/**
 * Two independent 32-bit hashes (MurmurHash3's rounds, four bytes at a time) that make one of 64 bits without
 * BigInt. Feed bytes with `add`, numbers with `addWord`, read `lo` and `hi` after `finish`.
 */
export class Hash64 {
  lo = 0;
  hi = 0;
  #length = 0;

  start(lo = 0x2f0b4a1d, hi = 0x6d3c91e7): this {
    this.lo = lo;
    this.hi = hi;
    this.#length = 0;
    return this;
  }

  addWord(word: number): this {
    let k = Math.imul(word, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    let a = this.lo ^ Math.imul(k, 0x1b873593);
    a = (a << 13) | (a >>> 19);
    this.lo = (Math.imul(a, 5) + 0xe6546b64) | 0;
    let m = Math.imul(word ^ 0x5bd1e995, 0x38b34ae5);
    m = (m << 16) | (m >>> 16);
    let b = this.hi ^ Math.imul(m, 0xa1e38b93);
    b = (b << 17) | (b >>> 15);
    this.hi = (Math.imul(b, 9) + 0x0bcaa747) | 0;
    this.#length += 4;
    return this;
  }

  add(bytes: Uint8Array, start = 0, end = bytes.length): this {
    let i = start;
    // All indexes lie inside the caller's bounds.
    for (; i + 4 <= end; i += 4) {
      this.addWord(
        (bytes[i] as number) |
          ((bytes[i + 1] as number) << 8) |
          ((bytes[i + 2] as number) << 16) |
          ((bytes[i + 3] as number) << 24),
      );
    }
    // The tail carries its length, so that trailing zeroes count.
    let tail = end - i;
    for (let shift = 8; i < end; i++, shift += 8) tail |= (bytes[i] as number) << shift;
    return this.addWord(tail);
  }

  finish(): this {
    this.lo = mix(this.lo ^ this.#length) >>> 0;
    this.hi = mix(this.hi ^ Math.imul(this.#length, 0x9e3779b1) ^ this.lo) >>> 0;
    return this;
  }
}

function mix(state: number): number {
  let hash = state;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * A series' id: the hash of its name and its sorted labels as RowBinary holds them (the Name and Labels
 * columns of metric_series). Stored data depends on it: a change needs a new table.
 */
export function seriesId(nameAndLabels: Uint8Array, hash = new Hash64()): { lo: number; hi: number } {
  const { lo, hi } = hash.start().add(nameAndLabels).finish();
  return { lo, hi };
}
