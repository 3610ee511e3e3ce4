import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../../src/http/contract/live.js';

export type LiveSocket = Socket<ServerToClient, ClientToServer>;
export type LiveState = 'connecting' | 'live' | 'offline';

/** One connection for the page, made when the first listener comes (after login: the cookie is its key). */
let socket: LiveSocket | undefined;
let state: LiveState = 'connecting';
const watchers = new Set<() => void>();

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

export function liveSocket(): LiveSocket {
  if (socket) return socket;
  socket = io({ path: '/live', transports: ['websocket', 'polling'], reconnectionDelayMax: 10_000 });
  socket.on('connect', () => become('live'));
  socket.on('disconnect', () => become('offline'));
  socket.on('connect_error', () => become('offline'));
  return socket;
}

/** At logout. */
export function closeLive(): void {
  socket?.disconnect();
  socket = undefined;
  become('connecting');
}

export function watchLiveState(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function liveState(): LiveState {
  return state;
}
