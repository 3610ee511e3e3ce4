/**
 * The careful look. Every rule is linear in the length of its text whatever the text is: patterns that would
 * have to backtrack are walked by hand, since texts come from outside.
 */
export const replacement = '[scrubbed]';

const word = /[A-Za-z0-9]/;

interface TokenRule {
  readonly prefix: string;
  /** The characters a token is made of. */
  readonly body: RegExp;
  /** Characters after the prefix that make it a token. */
  readonly atLeast: number;
  /** Dots it must contain: a JWT has two. */
  readonly dots?: number;
}

const letters = /[A-Za-z0-9]/;
const tokenRules: readonly TokenRule[] = [
  { prefix: 'eyJ', body: /[A-Za-z0-9_.-]/, atLeast: 20, dots: 2 },
  { prefix: 'AKIA', body: /[A-Z0-9]/, atLeast: 16 },
  { prefix: 'ASIA', body: /[A-Z0-9]/, atLeast: 16 },
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ({ prefix, body: letters, atLeast: 30 })),
  { prefix: 'github_pat_', body: /[A-Za-z0-9_]/, atLeast: 30 },
  { prefix: 'glpat-', body: /[A-Za-z0-9_-]/, atLeast: 20 },
  ...['xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.'].map((prefix) => ({
    prefix,
    body: /[A-Za-z0-9.-]/,
    atLeast: 10,
  })),
  { prefix: 'sk_live_', body: letters, atLeast: 16 },
  { prefix: 'rk_live_', body: letters, atLeast: 16 },
];

function replaceTokens(text: string, rule: TokenRule): string {
  let from = 0;
  let result = '';
  for (let at = text.indexOf(rule.prefix); at >= 0; at = text.indexOf(rule.prefix, from)) {
    let end = at + rule.prefix.length;
    let dots = 0;
    while (end < text.length && rule.body.test(text.charAt(end))) {
      if (text.charAt(end) === '.') dots++;
      end++;
    }
    const isToken =
      end - at - rule.prefix.length >= rule.atLeast &&
      dots >= (rule.dots ?? 0) &&
      (at === 0 || !word.test(text.charAt(at - 1)));
    result += isToken ? text.slice(from, at) + replacement : text.slice(from, end);
    from = end;
  }
  return from === 0 ? text : result + text.slice(from);
}

const privateKey =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g;
const scheme = /\b(bearer|basic)(\s{1,4})([A-Za-z0-9._~+/-]{8,}=*)/gi;
/** A name, a separator, and a value in quotes or up to a blank or bracket: `password=x`, `"token": "x"`. */
const assignment =
  /(passwd|password|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|set-cookie|cookie)(\\?["']?\s{0,2}[=:]\s{0,2})(\\?"[^"\\]*\\?"|'[^']*'|[^\s"'\\,;&<>(){}[\]]+)/gi;
const query =
  /([?&;#](?:[a-z0-9]{1,20}[_-]){0,3}(?:token|key|apikey|password|passwd|pwd|secret|signature|sig|auth|jwt|credential)=)([^&#\s"'<>\\]+)/gi;

/** Secrets that can be told by their form, or by the name before them. */
export function replaceSecrets(text: string): string {
  let result = text;
  if (result.includes('-----BEGIN')) result = result.replace(privateKey, replacement);
  for (const rule of tokenRules) {
    if (result.includes(rule.prefix)) result = replaceTokens(result, rule);
  }
  // Prose says "basic authentication" too: a credential has a digit or an inner capital.
  result = result.replace(scheme, (all, name: string, gap: string, value: string) =>
    /[0-9]|[a-z][A-Z]|=$/.test(value) ? `${name}${gap}${replacement}` : all,
  );
  return result.replace(assignment, (all, name: string, separator: string, value: string) => {
    if (value.startsWith('[scrubbed') || value === 'null' || value === 'undefined') return all;
    const quoted = /^\\?["']/.test(value);
    // "Unexpected token: foo" is prose; so is "secret: yes". A bare word after a colon needs a digit or symbol.
    const spoken = separator.includes(':') && !quoted && !/passw|passphrase|pwd/i.test(name);
    if (spoken && !/[0-9]/.test(value) && !/^(bearer|basic)$/i.test(value)) return all;
    if (/^(bearer|basic)$/i.test(value)) return all;
    const quote = quoted ? value.slice(0, value.indexOf(value.includes('"') ? '"' : "'") + 1) : '';
    const closing = quoted ? (value.startsWith('\\') ? '\\"' : value.slice(-1)) : '';
    return `${name}${separator}${quote}${replacement}${closing}`;
  });
}

/** Secrets in the query of a URL: `?access_token=...&X-Amz-Signature=...`. */
export function replaceQuerySecrets(text: string): string {
  return text.replace(query, (_all, name: string) => `${name}${replacement}`);
}

/** Issuers' prefixes and lengths: without them every tenth long number would pass Luhn's check. */
function isCardNumber(digits: string): boolean {
  const issued =
    (/^4/.test(digits) && [13, 16, 19].includes(digits.length)) ||
    (/^(5[1-5]|2[2-7])/.test(digits) && digits.length === 16) ||
    (/^3[47]/.test(digits) && digits.length === 15) ||
    (/^(30[0-5]|36|38)/.test(digits) && digits.length === 14) ||
    (/^(6011|65|64[4-9]|35|62)/.test(digits) && digits.length >= 16);
  if (!issued) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const numberRun = /(?<![A-Za-z0-9.])\d[\d -]{11,23}\d(?![A-Za-z0-9])/g;

export function replaceCardNumbers(text: string): string {
  return text.replace(numberRun, (run) => (isCardNumber(run.replace(/[ -]/g, '')) ? replacement : run));
}

const local = /[A-Za-z0-9._%+-]/;
const domain = /[A-Za-z0-9.-]/;

export function replaceEmails(text: string): string {
  let from = 0;
  let result = '';
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > from && at - start < 64 && local.test(text.charAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - at < 254 && domain.test(text.charAt(end))) end++;
    while (end > at + 1 && /[.-]/.test(text.charAt(end - 1))) end--;
    if (start === at || !/\.[A-Za-z]{2,}$/.test(text.slice(Math.max(at, end - 64), end))) continue;
    result += text.slice(from, start) + replacement;
    from = end;
  }
  return from === 0 ? text : result + text.slice(from);
}
