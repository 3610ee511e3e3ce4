import type { Quantity } from './tree.js';

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** Decimal and binary prefixes (IEC 80000-13). */
const bytes: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const durations = /^-?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d))+$/;
const duration = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/g;
const size = /^(\d+\.?\d*|\.\d+)([kmgt]i?b|b)$/i;

/** `400`, `1.5e3`, `250ms`, `1h30m`, `64KiB`; undefined for anything else. */
export function parseQuantity(text: string): Quantity | undefined {
  if (text.length > 64) return undefined;
  if (number.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? { unit: 'none', value } : undefined;
  }
  if (durations.test(text)) {
    let sum = 0;
    // The units of the expression are the keys of the table.
    for (const [, count, unit] of text.matchAll(duration))
      sum += Number(count) * (nanoseconds[unit ?? ''] ?? 0);
    return { unit: 'duration', value: text.startsWith('-') ? -sum : sum };
  }
  const [, count, unit] = size.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return { unit: 'bytes', value: Number(count) * (bytes[unit.toLowerCase()] ?? 1) };
}
