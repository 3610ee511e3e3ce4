/** Times in URLs and in the API: `now`, `now-15m`, RFC 3339, or Unix milliseconds. */
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof units;

export interface RangeText {
  readonly from: string;
  readonly to: string;
}

/** Unix ms. */
export interface RangeMs {
  readonly from: number;
  readonly to: number;
}

export const defaultRange: RangeText = { from: 'now-1h', to: 'now' };

const relative = /^now(?:\s*-\s*(\d{1,6})\s*([smhdw]))?$/;

export function isRelative(text: string): boolean {
  return relative.test(text.trim());
}

/** Unix ms, or null when the text is no time. `now` is Unix ms. */
export function parseTime(text: string, now: number): number | null {
  const trimmed = text.trim();
  const match = relative.exec(trimmed);
  if (match) {
    if (match[1] === undefined) return now;
    // The expression admits only the units of the table.
    return now - Number(match[1]) * units[match[2] as Unit];
  }
  if (/^\d{11,14}$/.test(trimmed)) return Number(trimmed);
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return null;
  const at = Date.parse(trimmed.length === 10 ? `${trimmed}T00:00:00` : trimmed.replace(' ', 'T'));
  return Number.isNaN(at) ? null : at;
}

/** Null when either side is no time, or the range is empty. */
export function resolveRange(range: RangeText, now: number): RangeMs | null {
  const from = parseTime(range.from, now);
  const to = parseTime(range.to, now);
  if (from === null || to === null || from >= to) return null;
  return { from, to };
}

const words: Record<Unit, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' };

/** For the header: `Last 15 minutes`, or the two times in the viewer's zone. */
export function describeRange(range: RangeText, now: number, timeZone?: string): string {
  const match = relative.exec(range.from.trim());
  if (range.to.trim() === 'now' && match?.[1] !== undefined) {
    const count = Number(match[1]);
    const word = words[match[2] as Unit];
    return count === 1 ? `Last ${word}` : `Last ${count} ${word}s`;
  }
  const resolved = resolveRange(range, now);
  if (!resolved) return 'Choose a time';
  return describeAbsolute(resolved, timeZone);
}

function describeAbsolute({ from, to }: RangeMs, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...zone });
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...zone });
  const [fromDay, toDay] = [day.format(from), day.format(to)];
  const start = `${fromDay} ${time.format(from)}`;
  return fromDay === toDay ? `${start} to ${time.format(to)}` : `${start} to ${toDay} ${time.format(to)}`;
}

/** What the API and the URL take for an absolute range. */
export function absoluteRange({ from, to }: RangeMs): RangeText {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** A range twice as wide around the same middle, never beyond now. */
export function zoomOut({ from, to }: RangeMs, now: number): RangeMs {
  const half = (to - from) / 2;
  const end = Math.min(to + half, Math.max(now, to));
  return { from: end - (to - from) * 2, to: end };
}

export const quickRanges: readonly RangeText[] = [
  '5m',
  '15m',
  '30m',
  '1h',
  '3h',
  '6h',
  '12h',
  '24h',
  '3d',
  '7d',
  '30d',
].map((back) => ({ from: `now-${back}`, to: 'now' }));
