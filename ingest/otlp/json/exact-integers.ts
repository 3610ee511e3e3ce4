const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;

/** Shorter integers are exact as doubles. */
const exactDigits = 15;

/**
 * JSON text in which integers of more than 15 digits stand in quotes, since JSON.parse would round them: some
 * senders write nanoseconds as plain numbers. The same text when there are none, which is the rule.
 */
export function quoteLongIntegers(text: string): string {
  // Cheap and not exact: a hit inside a string only costs the walk below.
  if (!/[:[,\s]-?\d{16,}\s*[,\]}]/.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i + 1);
      continue;
    }
    if (code !== MINUS && !isDigit(code)) {
      i++;
      continue;
    }
    let end = i + 1;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    const isInteger = !/[.eE]/.test(text.charAt(end));
    if (isInteger && end - i > exactDigits) {
      parts.push(text.slice(from, i), '"', text.slice(i, end), '"');
      from = end;
    }
    // What follows a point or an exponent belongs to the same number.
    while (end < text.length && /[\d.eE+-]/.test(text.charAt(end))) end++;
    i = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** The position after the closing quote of a string whose first character stands at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function isDigit(code: number): boolean {
  return code >= 48 && code < 58;
}
