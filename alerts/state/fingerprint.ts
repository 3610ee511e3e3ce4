import type { Labels } from '../../src/model/alerts.js';

const separator = 0xff;
// FNV-1a, 64 bits: offset basis and prime 2^40 + 0x1b3.
const basisHigh = 0xcbf29ce4;
const basisLow = 0x84222325;
const primeLow = 0x1b3;

/**
 * The fingerprint of a label set as Alertmanager has it (prometheus/common model.LabelsToSignature): FNV-1a 64
 * over name, 0xFF, value, 0xFF of the labels sorted by name, in 16 hex digits. In two 32-bit halves: BigInt
 * would be many times slower, and ten thousand alerts may come at once.
 */
export function fingerprint(labels: Labels): string {
  let high = basisHigh;
  let low = basisLow;
  const add = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    const product = low * primeLow;
    // hash * 2^40 moves the low half up by 8 bits into the high one.
    high = (Math.imul(high, primeLow) + Math.floor(product / 0x1_0000_0000) + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  for (const name of Object.keys(labels).sort()) {
    for (const byte of Buffer.from(name, 'utf8')) add(byte);
    add(separator);
    for (const byte of Buffer.from(labels[name] ?? '', 'utf8')) add(byte);
    add(separator);
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
