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
