/** The part of `Storage` that is used here. A page's storage may be full, forbidden or missing. */
export interface Shelf {
  get(name: string): unknown;
  /** False when it could not be kept. */
  set(name: string, value: unknown): boolean;
  remove(name: string): void;
}

const prefix = 'lemni.';

/** JSON under `lemni.*`. What others wrote there, or half of what we did, reads as undefined. */
export function shelfOf(open: () => Storage): Shelf {
  const memory = new Map<string, unknown>();
  return {
    get: (name) => {
      if (memory.has(name)) return memory.get(name);
      try {
        const text = open().getItem(prefix + name);
        return text === null ? undefined : (JSON.parse(text) as unknown);
      } catch {
        return undefined;
      }
    },
    set: (name, value) => {
      try {
        open().setItem(prefix + name, JSON.stringify(value));
        memory.delete(name);
        return true;
      } catch {
        memory.set(name, value);
        return false;
      }
    },
    remove: (name) => {
      memory.delete(name);
      try {
        open().removeItem(prefix + name);
      } catch {
        // Nothing was there.
      }
    },
  };
}
