export type Matcher = (text: string) => boolean;

/** Matches one name or a glob (`*` any text, `?` one character); undefined matches everything. */
export function matcher(glob: string | undefined): Matcher {
  if (glob === undefined || /^\*+$/.test(glob)) return () => true;
  if (!/[*?]/.test(glob)) return (text) => text === glob;
  return (text) => matches(glob, text);
}

/**
 * Walks both once and comes back to the last `*` only: at worst length times length. A regular expression
 * made of a rule file's `*a*a*a*a*b` would take years.
 */
function matches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    const wanted = glob[g];
    if (wanted === '*') {
      star = g++;
      starText = t;
    } else if (wanted === '?' || wanted === text[t]) {
      g++;
      t++;
    } else if (star !== -1) {
      g = star + 1;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
