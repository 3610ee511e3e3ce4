const most = 50;

/** The queries that were run in this browser, newest first. Storage may be off: then there are none. */
export function readHistory(key: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

export function remember(key: string, query: string): void {
  if (query.trim() === '') return;
  const next = [query, ...readHistory(key).filter((one) => one !== query)].slice(0, most);
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Full or forbidden: the history is a convenience.
  }
}
