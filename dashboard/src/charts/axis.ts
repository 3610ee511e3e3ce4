import { quantityOf } from './units.js';

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

export interface AxisAsk {
  readonly unit: string;
  /** How many steps there is room for. */
  readonly steps?: number;
  /** Bars and counts begin at zero. A line of a temperature need not. */
  readonly fromZero: boolean;
  /** Values that must be inside, such as a threshold. */
  readonly include?: readonly number[];
}

const tens = [1, 2, 5, 10];
const sixties = [1, 2, 5, 10, 15, 30, 60];

/** The smallest step a person counts in (1, 2, 5; 15 and 30 for minutes; powers of two for bytes). */
export function niceStep(raw: number, unit: string): number {
  if (!(raw > 0) || !Number.isFinite(raw)) return 1;
  const quantity = quantityOf(unit);
  if (quantity.kind === 'bytes') {
    const scale = 1024 ** Math.max(0, Math.floor(Math.log(raw) / Math.log(1024)));
    return scale * (raw / scale > 512 ? 1024 : decimalStep(raw / scale));
  }
  if (quantity.kind === 'duration') {
    const ms = raw * quantity.toMs;
    const base = [86_400_000, 3_600_000, 60_000].find((span) => ms >= span);
    if (base === undefined) {
      return ms > 5000
        ? (sixties.find((n) => n * 1000 >= ms) ?? 60) * (1000 / quantity.toMs)
        : decimalStep(raw);
    }
    const count = base === 86_400_000 ? decimalStep(ms / base) : (sixties.find((n) => n >= ms / base) ?? 60);
    return (count * base) / quantity.toMs;
  }
  return decimalStep(raw);
}

function decimalStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = tens.find((n) => n * power >= raw * 0.999_999) ?? 10;
  return step * power;
}

/** The range and ticks of a value axis for the values on it. */
export function valueAxis(values: Iterable<number | null>, ask: AxisAsk): Axis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number | null): void => {
    if (value === null || !Number.isFinite(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const value of values) take(value);
  for (const value of ask.include ?? []) take(value);
  if (low > high) return { min: 0, max: 1, ticks: [0] };
  // A range that lies near zero begins there: otherwise small changes look large.
  if (ask.fromZero || (low >= 0 && low < high * 0.6)) low = Math.min(0, low);
  if (ask.fromZero) high = Math.max(0, high);
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= size * 1e-9 || size < 1e-12) {
    const pad = size < 1e-12 ? 1 : size * 0.1;
    low = size < 1e-12 ? 0 : low - pad;
    high = high + pad;
  }
  const steps = ask.steps ?? 4;
  const step = niceStep((high - low) / steps, ask.unit);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: number[] = [];
  for (let i = first; i <= last && ticks.length < 50; i++) ticks.push(cleaned(i * step));
  return { min: cleaned(first * step), max: cleaned(last * step), ticks };
}

/** Takes the dust of binary fractions off: 0.30000000000000004 is 0.3. */
function cleaned(value: number): number {
  return Number(value.toPrecision(12));
}
