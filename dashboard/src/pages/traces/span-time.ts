/**
 * Milliseconds from `origin` to `time`, both RFC 3339 with up to nine digits of fraction. Seconds and
 * fractions are subtracted apart: Unix milliseconds in a double would lose everything below 0.2 µs.
 */
export function offsetMs(time: string, origin: string): number {
  const a = parts(time);
  const b = parts(origin);
  return (a.seconds - b.seconds) * 1000 + (a.nanos - b.nanos) / 1e6;
}

interface Parts {
  /** Unix seconds; 0 for what is not a time, so that one bad span cannot break a page. */
  readonly seconds: number;
  readonly nanos: number;
}

function parts(time: string): Parts {
  const match = /^(.+?)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (!match) return { seconds: 0, nanos: 0 };
  const ms = Date.parse(`${match[1] ?? ''}${match[3] ?? 'Z'}`);
  if (Number.isNaN(ms)) return { seconds: 0, nanos: 0 };
  return { seconds: ms / 1000, nanos: Number((match[2] ?? '').padEnd(9, '0')) };
}
