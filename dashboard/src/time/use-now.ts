import { useSyncExternalStore } from 'react';

/**
 * One clock for the page: every relative time moves in the same frame, and nothing ticks while no one looks.
 * The step is ten seconds, which is as exact as `14 min ago` needs.
 */
const stepMs = 10_000;
const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  current = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, stepMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Unix ms, at most ten seconds old. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    if (timer === undefined && Date.now() - current > stepMs) current = Date.now();
    return current;
  });
}
