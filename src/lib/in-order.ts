import type { NewId } from './ids.js';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Ids that sort in the order in which they were made, within a millisecond too (ULID spec, "Monotonicity"):
 * entries of a timeline that share their time are shown as they happened.
 */
export function inOrder(newId: NewId): NewId {
  let last = '';
  return (now) => {
    const id = newId(now);
    last = id > last ? id : next(last);
    return last;
  };
}

function next(id: string): string {
  const chars = Array.from(id);
  for (let i = chars.length - 1; i >= 0; i--) {
    const digit = alphabet.indexOf(chars[i] ?? '');
    if (digit < alphabet.length - 1) {
      chars[i] = alphabet.charAt(digit + 1);
      return chars.join('');
    }
    chars[i] = '0';
  }
  return id;
}
