/** Longer bodies are shown as they are: laying them out would hold up the page. */
const maxLength = 200_000;

/** The body laid out over several lines when it is JSON (or ends in JSON); null when it is not. */
export function prettyJson(body: string): string | null {
  const text = body.trim();
  if (text.length > maxLength) return null;
  const at = text.search(/[{[]/);
  if (at < 0 || !/[}\]]$/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text.slice(at));
    if (typeof value !== 'object' || value === null) return null;
    const laidOut = JSON.stringify(value, null, 2);
    return at === 0 ? laidOut : `${text.slice(0, at).trimEnd()}\n${laidOut}`;
  } catch {
    return null;
  }
}

export type JsonPiece = {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  readonly text: string;
};

const piece = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\b|\b(true|false|null)\b/g;

/** Laid-out JSON in pieces to colour. */
export function jsonPieces(text: string): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(piece)) {
    if (match.index > at) pieces.push({ kind: 'plain', text: text.slice(at, match.index) });
    const [whole, string, colon, number] = match;
    if (string !== undefined) {
      pieces.push({ kind: colon === undefined ? 'string' : 'key', text: string });
      if (colon !== undefined) pieces.push({ kind: 'plain', text: colon });
    } else pieces.push({ kind: number === undefined ? 'word' : 'number', text: whole });
    at = match.index + whole.length;
  }
  if (at < text.length) pieces.push({ kind: 'plain', text: text.slice(at) });
  return pieces;
}
