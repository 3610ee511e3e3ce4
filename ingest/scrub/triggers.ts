/**
 * The cheap look that decides whether a text needs the careful one: three bytes at a time against a table of
 * the trigrams without which no rule of rules.ts can match. One shift, one table look-up a byte; a clean
 * record costs nothing more.
 */

/** Fragments (case does not matter), one of which stands in every text that a rule could change. */
export const secretFragments = [
  'eyj', // a JWT's header
  'rer', // Bearer
  'sic', // Basic
  'kia', // AWS access keys: AKIA, ASIA
  'sia',
  'hp_', // GitHub: ghp_, gho_, ghu_, ghs_, ghr_, github_pat_
  'ho_',
  'hu_',
  'hs_',
  'hr_',
  'ub_',
  'lpa', // glpat-
  'xox', // Slack
  'k_l', // Stripe: sk_live_
  '--b', // PEM
  'ssw', // password, passwd
  'ssp', // passphrase
  'pwd',
  'ecr', // secret
  'oke', // token
  'pik', // apiKey, api_key, api-key
  'i_k',
  'i-k',
  'ssk', // accessKey, access_key, access-key
  's_k',
  's-k',
  'tek', // privateKey, private_key, private-key
  'e_k',
  'e-k',
  'zat', // authorization
  'oki', // cookie
];
export const queryFragments = ['ey=', 'en=', 'rd=', 'wd=', 'et=', 'ig=', 're=', 'th=', 'wt=', 'al='];

/** Letters without their case, `_`, `-` and `=` have a code of five bits; everything else is 0. */
export function codeOf(byte: number): number {
  const letter = byte | 0x20;
  if (letter >= 97 && letter <= 122 && byte >= 65) return letter - 96;
  if (byte === 95) return 27;
  if (byte === 45) return 28;
  return byte === 61 ? 29 : 0;
}

const bits = 0x7fff;

/** 1 at every fragment's three codes. */
export function triggerTable(fragments: readonly string[]): Uint8Array {
  const table = new Uint8Array(bits + 1);
  for (const fragment of fragments) {
    let codes = 0;
    for (const byte of Buffer.from(fragment)) codes = ((codes << 5) | codeOf(byte)) & bits;
    table[codes] = 1;
  }
  return table;
}
