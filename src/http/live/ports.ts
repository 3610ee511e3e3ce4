import type { LogRecord } from '../contract/telemetry.js';

/**
 * Follows a log query. Calls `emit` with new records, oldest first, and how many more there were than the source
 * hands out; the promise gives the function that ends it. Rejects with `BadInput` when the query is not right.
 */
export type TailSource = (
  query: string,
  emit: (items: readonly LogRecord[], dropped: number) => void,
) => Promise<() => void>;
