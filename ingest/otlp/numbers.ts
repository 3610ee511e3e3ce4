/** Decimal text of a signed 64-bit integer from its halves. */
export function int64Text(lo: number, hi: number): string {
  // Up to 2^53 in both directions a double is exact.
  if (hi < 0x20_0000) return String(hi * 0x1_0000_0000 + lo);
  if (hi >= 0xffe0_0000) {
    const value = (hi - 0x1_0000_0000) * 0x1_0000_0000 + lo;
    if (value > -9_007_199_254_740_992) return String(value);
  }
  return BigInt.asIntN(64, (BigInt(hi) << 32n) | BigInt(lo)).toString();
}

export function uint64Text(lo: number, hi: number): string {
  if (hi < 0x20_0000) return String(hi * 0x1_0000_0000 + lo);
  return ((BigInt(hi) << 32n) | BigInt(lo)).toString();
}

/** An unsigned 64-bit integer as a double: exact up to 2^53, as everywhere in Prometheus. */
export function uint64Number(lo: number, hi: number): number {
  return hi * 0x1_0000_0000 + lo;
}

/** A signed 64-bit integer as a double. */
export function int64Number(lo: number, hi: number): number {
  return (hi | 0) * 0x1_0000_0000 + lo;
}

/** As Go's encoding/json and JavaScript write it (both follow ECMAScript), with words for what JSON lacks. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
