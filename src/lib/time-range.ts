import { BadInput } from './errors.js';
import { parseTime } from './text.js';

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Unix milliseconds of `now`, `now-15m`, an RFC 3339 time or Unix milliseconds; else undefined. */
export function parseInstant(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  const relative = /^now-(\d{1,6})([smhdw])$/.exec(text);
  if (relative) return now - Number(relative[1]) * units[relative[2] as keyof typeof units]; // The pattern admits these only.
  if (/^\d{1,13}$/.test(text)) return Number(text);
  return parseTime(text);
}

/** As `parseInstant`, or a `BadInput` that names the parameter. */
export function instant(field: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const at = parseInstant(text, now);
  if (at !== undefined) return at;
  throw new BadInput(
    'bad_request',
    `"${field}" is not a time: write RFC 3339 (2026-11-22T10:00:00Z), Unix milliseconds, or now-15m.`,
    { at: field },
  );
}
