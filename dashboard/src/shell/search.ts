/** What stands in a URL before a page has looked at it. */
export type RawSearch = Record<string, unknown>;

/** Text, or nothing: a URL is input like any other. */
export function optionalText(value: unknown, maxLength = 10_000): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.slice(0, maxLength);
}

/** One of a few words, or nothing. */
export function optionalWord<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}

/**
 * Plain `?name=text`, so that a URL can be read and written by hand: the router's own form would quote
 * whatever looks like JSON. The last of several values of one name wins.
 */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') params.set(name, String(value));
  }
  // Colons, slashes, commas and stars are legal in a query and common in ours.
  const text = params.toString().replace(/%(3A|2F|2C|2A)/g, (escaped) => decodeURIComponent(escaped));
  return text === '' ? '' : `?${text}`;
}
