import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { ServerToClient } from '../../../src/http/contract/live.js';
import { liveSocket, liveState, watchLiveState, type LiveState } from './live.js';

export function useLiveState(): LiveState {
  return useSyncExternalStore(watchLiveState, liveState);
}

/** Calls the listener for each event while the component is on the page. */
export function useLiveEvent<E extends keyof ServerToClient>(event: E, listener: ServerToClient[E]): void {
  const latest = useEffectEvent((...args: Parameters<ServerToClient[E]>) => {
    (listener as (...args: Parameters<ServerToClient[E]>) => void)(...args);
  });
  useEffect(() => {
    const socket = liveSocket();
    const handler = (...args: Parameters<ServerToClient[E]>) => latest(...args);
    // The socket's overloads cannot follow a generic event name; the pair is right by this function's signature.
    const untyped = socket as unknown as {
      on(name: string, handler: unknown): void;
      off(name: string, handler: unknown): void;
    };
    untyped.on(event, handler);
    return () => untyped.off(event, handler);
  }, [event]);
}

/** Which API paths an event makes stale. */
const stale = {
  incident: [
    '/api/incidents',
    '/api/loop',
    '/api/services',
    '/api/rules',
    '/api/notifications',
    '/api/notifiers',
  ],
  problem: ['/api/problems', '/api/feedback/groups', '/api/loop'],
  feedback: ['/api/feedback', '/api/loop'],
  change: ['/api/changes', '/api/deploys', '/api/releases', '/api/loop'],
  release: ['/api/releases', '/api/services', '/api/loop'],
} as const;

/** Telemetry arrives every second; a page need not be drawn more often than this (ms). */
const telemetryEveryMs = 5_000;
/** Bursts of events of one kind become one question (ms). */
const gatherMs = 300;

/** A question that is still running is not begun anew: a slow one would never be answered. */
const keepAsking = { cancelRefetch: false };

function invalidate(queries: QueryClient, paths: readonly string[]): void {
  void queries.invalidateQueries(
    {
      predicate: ({ queryKey: [path] }) =>
        typeof path === 'string' && paths.some((stem) => path === stem || path.startsWith(`${stem}/`)),
    },
    keepAsking,
  );
}

/** Once in the shell: turns live events into fresh answers, and asks everything again after a gap. */
export function useLiveQueries(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const socket = liveSocket();
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const later = (name: string, ms: number, run: () => void) => {
      if (timers.has(name)) return;
      const fire = () => {
        timers.delete(name);
        run();
      };
      timers.set(name, setTimeout(fire, ms));
    };
    const on = (name: keyof typeof stale) => () =>
      later(name, gatherMs, () => invalidate(queries, stale[name]));
    const handlers = {
      incident: on('incident'),
      feedback: on('feedback'),
      change: on('change'),
      release: on('release'),
      problem: on('problem'),
      ingested: () =>
        later('ingested', telemetryEveryMs, () => {
          if (document.hidden) return;
          void queries.invalidateQueries({ predicate: (query) => query.meta?.['live'] === true }, keepAsking);
        }),
    };
    let connectedBefore = false;
    const reconnected = () => {
      if (connectedBefore) void queries.invalidateQueries();
      connectedBefore = true;
    };
    socket.on('connect', reconnected);
    socket.on('incident', handlers.incident);
    socket.on('feedback', handlers.feedback);
    socket.on('change', handlers.change);
    socket.on('release', handlers.release);
    socket.on('problem', handlers.problem);
    socket.on('ingested', handlers.ingested);
    return () => {
      for (const timer of timers.values()) clearTimeout(timer);
      socket.off('connect', reconnected);
      socket.off('incident', handlers.incident);
      socket.off('feedback', handlers.feedback);
      socket.off('change', handlers.change);
      socket.off('release', handlers.release);
      socket.off('problem', handlers.problem);
      socket.off('ingested', handlers.ingested);
    };
  }, [queries]);
}
