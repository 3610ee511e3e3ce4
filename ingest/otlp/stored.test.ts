import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectTelemetry, type DirectTelemetry } from '../../test/support/direct-telemetry.js';
import { requests, type Value } from '../../test/support/otlp/arbitrary.js';
import { encodeRequest } from '../../test/support/otlp/messages.js';
import { ingestConfig } from '../../test/support/otlp/server.js';
import { sharedData } from '../../test/support/shared-data.js';
import { createScrubber } from '../scrub/scrubber.js';
import { createOtlpIntake, type OtlpIntake } from './intake.js';
import { createSeriesRegistry } from './metrics/series-registry.js';
import { otlpSignals, type OtlpEncoding, type OtlpSignal } from './signal.js';
import { arrivalMs, decode, noScrubbing } from './testing/decode.js';

/** What the decoder writes, read by the engine itself; after the captures were made, so that their times hold. */
const now = arrivalMs + 2 * 86_400_000;

let telemetry: DirectTelemetry;
let intake: OtlpIntake;
beforeAll(async () => {
  telemetry = await openDirectTelemetry();
  intake = createOtlpIntake({
    sink: telemetry.sink,
    config: ingestConfig,
    scrubber: createScrubber(noScrubbing),
    clock: { now: () => now },
    registry: new Registry(),
    seriesRegistry: createSeriesRegistry(),
  });
});
afterAll(() => telemetry.close());

const send = (signal: OtlpSignal, body: Buffer, encoding: OtlpEncoding = 'protobuf') =>
  intake.accept({ signal, encoding, body, reservation: intake.inFlight.reserve() });

const count = async (table: string): Promise<number> =>
  (await telemetry.reader.rows<{ n: number }>(`SELECT toUInt32(count()) AS n FROM ${table}`))[0]?.n ?? 0;

describe('the engine reads what the decoder wrote', () => {
  it('logs, column by column', async () => {
    const time = BigInt(now) * 1_000_000n;
    const messages = fc.sample(requests.logs, { seed: 3, numRuns: 30 });
    const recent = JSON.parse(
      JSON.stringify(messages, (key, value: unknown) =>
        key.endsWith('UnixNano') ? (time - (BigInt(value as string) % 1_000_000_000_000n)).toString() : value,
      ),
    ) as Value[];
    let expected = 0;
    for (const message of recent) {
      const bytes = encodeRequest('logs', stripBytes(message));
      const { rows } = decode('logs', bytes, { arrivalMs: now });
      if ((rows.otel_logs?.length ?? 0) === 0) continue;
      await send('logs', bytes);
      expected += rows.otel_logs!.length;
      const wanted = rows.otel_logs!.at(-1)!;
      const at = (wanted['Timestamp'] as bigint).toString();
      const found = await telemetry.reader.rows<Record<string, unknown>>(
        `SELECT toString(toUnixTimestamp64Nano(Timestamp)) AS t, SeverityText, SeverityNumber, ServiceName, Body, LogAttributes, ResourceAttributes, ScopeAttributes, EventName, toString(Fingerprint) AS f
         FROM otel_logs WHERE Timestamp = fromUnixTimestamp64Nano({t:Int64}) AND Body = {body:String}`,
        { t: at, body: wanted['Body'] },
      );
      const { LogAttributes, ResourceAttributes, ScopeAttributes } = wanted;
      expect(found.map((row) => ({ ...row }))).toContainEqual({
        t: at,
        SeverityText: wanted['SeverityText'],
        SeverityNumber: wanted['SeverityNumber'],
        ServiceName: wanted['ServiceName'],
        Body: wanted['Body'],
        LogAttributes,
        ResourceAttributes,
        ScopeAttributes,
        EventName: wanted['EventName'],
        f: (wanted['Fingerprint'] as bigint).toString(),
      });
    }
    expect(expected).toBeGreaterThan(30);
    expect(await count('otel_logs')).toBe(expected);
  });

  it('the examples of opentelemetry-proto, as JSON', async () => {
    const folder = sharedData('wire/otlp');
    if (folder === undefined) return;
    const before = { logs: await count('otel_logs'), spans: await count('otel_traces') };
    for (const [file, signal] of [
      ['logs.json', 'logs'],
      ['events.json', 'logs'],
      ['trace.json', 'traces'],
      ['metrics.json', 'metrics'],
    ] as const) {
      const report = await send(signal, readFileSync(join(folder, file)), 'json');
      expect([file, report.rejected, report.message()]).toEqual([file, 0, '']);
    }
    expect(await count('otel_logs')).toBeGreaterThan(before.logs + 1);
    expect(await count('otel_traces')).toBe(before.spans + 1);
    const names = await telemetry.reader.rows<{ Name: string; n: number }>(
      `SELECT Name, toUInt32(count()) AS n FROM metric_samples JOIN metric_series ON Id = SeriesId
       WHERE ServiceName = 'my.service' GROUP BY Name ORDER BY Name`,
    );
    expect(names.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining([
        'my_counter_total',
        'my_gauge_ratio',
        'my_histogram_bucket',
        'my_histogram_count',
      ]),
    );
    expect(await count('metric_exponential_histograms')).toBe(1);
  });

  it('what real exporters were seen to send', async () => {
    const file = sharedData('wire/captures/otel.txt');
    if (file === undefined) return;
    const bodies = [
      ...readFileSync(file, 'utf8').matchAll(
        /POST \/v1\/(\w+)[^]*?content-type: application\/json[^]*?decoded \d+\]\n(\{.*)\n/g,
      ),
    ];
    expect(bodies).toHaveLength(3);
    for (const [, signal, body] of bodies) {
      expect(otlpSignals).toContain(signal);
      const report = await send(signal as OtlpSignal, Buffer.from(body!), 'json');
      expect(report.accepted).toBeGreaterThan(0);
      expect(report.message()).toBe('');
    }
  });
});

/** JSON has no bytes: an object of numbers stands where they were. */
function stripBytes(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      /^(traceId|spanId|bytesValue)$/.test(key) ? undefined : inner,
    ),
  ) as Value;
}
