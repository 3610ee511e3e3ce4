import type { EncodedRows } from '../src/model/rows/tables.js';

/**
 * Where every wire puts what it decoded. `store` resolves once the rows are safe on disk (a segment file,
 * fsynced, or the table itself): only then may a 2xx be sent. It rejects with `Unavailable` when there is
 * no room. The bytes must not be changed after the call.
 */
export interface TelemetrySink {
  store(batches: readonly EncodedRows[]): Promise<void>;
}

/** Keeps what it is given: for tests. */
export class RecordingSink implements TelemetrySink {
  readonly batches: EncodedRows[] = [];

  store(batches: readonly EncodedRows[]): Promise<void> {
    this.batches.push(...batches);
    return Promise.resolve();
  }
}
