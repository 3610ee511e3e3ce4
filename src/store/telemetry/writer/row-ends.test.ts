import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, type Row } from '../../../../test/contract/telemetry/row-encoder.js';
import { writableTables, type TableName } from '../../../model/rows/tables.js';
import { rowEnds } from './row-ends.js';

const long = 'x'.repeat(300);
const rows: Partial<Record<TableName, readonly Row[]>> = {
  otel_logs: [{}, { Body: long, LogAttributes: [['a', long]] }, { TraceId: 'b' }],
  otel_traces: [
    { 'Events.Timestamp': [1n, 2n], 'Events.Name': ['a', 'b'], 'Events.Attributes': [[['k', 'v']], []] },
    { SpanName: long },
  ],
  metric_samples: [{ Value: 1 }, { Value: 2 }],
  metric_exponential_histograms: [{ PositiveBuckets: [1n, 2n, 3n] }, {}],
  changes: [{ StartedAt: null, FinishedAt: 5n }, { Attributes: [['a', 'b']] }],
};

describe('rowEnds', () => {
  it.each(Object.entries(rows))('finds the rows of %s', (table, list) => {
    const columns = writableTables[table as TableName]; // The keys of `rows` are tables.
    let end = 0;
    const expected = list.map((row) => (end += encode(columns, [row]).byteLength));
    const bytes = encode(columns, list);
    expect(rowEnds(columns, bytes)).toEqual(expected);
    // A row that is not whole has no end, wherever it breaks off.
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(rowEnds(columns, bytes.subarray(0, cut))).toEqual(expected.filter((e) => e <= cut));
    }
  });

  it('knows the types of every table', () => {
    for (const columns of Object.values(writableTables)) {
      expect(rowEnds(columns, encode(columns, [{}, {}]))).toHaveLength(2);
    }
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const columns of Object.values(writableTables)) {
          const ends = rowEnds(columns, bytes);
          expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
          expect(ends.at(-1) ?? 0).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('is not led astray by a length that lies', () => {
    const { otel_logs: columns } = writableTables;
    const huge = [...Array(8).fill(0), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    expect(rowEnds(columns, Uint8Array.from(huge))).toEqual([]);
  });

  it('says which type it does not know', () => {
    expect(() => rowEnds([{ name: 'a', type: 'Decimal(9, 2)' }], new Uint8Array(1))).toThrow(/Decimal/);
  });
});
