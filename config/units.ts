import { z } from 'zod';

const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const sizeUnits = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** `1h30m`, `250ms`, `30d` to milliseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * durationUnits[unit as keyof typeof durationUnits]; // The pattern admits these only.
  }
  return total;
}

/** `64MiB`, `10GiB`, `512` (bytes) to bytes; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB|TiB)?$/.exec(text);
  if (!match) return undefined;
  return Math.floor(Number(match[1]) * sizeUnits[(match[2] ?? 'B') as keyof typeof sizeUnits]); // As above.
}

/** Milliseconds from `15s`, `1h30m`, `30d`. */
export const duration = z.string().transform((text, context) => {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  context.issues.push({
    code: 'custom',
    input: text,
    message: `"${text}" is not a duration; write for example 15s, 1h30m or 30d`,
  });
  return z.NEVER;
});

/** Bytes from `64MiB`. */
export const size = z.union([z.string(), z.number()]).transform((text, context) => {
  const value = parseSize(String(text));
  if (value !== undefined) return value;
  context.issues.push({
    code: 'custom',
    input: text,
    message: `"${text}" is not a size; write for example 64MiB or 10GiB`,
  });
  return z.NEVER;
});
