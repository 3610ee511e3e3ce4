import { replaceCardNumbers, replaceEmails, replaceQuerySecrets, replaceSecrets } from './rules.js';
import { KeyCache } from './key-cache.js';
import { secretKeyMatcher } from './secret-keys.js';
import { queryFragments, secretFragments, triggerTable } from './triggers.js';

/** What `inspect` saw; 0 is plain ASCII with nothing to scrub. */
export const NON_ASCII = 1;
export const SUSPICIOUS = 2;

/** The `scrub` part of lemni.yaml. */
export interface ScrubConfig {
  readonly secrets: boolean;
  readonly queryStrings: boolean;
  readonly emails: boolean;
  readonly cardNumbers: boolean;
  readonly keys: readonly string[];
}

/** Takes secrets and personal data out of what comes in, at the door. */
export interface Scrubber {
  /** One pass over bytes: does the text need a careful look (SUSPICIOUS), is it plain ASCII (NON_ASCII)? */
  inspect(bytes: Uint8Array, start: number, end: number): number;
  /** True when the value of the attribute with this key (UTF-8) must not be kept, whatever it is. */
  secretKeyBytes(bytes: Uint8Array, start: number, end: number): boolean;
  secretKey(key: string): boolean;
  /** The text with every secret replaced by `[scrubbed]`; the same string when there was none. */
  scrub(text: string): string;
}

/** Sums over a text's bytes: digits in the low half, `@` above. */
function classes(config: ScrubConfig): Int32Array {
  const table = new Int32Array(256);
  if (config.cardNumbers) for (let digit = 48; digit < 58; digit++) table[digit] = 1;
  if (config.emails) table[64] = 1 << 20;
  return table;
}

class RuleScrubber implements Scrubber {
  readonly secretKey: (key: string) => boolean;
  readonly #config: ScrubConfig;
  readonly #triggers: Uint8Array;
  readonly #classes: Int32Array;
  readonly #keys: KeyCache;

  constructor(config: ScrubConfig) {
    this.#config = config;
    this.#triggers = triggerTable([
      ...(config.secrets ? secretFragments : []),
      ...(config.queryStrings ? queryFragments : []),
    ]);
    this.#classes = classes(config);
    this.secretKey = secretKeyMatcher(config.secrets, config.keys);
    this.#keys = new KeyCache(this.secretKey);
  }

  inspect(bytes: Uint8Array, start: number, end: number): number {
    const triggers = this.#triggers;
    const table = this.#classes;
    let all = 0;
    let hit = 0;
    let hash = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number; // The caller's bounds; the tables below cover every byte and hash.
      all |= byte;
      hash = ((hash << 5) ^ byte) & 0x7fff;
      hit |= triggers[hash] as number;
      sum += table[byte] as number;
    }
    // The shortest card number has 13 digits.
    const suspicious = hit !== 0 || sum >= 13;
    return (all >= 0x80 ? NON_ASCII : 0) | (suspicious ? SUSPICIOUS : 0);
  }

  secretKeyBytes(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#keys.test(bytes, start, end);
  }

  scrub(text: string): string {
    const { secrets, queryStrings, emails, cardNumbers } = this.#config;
    let result = text;
    if (queryStrings) result = replaceQuerySecrets(result);
    if (secrets) result = replaceSecrets(result);
    if (cardNumbers) result = replaceCardNumbers(result);
    if (emails) result = replaceEmails(result);
    return result;
  }
}

export function createScrubber(config: ScrubConfig): Scrubber {
  return new RuleScrubber(config);
}
