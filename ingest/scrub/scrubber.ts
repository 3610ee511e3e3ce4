import { isAscii } from 'node:buffer';
import { replaceCardNumbers, replaceEmails, replaceQuerySecrets, replaceSecrets } from './rules.js';
import { KeyCache } from './key-cache.js';
import { secretKeyMatcher } from './secret-keys.js';
import { codeOf, queryFragments, secretFragments, triggerTable } from './triggers.js';

/** What `inspect` saw; 0 is plain ASCII with nothing to scrub. */
export const NON_ASCII = 1;
export const SUSPICIOUS = 2;
/** What `inspectKey` says of a key whose value must not be kept, whatever it is. */
export const SECRET_KEY = 4;

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
  /** What is to be known about an attribute's key (UTF-8): SECRET_KEY, and NON_ASCII. Cheap for a known key. */
  inspectKey(bytes: Uint8Array, start: number, end: number): number;
  secretKey(key: string): boolean;
  /** The text with every secret replaced by `[scrubbed]`; the same string when there was none. */
  scrub(text: string): string;
}

/** An `@` in a text's sum. */
const AT = 1 << 20;

/** A byte's code for the triggers in the low five bits; above them what is summed: 1 for a digit, AT. */
function classes(config: ScrubConfig): Int32Array {
  const table = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) table[byte] = codeOf(byte);
  if (config.cardNumbers) for (let digit = 48; digit < 58; digit++) table[digit] = 1 << 5;
  if (config.emails) table[64] = AT << 5;
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
    this.#keys = new KeyCache((key) => {
      const text = key.toString();
      return (
        (this.secretKey(text) ? SECRET_KEY : 0) | (text.length === key.length && isAscii(key) ? 0 : NON_ASCII)
      );
    });
  }

  inspect(bytes: Uint8Array, start: number, end: number): number {
    const triggers = this.#triggers;
    const table = this.#classes;
    let all = 0;
    let hit = 0;
    let codes = 0;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number; // The caller's bounds; the tables cover every byte and code.
      const kind = table[byte] as number;
      all |= byte;
      codes = ((codes << 5) | (kind & 31)) & 0x7fff;
      hit |= triggers[codes] as number;
      sum += kind >>> 5;
    }
    // The shortest card number has 13 digits; above them are the @.
    const suspicious = hit !== 0 || (sum >= 13 && (sum >= AT || hasLongNumber(bytes, start, end)));
    return (all >= 0x80 ? NON_ASCII : 0) | (suspicious ? SUSPICIOUS : 0);
  }

  inspectKey(bytes: Uint8Array, start: number, end: number): number {
    return this.#keys.answer(bytes, start, end);
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

/** 13 digits with at most one blank or hyphen between two of them: what a card number is at least. */
function hasLongNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let digits = 0;
  let gap = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number; // The caller's bounds.
    if (byte >= 48 && byte < 58) {
      if (++digits === 13) return true;
      gap = 0;
    } else if ((byte !== 32 && byte !== 45) || ++gap > 1) {
      digits = 0;
      gap = 0;
    }
  }
  return false;
}

export function createScrubber(config: ScrubConfig): Scrubber {
  return new RuleScrubber(config);
}
