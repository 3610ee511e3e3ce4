/** At most three significant digits, whole thousands in groups. */
export function number(value: number): string {
  if (value === 0) return '0';
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** A ratio of 0 to 1: `7.2 %`. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${number(value >= 0.01 || value === 0 ? Number(value.toPrecision(2)) : Number(value.toPrecision(1)))} %`;
}

/** A difference of ratios: `7.1 points`. */
export function points(difference: number): string {
  const value = Number((Math.abs(difference) * 100).toPrecision(2));
  return `${number(value)} ${value === 1 ? 'point' : 'points'}`;
}

/** `250 ms`, `1.25 s`. */
export function milliseconds(value: number): string {
  return Math.abs(value) < 1000 ? `${number(value)} ms` : `${number(value / 1000)} s`;
}

/** `30 min`, `45 s`, `2 h`. */
export function duration(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 2 * 3_600_000) return `${number(Math.round(ms / 60_000))} min`;
  return `${number(Math.round(ms / 3_600_000))} h`;
}

/** `1 request`, `12 requests`. */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : several}`;
}
