// Control characters but tab, newline and carriage return: PostgreSQL refuses NUL in text, and terminals and
// logs act on the others.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * Text that every store takes: control characters and halves of surrogate pairs become U+FFFD, and what is
 * longer than `maxChars` UTF-16 units is cut.
 */
export function cleanText(text: string, maxChars: number): string {
  const cut = text.length > maxChars ? text.slice(0, maxChars) : text;
  return Buffer.from(cut.replace(controls, '\ufffd'), 'utf8').toString('utf8');
}

/** Text as the state database gives it back: it keeps no NUL (libsql cuts at one, PostgreSQL refuses it). */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Unix milliseconds of an RFC 3339 time between 1970 and 2200 (what the stores can hold); else undefined. */
export function parseTime(text: string): number | undefined {
  if (!rfc3339.test(text)) return undefined;
  const at = Date.parse(text.replace(' ', 'T').toUpperCase());
  return Number.isNaN(at) || at < 0 || at >= 7_258_118_400_000 ? undefined : at;
}
