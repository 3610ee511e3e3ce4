/**
 * Text of others inside a Slack message. Slack asks for `&`, `<` and `>` to be escaped ("Formatting text for app
 * surfaces"): then `<!channel>` and `<https://...|bank>` are the characters they are. `@channel` and its likes
 * are broken by a word joiner besides, for receivers that parse names.
 */
export function escaped(text: string, maxChars: number): string {
  const clean = text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/@(?=channel|here|everyone)/gi, '@\u2060');
  return cut(clean.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'), maxChars);
}

/** A link whose address is ours. */
export function link(url: string, label: string, maxChars = 200): string {
  const words = escaped(label, maxChars).replace(/\|/g, '/');
  return `<${url.replace(/&/g, '&amp;').replace(/[<>|]/g, encodeURIComponent)}|${words}>`;
}

/** At most so many UTF-16 units, ending in an ellipsis when it was longer; never within an escape or a pair. */
function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const whole = text.slice(0, maxChars - 1).replace(/&[a-z]{0,3}$/, '');
  return `${whole.replace(/[\ud800-\udbff]$/, '')}…`;
}
