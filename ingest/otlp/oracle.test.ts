import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requests, toJson, type Value } from '../../test/support/otlp/arbitrary.js';
import { expectedLogs, expectedSpans, type Judge } from '../../test/support/otlp/expected-rows.js';
import { encodeRequest } from '../../test/support/otlp/messages.js';
import type { Row } from '../../test/support/rowbinary-reader.js';
import { jsonToProtobuf } from './json/transcode.js';
import { arrivalMs, decode, testLimits } from './testing/decode.js';

/**
 * protobufjs writes random messages; the hand-written decoder must make the rows of them that a second, plain
 * description says, and the same ones when they come as JSON.
 */
const judge: Judge = { arrivalMs, maxFutureMs: testLimits.maxFutureMs };
const runs = { seed: 20_261_122, numRuns: 150 };

const cases = [
  ['logs', 'otel_logs', expectedLogs],
  ['traces', 'otel_traces', expectedSpans],
] as const;

function withoutFingerprint(rows: Row[] | undefined): Row[] {
  return (rows ?? []).map(({ Fingerprint: _, ...row }) => row);
}

describe.each(cases)('%s', (signal, table, expected: (request: Value, judge: Judge) => Row[]) => {
  it('become the rows that the oracle expects, from protobuf and from JSON', () => {
    let judged = 0;
    fc.assert(
      fc.property(requests[signal], (request) => {
        const wanted = expected(request, judge);
        judged += wanted.length;
        const bytes = encodeRequest(signal, request);
        expect(withoutFingerprint(decode(signal, bytes).rows[table])).toEqual(wanted);
        const json = jsonToProtobuf(signal, Buffer.from(toJson(request)));
        expect(withoutFingerprint(decode(signal, json).rows[table])).toEqual(wanted);
      }),
      runs,
    );
    // Random requests could all be empty.
    expect(judged).toBeGreaterThan(300);
  });
});

describe('metrics', () => {
  it('become the same rows from protobuf and from JSON, every sample of an announced series', () => {
    fc.assert(
      fc.property(requests.metrics, (request) => {
        const { rows, report } = decode('metrics', encodeRequest('metrics', request));
        const fromJson = decode('metrics', jsonToProtobuf('metrics', Buffer.from(toJson(request))));
        expect(fromJson.rows).toEqual(rows);
        expect(fromJson.report).toEqual(report);
        const announced = new Set((rows.metric_series ?? []).map((row) => row['Id']));
        for (const row of rows.metric_samples ?? []) expect(announced).toContain(row['SeriesId']);
        for (const row of rows.metric_series ?? []) {
          expect(row['Name']).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
          for (const [label, value] of Object.entries(row['Labels'] as Record<string, string>)) {
            expect(label).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
            expect(value).not.toBe('');
          }
        }
      }),
      runs,
    );
  });
});
