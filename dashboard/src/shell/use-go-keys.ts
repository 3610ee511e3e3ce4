import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { isTyping } from './is-typing.js';
import { places } from './places.js';

/** How long `g` waits for its second key (ms). */
const waitMs = 1500;

interface GoKeys {
  onHelp: () => void;
  onFind: () => void;
}

/** `g i` and its like, `/` to the page's search, `?` for help, cmd-k for everything. */
export function useGoKeys({ onHelp, onFind }: GoKeys): void {
  const navigate = useNavigate();
  const pressedGo = useRef(0);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      onFind();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    const waiting = event.timeStamp - pressedGo.current < waitMs && pressedGo.current > 0;
    pressedGo.current = 0;
    if (waiting) {
      const place = places.find(({ key }) => key === event.key);
      if (!place) return;
      event.preventDefault();
      void navigate({ to: place.to });
      return;
    }
    if (event.key === 'g') pressedGo.current = event.timeStamp;
    else if (event.key === '?') onHelp();
    else if (event.key === '/') {
      event.preventDefault();
      if (!focusSearch()) onFind();
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

/** A page marks its search with `data-search`: the input itself, or what holds an editor. */
function focusSearch(): boolean {
  const marked = document.querySelector<HTMLElement>('[data-search]');
  const field = marked?.matches('input, textarea')
    ? marked
    : marked?.querySelector<HTMLElement>('input, textarea, [contenteditable="true"]');
  field?.focus();
  return field != null;
}
