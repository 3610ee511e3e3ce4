import { useEffect, useState } from 'react';
import type { LogRecord } from '../../../../src/http/contract/telemetry.js';
import { liveSocket } from '../../live/live.js';
import { useLiveEvent } from '../../live/use-live.js';

interface TailAsk {
  readonly query: string;
  readonly enabled: boolean;
  /** Lines oldest first, and how many did not fit. */
  readonly onLines: (lines: readonly LogRecord[], dropped: number) => void;
}

/** Follows a query over the socket; answers why it cannot. Starts again after a lost connection. */
export function useTail({ query, enabled, onLines }: TailAsk): string | null {
  const [error, setError] = useState<{ query: string; message: string | null }>({ query, message: null });
  const [tailId] = useState(() => `tail-${Math.random().toString(36).slice(2)}`);

  useEffect(() => {
    if (!enabled) return;
    const socket = liveSocket();
    const start = () =>
      socket.emit('tail', { tailId, query }, (message) => setError({ query, message: message ?? null }));
    socket.on('connect', start);
    if (socket.connected) start();
    return () => {
      socket.off('connect', start);
      socket.emit('untail');
    };
  }, [enabled, query, tailId]);

  useLiveEvent('logs', (batch) => {
    if (enabled && batch.tailId === tailId) onLines(batch.items, batch.dropped);
  });
  return enabled && error.query === query ? error.message : null;
}
