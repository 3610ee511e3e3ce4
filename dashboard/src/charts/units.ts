/** What a number measures, as far as showing it goes. Durations are shown from a base of milliseconds. */
export type Quantity =
  | { readonly kind: 'duration'; readonly toMs: number }
  | { readonly kind: 'bytes'; readonly perSecond: boolean }
  | { readonly kind: 'ratio'; readonly toPercent: number }
  | { readonly kind: 'plain'; readonly suffix: string };

const durations: Readonly<Record<string, number>> = {
  ns: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  seconds: 1000,
  min: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  days: 86_400_000,
};

/**
 * Reads a unit as OpenTelemetry (UCUM: `ms`, `By`, `{request}`, `1`) and Prometheus (`seconds`, `bytes`,
 * `ratio`) write it.
 */
export function quantityOf(unit: string): Quantity {
  const plain = unit.trim();
  const toMs = durations[plain];
  if (toMs !== undefined) return { kind: 'duration', toMs };
  if (/^(by|bytes?)$/i.test(plain)) return { kind: 'bytes', perSecond: false };
  if (/^(by|bytes?)\/s$/i.test(plain)) return { kind: 'bytes', perSecond: true };
  if (plain === '%' || plain === 'percent') return { kind: 'ratio', toPercent: 1 };
  if (plain === 'ratio') return { kind: 'ratio', toPercent: 100 };
  if (plain === '' || plain === '1') return { kind: 'plain', suffix: '' };
  return { kind: 'plain', suffix: plain.replace(/[{}]/g, '') };
}

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const decimal: readonly Scale[] = [
  { factor: 1e12, suffix: 'T' },
  { factor: 1e9, suffix: 'G' },
  { factor: 1e6, suffix: 'M' },
  { factor: 1e3, suffix: 'k' },
];
const binary: readonly Scale[] = [
  { factor: 2 ** 50, suffix: 'PiB' },
  { factor: 2 ** 40, suffix: 'TiB' },
  { factor: 2 ** 30, suffix: 'GiB' },
  { factor: 2 ** 20, suffix: 'MiB' },
  { factor: 2 ** 10, suffix: 'KiB' },
];
const spans: readonly Scale[] = [
  { factor: 86_400_000, suffix: 'd' },
  { factor: 3_600_000, suffix: 'h' },
  { factor: 60_000, suffix: 'min' },
  { factor: 1000, suffix: 's' },
  { factor: 1, suffix: 'ms' },
  { factor: 1e-3, suffix: 'µs' },
  { factor: 1e-6, suffix: 'ns' },
];

/** Three significant digits, without an exponent and without zeros that say nothing: 0.0123, 4.5, 1230. */
export function threeDigits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(decimals)));
}

const scaleFor = (size: number, scales: readonly Scale[]): Scale | undefined =>
  // 999.6 would be written 1000 with three digits, so it belongs to the next scale already.
  scales.find((scale) => size >= scale.factor * 0.9995);

const join = (digits: string, suffix: string): string => (suffix ? `${digits} ${suffix}` : digits);

/** A count or a number without unit: 12, 4.5 k, 1.23 M. */
export function formatCount(value: number): string {
  const scale = scaleFor(Math.abs(value), decimal);
  return scale ? join(threeDigits(value / scale.factor), scale.suffix) : threeDigits(value);
}

/** Milliseconds for a person: 830 µs, 14.2 ms, 1.5 s, 2.25 min. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 ms';
  const scale = scaleFor(Math.abs(ms), spans) ?? { factor: 1e-6, suffix: 'ns' };
  return join(threeDigits(ms / scale.factor), scale.suffix);
}

export function formatBytes(bytes: number): string {
  const scale = scaleFor(Math.abs(bytes), binary);
  return scale ? join(threeDigits(bytes / scale.factor), scale.suffix) : join(threeDigits(bytes), 'B');
}

/** A value with three significant digits and its unit; a dash where there is no value. */
export function formatValue(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const quantity = quantityOf(unit);
  switch (quantity.kind) {
    case 'duration':
      return formatMs(value * quantity.toMs);
    case 'bytes':
      return formatBytes(value) + (quantity.perSecond ? '/s' : '');
    case 'ratio':
      return `${threeDigits(value * quantity.toPercent)} %`;
    case 'plain':
      return quantity.suffix ? `${formatCount(value)} ${quantity.suffix}` : formatCount(value);
  }
}
