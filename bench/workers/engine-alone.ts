import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { ConfigSchema } from '../../config/schema.js';
import { createOtlpIntake } from '../../ingest/otlp/intake.js';
import { createSeriesRegistry } from '../../ingest/otlp/metrics/series-registry.js';
import { createScrubber } from '../../ingest/scrub/scrubber.js';
import { Secret } from '../../src/lib/secret.js';
import { seeded } from '../../src/lib/seeded.js';
import { writableTables, type EncodedRows } from '../../src/model/rows/tables.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { migrateTelemetry } from '../../src/store/telemetry/migrate.js';
import { logsBody, tracesBody } from '../payloads.js';

export interface EngineTask {
  readonly dataDir: string;
  readonly signal: 'logs' | 'traces';
  readonly seconds: number;
  readonly rowsPerSegment: number;
}

export interface EngineResult {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * The engine alone: the very rows that the OTLP benchmark makes, already decoded and lying in segment files,
 * inserted one file after the other into the same tables with the same views.
 */
async function run(task: EngineTask): Promise<EngineResult> {
  const segments = await makeSegments(task);
  const target = {
    url: '',
    dataDir: task.dataDir,
    database: 'lemni',
    user: 'default',
    password: new Secret(''),
  };
  const connection = await connectTelemetry(target, { useDatabase: false });
  await migrateTelemetry(connection, { database: 'lemni', cluster: '' });
  const table = task.signal === 'logs' ? 'otel_logs' : 'otel_traces';
  const insert = (segment: string, token: string): Promise<void> =>
    connection.insertFiles({ table, columns: writableTables[table], files: [segment], token });
  for (const [i, segment] of segments.entries()) await insert(segment, `warm-up-${i}`);

  const cpu = process.cpuUsage();
  const started = performance.now();
  let inserts = 0;
  while (performance.now() - started < task.seconds * 1000) {
    await insert(segments[inserts % segments.length] ?? '', `bench-${inserts}`);
    inserts++;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await connection.close();
  return { rows: inserts * task.rowsPerSegment, seconds, cpuSeconds: (user + system) / 1e6 };
}

async function makeSegments(task: EngineTask): Promise<string[]> {
  const config = ConfigSchema.parse({});
  const kept: EncodedRows[] = [];
  const intake = createOtlpIntake({
    sink: {
      store: (batches) => {
        kept.push(...batches.map((batch) => ({ ...batch, bytes: Buffer.from(batch.bytes) })));
        return Promise.resolve();
      },
    },
    config: config.ingest,
    scrubber: createScrubber(config.scrub),
    clock: { now: () => Date.now() },
    registry: new Registry(),
    seriesRegistry: createSeriesRegistry(),
  });
  const random = seeded(42);
  const make = task.signal === 'logs' ? logsBody : tracesBody;
  const directory = join(task.dataDir, 'segments');
  mkdirSync(directory, { recursive: true });
  const paths: string[] = [];
  for (let i = 0; i < 8; i++) {
    kept.length = 0;
    for (let rows = 0; rows < task.rowsPerSegment; rows += 1000) {
      const body = make({ records: 1000, random, now: Date.now() });
      await intake.accept({
        signal: task.signal,
        encoding: 'protobuf',
        body,
        reservation: intake.inFlight.reserve(),
      });
    }
    const path = join(directory, `${i}.rowbinary`);
    writeFileSync(path, Buffer.concat(kept.map(({ bytes }) => bytes)));
    paths.push(path);
  }
  return paths;
}

process.once('message', (task) => {
  run(task as EngineTask).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
