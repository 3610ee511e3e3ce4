/** A `Storage` in memory that holds at most `max` characters, as a browser's does. */
export function memoryStorage(max = 5_000_000): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (name) => items.get(name) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (name) => void items.delete(name),
    setItem: (name, value) => {
      const others = [...items].reduce((sum, [key, text]) => (key === name ? sum : sum + text.length), 0);
      if (others + value.length > max) throw new Error('QuotaExceededError');
      items.set(name, value);
    },
  };
}
