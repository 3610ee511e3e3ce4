import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react';

/** The time (Unix ms) that is pointed at on any chart of a group. */
export interface Cursor {
  get: () => number | null;
  set: (at: number | null) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let current: number | null = null;
  return {
    get: () => current,
    set(at) {
      if (at === current) return;
      current = at;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const CursorContext = createContext<Cursor | null>(null);

/** Charts inside share one cursor: pointing at a moment on one shows it on all. */
export function ChartGroup({ children }: { children: ReactNode }) {
  const cursor = useMemo(() => createCursor(), []);
  return <CursorContext value={cursor}>{children}</CursorContext>;
}

/** The group's cursor, or one of its own for a chart that stands alone. */
export function useCursor(): Cursor {
  const shared = useContext(CursorContext);
  const own = useMemo(() => createCursor(), []);
  return shared ?? own;
}

/** The bucket that is pointed at; the component is drawn again only when it becomes another one. */
export function useCursorIndex(
  cursor: Cursor,
  grid: { from: number; stepMs: number; count: number },
): number | null {
  return useSyncExternalStore(cursor.subscribe, () => bucketAt(cursor.get(), grid));
}

export function bucketAt(
  at: number | null,
  grid: { readonly from: number; readonly stepMs: number; readonly count: number },
): number | null {
  if (at === null || !(grid.stepMs > 0)) return null;
  const index = Math.floor((at - grid.from) / grid.stepMs);
  return index >= 0 && index < grid.count ? index : null;
}
