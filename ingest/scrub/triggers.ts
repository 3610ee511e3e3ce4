/**
 * The cheap look that decides whether a text needs the careful one: three bytes at a time against a table of
 * the trigrams without which no rule of rules.ts can match. One shift, one table look-up a byte; a clean
 * record costs nothing more.
 */

/** Fragments, one of which stands in every text that a rule could change. */
export const secretFragments = [
  'eyJ', // a JWT's header
  'rer', // Bearer
  'sic', // Basic
  'KIA', // AWS access keys: AKIA, ASIA
  'SIA',
  'hp_', // GitHub: ghp_, gho_, ghu_, ghs_, ghr_, github_pat_
  'ho_',
  'hu_',
  'hs_',
  'hr_',
  'ub_',
  'pat', // glpat-
  'xox', // Slack
  '_li', // Stripe: sk_live_
  '--B', // PEM
  'ssw', // password, passwd
  'ssp', // passphrase
  'pwd',
  'ecr', // secret
  'oke', // token
  'pik', // apikey
  'i_k', // api_key
  'i-k',
  'iKe',
  's_k', // access_key
  's-k',
  'sKe',
  'e_k', // private_key
  'e-k',
  'eKe',
  'zat', // authorization
  'oki', // cookie
];
export const queryFragments = ['ey=', 'en=', 'rd=', 'wd=', 'et=', 'ig=', 're=', 'th=', 'wt=', 'al='];

const bits = 0x7fff;

/** Folds a byte into the running hash of the last three. */
export function roll(hash: number, byte: number): number {
  return ((hash << 5) ^ byte) & bits;
}

/** 1 at the hash of every fragment, in lower case, upper case and capitalised. */
export function triggerTable(fragments: readonly string[]): Uint8Array {
  const table = new Uint8Array(bits + 1);
  for (const fragment of fragments) {
    const lower = fragment.toLowerCase();
    const capital = lower.charAt(0).toUpperCase() + lower.slice(1);
    for (const variant of [fragment, lower, fragment.toUpperCase(), capital]) {
      let hash = 0;
      for (const byte of Buffer.from(variant)) hash = roll(hash, byte);
      table[hash] = 1;
    }
  }
  return table;
}
