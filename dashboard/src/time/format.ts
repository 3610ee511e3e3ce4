/** Numbers with three significant digits, times as people say them. Pure: `now` and the zone are arguments. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `14 min ago`, `3 h ago`, `5 d ago`; `in 2 min` for the future; `now` below five seconds. */
export function ago(at: number, now: number): string {
  const distance = now - at;
  const size = Math.abs(distance);
  if (size < 5 * second) return 'now';
  const text = span(size);
  return distance >= 0 ? `${text} ago` : `in ${text}`;
}

/** The largest whole unit: `42 s`, `14 min`, `3 h`, `5 d`, `7 wk`, `2 yr`. */
export function span(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  if (ms < 60 * day) return `${Math.floor(ms / day)} d`;
  if (ms < 730 * day) return `${Math.floor(ms / (7 * day))} wk`;
  return `${Math.floor(ms / (365 * day))} yr`;
}

/** In the viewer's zone and in UTC, for the hover. */
export function exact(at: number, timeZone?: string): { local: string; utc: string } {
  const format: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
  const zone = timeZone === undefined ? {} : { timeZone };
  return {
    local: new Intl.DateTimeFormat('en-GB', { ...format, ...zone, timeZoneName: 'short' }).format(at),
    utc: new Date(at).toISOString().replace('T', ' ').replace('.000Z', ' UTC').replace('Z', ' UTC'),
  };
}

export interface Quantity {
  readonly text: string;
  readonly unit: string;
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** Three significant digits: 1234 -> `1.23 k`. Whole numbers below 1000 stay whole. */
export function count(value: number): Quantity {
  const sign = value < 0 ? '-' : '';
  let rest = Math.abs(value);
  let step = 0;
  while (rest >= 999.5 && step < prefixes.length - 1) {
    rest /= 1000;
    step++;
  }
  return { text: sign + significant(rest), unit: prefixes[step] ?? '' };
}

/** `value` in ms: `250 µs`, `12.3 ms`, `1.25 s`, `3.5 min`, `2.25 h`. */
export function duration(value: number): Quantity {
  const size = Math.abs(value);
  if (size !== 0 && size < 1) return { text: significant(value * 1000), unit: 'µs' };
  if (size < 999.5) return { text: significant(value), unit: 'ms' };
  if (size < minute) return { text: significant(value / second), unit: 's' };
  if (size < hour) return { text: significant(value / minute), unit: 'min' };
  if (size < 2 * day) return { text: significant(value / hour), unit: 'h' };
  return { text: significant(value / day), unit: 'd' };
}

/** `ratio` from 0 to 1: `7.2 %`, `0.04 %`. */
export function percent(ratio: number): Quantity {
  return { text: significant(ratio * 100), unit: '%' };
}

/** Powers of 1024: `1.5 MiB`. */
export function bytes(value: number): Quantity {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let rest = Math.abs(value);
  let step = 0;
  while (rest >= 1023.5 && step < names.length - 1) {
    rest /= 1024;
    step++;
  }
  return { text: (value < 0 ? '-' : '') + significant(rest), unit: names[step] ?? '' };
}

/** At most three significant digits, no exponent, no trailing zeros. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) < 1e-6) return rounded.toExponential();
  return rounded.toLocaleString('en-US', { maximumSignificantDigits: 3, useGrouping: false });
}

export function join({ text, unit }: Quantity): string {
  return unit === '' ? text : `${text} ${unit}`;
}
