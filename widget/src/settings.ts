/** What the script tag says. */
export interface Settings {
  /** Where Lemni is, with a slash at the end: `https://lemni.example/`. */
  readonly base: string;
  /** The public key; empty: none is sent. */
  readonly key: string;
  readonly position: 'bottom-right' | 'bottom-left' | 'none';
  readonly theme: 'auto' | 'light' | 'dark';
  /** Selector of what a screenshot must not show, besides all fields. */
  readonly mask: string;
  /** Of the script tag, for browsers without constructable style sheets. */
  readonly nonce: string;
}

/** What the page knows of the person and the moment; all of it may be told later by `lemni('set', ...)`. */
export interface Told {
  service?: string | undefined;
  version?: string | undefined;
  environment?: string | undefined;
  sessionId?: string | undefined;
  traceId?: string | undefined;
  userId?: string | undefined;
  email?: string | undefined;
  /** At most 40 pairs; they become the feedback's attributes. */
  attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** The tag that this script was loaded by; a module or a bundler's loader hides it, then it is looked for. */
export function ownScript(document: Document): HTMLScriptElement | null {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement && current.src !== '') return current;
  return document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]');
}

export function settingsOf(script: HTMLScriptElement): Settings {
  const { dataset } = script;
  return {
    base: new URL('.', script.src).href,
    key: dataset['key'] ?? '',
    position: oneOf(dataset['position'], ['bottom-right', 'bottom-left', 'none']),
    theme: oneOf(dataset['theme'], ['auto', 'light', 'dark']),
    mask: dataset['mask'] ?? '',
    nonce: script.nonce,
  };
}

export function toldBy({ dataset }: HTMLScriptElement): Told {
  return {
    service: dataset['service'],
    version: dataset['version'],
    environment: dataset['environment'],
    sessionId: dataset['session'],
    userId: dataset['user'],
  };
}

/** The first word is what counts when nothing or nonsense is said. */
function oneOf<Word extends string>(value: string | undefined, words: readonly [Word, ...Word[]]): Word {
  return words.find((word) => word === value) ?? words[0];
}
