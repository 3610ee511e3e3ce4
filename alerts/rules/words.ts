const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `4,330`. */
export function count(value: number): string {
  return whole.format(value);
}

/** A ratio as people read it: 0.0721 is `7.2 %`, 0.0004 is `0.04 %`. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${(Math.abs(value) < 1 ? hundredths : tenths).format(value)} %`;
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** A duration in its largest fitting unit and the next one: `5 min`, `1 h 30 min`, `250 ms`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const first = units.findIndex(([, size]) => ms >= size);
  const parts: string[] = [];
  let rest = ms;
  for (const [name, size] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount} ${name}`);
    rest -= amount * size;
  }
  return parts.join(' ');
}

/** Like `span`, but in one unit only: for "3 min after". */
export function about(ms: number): string {
  if (ms < 1000) return 'less than 1 s';
  const [name, size] = units.find(([, unit]) => ms >= unit) ?? ['s', 1000];
  return `${Math.round(ms / size)} ${name}`;
}

/** How long a request took: `350 ms`, `4.2 ms`, `1.24 s`, `1 min 12 s`. */
export function took(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown';
  if (ms < 10) return `${hundredths.format(ms)} ms`;
  if (ms < 1000) return `${whole.format(ms)} ms`;
  if (ms < 60_000) return `${hundredths.format(ms / 1000)} s`;
  return span(ms);
}

/** Versions named in a sentence; the facts have them all. */
const maxVersions = 3;

/**
 * What each version has to do with it, the first most: `1.1.0 10 %, 1.0.0 0.1 %`. Empty unless there are two to
 * be compared. `all` comes in the order in which it is told.
 */
export function byVersion(all: readonly { readonly version: string; readonly text: string }[]): string {
  const named = all.filter(({ version }) => version !== '');
  if (named.length < 2) return '';
  const shown = named.slice(0, maxVersions).map(({ version, text }) => `${version} ${text}`);
  const left = named.length - shown.length;
  return [...shown, ...(left > 0 ? [`${count(left)} more`] : [])].join(', ');
}

/** `(312 of 4,330 in 5 min; 1.1.0 10 %, 1.0.0 0.1 %)`. */
export function inBrackets(numbers: string, versions: string): string {
  return versions === '' ? `(${numbers})` : `(${numbers}; ${versions})`;
}

/** `one feedback`, `3 feedbacks`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return amount === 1 ? `one ${one}` : `${count(amount)} ${many}`;
}

/** A mean, as far as it means something: `none`, `0.04`, `1.3`, `120`. */
export function rough(value: number): string {
  return value < 0.01 ? 'none' : String(Number(value.toPrecision(2)));
}
