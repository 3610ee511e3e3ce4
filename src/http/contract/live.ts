import type { Incident } from './incidents.js';
import type { LogRecord } from './telemetry.js';
import type { Feedback } from './feedback.js';
import type { Change, Release } from './changes.js';
import type { ProblemItem } from './problems.js';

/**
 * What the server says over socket.io (path `/live`, authenticated by the session cookie). Events carry what
 * a list needs to update in place; a client that missed some asks the REST API again on reconnect.
 */
export interface ServerToClient {
  incident: (incident: Incident) => void;
  feedback: (feedback: Feedback) => void;
  change: (change: Change) => void;
  release: (release: Release) => void;
  /** New, or changed: rank, state, ticket, verification. */
  problem: (problem: ProblemItem) => void;
  /** New telemetry became readable: pages that show a relative range may refresh. At most one a second. */
  ingested: (counts: { logs: number; traces: number; metrics: number }) => void;
  /** For those who asked with `tail`: oldest first; `dropped` lines did not fit the rate bound. */
  logs: (batch: { tailId: string; items: LogRecord[]; dropped: number }) => void;
}

export interface ClientToServer {
  /** Starts a live tail of the query; `ack` says why it cannot (a query error). One tail a socket. */
  tail: (request: { tailId: string; query: string }, ack: (error: string | null) => void) => void;
  untail: () => void;
}
