import { writableTables, type TableName } from '../../../src/model/rows/tables.js';
import { readRows, type Row } from '../../../test/support/rowbinary-reader.js';
import { createScrubber, type ScrubConfig } from '../../scrub/scrubber.js';
import { DecodeContext } from '../context.js';
import { startDecoding } from '../intake.js';
import { createSeriesRegistry, type Announcements, type SeriesRegistry } from '../metrics/series-registry.js';
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
  readonly announcements: Announcements | undefined;
}

interface TestOptions {
  readonly limits?: Partial<DecodeLimits>;
  readonly scrub?: ScrubConfig;
  readonly registry?: SeriesRegistry;
  readonly arrivalMs?: number;
}

/** Decodes a request and reads its rows back. */
export function decode(signal: OtlpSignal, bytes: Buffer, options: TestOptions = {}): Decoded {
  const context = new DecodeContext(bytes, {
    limits: { ...testLimits, ...options.limits },
    scrubber: createScrubber(options.scrub ?? noScrubbing),
    arrivalMs: options.arrivalMs ?? arrivalMs,
  });
  const decoding = startDecoding(signal, context, options.registry ?? createSeriesRegistry({ max: 1000 }));
  for (const _ of decoding.steps);
  const rows: Partial<Record<TableName, Row[]>> = {};
  const { batches, announcements } = decoding.finish();
  for (const batch of batches) {
    const found = readRows(writableTables[batch.table], batch.bytes);
    if (found.length !== batch.rows) throw new Error(`${batch.rows} rows promised, ${found.length} found`);
    rows[batch.table] = [...(rows[batch.table] ?? []), ...found];
  }
  return { rows, report: context.report, announcements };
}
