import { writableTables, type TableName } from '../../../src/model/rows/tables.js';
import { readRows, type Row } from '../../../test/support/rowbinary-reader.js';
import { createScrubber, type ScrubConfig } from '../../scrub/scrubber.js';
import { DecodeContext } from '../context.js';
import { startDecoding } from '../intake.js';
import { createSeriesRegistry } from '../metrics/series-registry.js';
import type { DecodeLimits } from '../options.js';
import type { DecodeReport } from '../report.js';
import type { OtlpSignal } from '../signal.js';

/** 2026-11-22T00:00:00Z. */
export const arrivalMs = 1_795_305_600_000;

export const testLimits: DecodeLimits = {
  maxAttributes: 1000,
  maxAttributeBytes: 64 * 1024,
  maxBodyBytes: 256 * 1024,
  maxFutureMs: 3_600_000,
  maxEncodedBytes: 192 * 1024 * 1024,
};
export const noScrubbing: ScrubConfig = {
  secrets: false,
  queryStrings: false,
  emails: false,
  cardNumbers: false,
  keys: [],
};

export interface Decoded {
  readonly rows: Partial<Record<TableName, Row[]>>;
  readonly report: DecodeReport;
}

/** Decodes a request and reads its rows back. */
export function decode(
  signal: OtlpSignal,
  bytes: Buffer,
  options: { limits?: Partial<DecodeLimits>; scrub?: ScrubConfig } = {},
): Decoded {
  const context = new DecodeContext(bytes, {
    limits: { ...testLimits, ...options.limits },
    scrubber: createScrubber(options.scrub ?? noScrubbing),
    arrivalMs,
  });
  const decoding = startDecoding(signal, context, createSeriesRegistry());
  const steps = [...decoding.steps];
  if (steps.some((step) => step !== undefined)) throw new Error('a step says nothing');
  const rows: Partial<Record<TableName, Row[]>> = {};
  for (const batch of decoding.finish().batches) {
    const found = readRows(writableTables[batch.table], batch.bytes);
    if (found.length !== batch.rows) throw new Error(`${batch.rows} rows promised, ${found.length} found`);
    rows[batch.table] = [...(rows[batch.table] ?? []), ...found];
  }
  return { rows, report: context.report };
}
