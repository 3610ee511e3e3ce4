import { useEffect, useEffectEvent } from 'react';
import { isTyping } from './is-typing.js';

interface ListKeys {
  readonly count: number;
  /** Index of the current row; -1: none yet. */
  readonly current: number;
  onMove: (index: number) => void;
  /** `enter`, unless a link or a button has the focus. */
  onOpen?: (index: number) => void;
}

/** `j` and `k` move through a list; scroll the row into view in `onMove`. */
export function useListKeys({ count, current, onMove, onOpen }: ListKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || count === 0) return;
    if (event.key === 'j') onMove(Math.min(current + 1, count - 1));
    else if (event.key === 'k') onMove(Math.max(current - 1, 0));
    else if (event.key === 'Enter' && current >= 0) {
      if (event.target instanceof HTMLElement && event.target.closest('a, button, summary')) return;
      onOpen?.(current);
    } else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
