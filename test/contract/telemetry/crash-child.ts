import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ConfigSchema } from '../../../config/schema.js';
import { systemClock } from '../../../src/lib/clock.js';
import type { EncodedRows } from '../../../src/model/rows/tables.js';
import { openTelemetryStore } from '../../../src/store/telemetry/store.js';
import { encodeRows } from './row-encoder.js';

/**
 * A process that is meant to be killed: stores numbered requests as fast as eight senders can and prints the
 * number of each one when it was acknowledged.
 */
export async function run(dataDir: string, firstRequest: number): Promise<void> {
  const store = await openTelemetryStore(ConfigSchema.parse({ dataDir, clickhouse: { readers: 1 } }), {
    logger: pino({ enabled: false }),
    registry: new Registry(),
    clock: systemClock,
  });
  let next = firstRequest;
  const sender = async (): Promise<never> => {
    for (;;) {
      const request = next++;
      await store.writer.store(requestOf(request));
      process.stdout.write(`${request}\n`);
    }
  };
  await Promise.all([...Array(8).keys()].map(sender));
}

export const linesPerRequest = 5;

/** Rows of two tables that name their request. */
function requestOf(request: number): EncodedRows[] {
  const now = BigInt(Date.now());
  const lines = [...Array(linesPerRequest).keys()].map((line) => ({
    Timestamp: now * 1_000_000n,
    ServiceName: 'crash',
    Body: `${request}/${line}`,
  }));
  return [
    encodeRows('otel_logs', lines),
    encodeRows('metric_samples', [{ SeriesId: BigInt(request), At: now, Value: request }]),
  ];
}
