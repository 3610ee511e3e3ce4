import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { environment } from '../../../config/load.js';
import type { Config } from '../../../config/schema.js';
import { backoffDelay } from '../../lib/backoff.js';
import type { Clock } from '../../lib/clock.js';
import { BadInput, messageOf, Unavailable } from '../../lib/errors.js';
import { newUlid } from '../../lib/ids.js';
import { Stops } from '../../lib/stops.js';
import { isAway, isLoginRefused, readError } from './clickhouse-errors.js';
import { connectTelemetry, type TelemetryConnection, type TelemetryTarget } from './connect.js';
import { TelemetryReaders, type TelemetryReader } from './database.js';
import { createReadMetrics, createWriterMetrics } from './metrics.js';
import { migrateTelemetry } from './migrate.js';
import { latestMigration } from './migrations/index.js';
import { applyRetention } from './retention.js';
import { tableColumnsAt } from './schema-columns.js';
import { realFiles } from './writer/spool-files.js';
import { TelemetryWriter } from './writer/writer.js';

export interface TelemetryStoreDeps {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
  /** How long a start waits for a database that is away. */
  readonly waitMs?: number;
}

export interface TelemetryStore {
  readonly readers: TelemetryReader;
  readonly writer: TelemetryWriter;
  /** Throws `Unavailable` when the database does not answer. */
  ping(): Promise<void>;
  /** Drains the writer (10 s at most), waits for the reads that run, and lets go of the database. Idempotent. */
  stop(): Promise<void>;
}

/** Inserts at once: one table's segments go in one after the other, so two tables can at a time. */
const writingLanes = 2;
/** Threads of the pool that queries leave to the file system and name resolution. */
const otherThreads = 3;

/** Connects, migrates, applies the retention, takes up the spool, and opens the readers. */
export async function openTelemetryStore(config: Config, deps: TelemetryStoreDeps): Promise<TelemetryStore> {
  const { logger, registry, clock } = deps;
  const stops = new Stops();
  const stop = (): Promise<void> =>
    stops.run((name, error) =>
      logger.error({ name, error: messageOf(error) }, 'the store did not stop cleanly'),
    );
  const target = targetOf(config);
  try {
    const control = await connectTelemetry(target, { useDatabase: false, requestTimeoutMs: 300_000 });
    stops.add('connection', () => control.close());
    await untilThere(() => prepare(control, config, logger), deps);

    const writerMetrics = createWriterMetrics(registry);
    const writer = await TelemetryWriter.open(writerOptions(config), {
      connect: () => connectTelemetry(target, { useDatabase: false, requestTimeoutMs: 120_000 }),
      columnsOf: tableColumnsAt,
      files: realFiles,
      clock,
      newId: newUlid,
      random: Math.random,
      logger,
      metrics: writerMetrics,
    });
    stops.add('writer', () => writer.stop());

    const readers = await TelemetryReaders.open({
      ...target,
      readers: readersFor(config, logger),
      limits: {
        timeoutMs: config.reads.timeout,
        maxMemoryBytes: config.reads.maxMemory,
        maxRows: config.reads.maxRows,
      },
      metrics: createReadMetrics(registry),
    });
    stops.add('readers', () => readers.close());
    return { readers, writer, ping: () => ping(control), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function targetOf({ clickhouse, dataDir }: Config): TelemetryTarget {
  const { url, database, user, password } = clickhouse;
  return { url, dataDir: resolve(dataDir), database, user, password };
}

function writerOptions({ dataDir, writer, ingest }: Config): Parameters<typeof TelemetryWriter.open>[0] {
  return {
    dir: join(resolve(dataDir), 'spool'),
    schema: latestMigration,
    maxDelayMs: writer.maxDelay,
    maxSegmentBytes: writer.maxSegmentBytes,
    maxSpoolBytes: writer.maxSpoolBytes,
    minFreeBytes: writer.minFreeBytes,
    maxInFlightBytes: ingest.maxInFlightBytes,
    lanes: writingLanes,
  };
}

async function prepare(connection: TelemetryConnection, config: Config, logger: Logger): Promise<void> {
  const options = { database: config.clickhouse.database, cluster: config.clickhouse.cluster };
  await migrateTelemetry(connection, options);
  const changed = await applyRetention(connection, options, config.retention);
  if (changed.length > 0) logger.info({ tables: changed }, 'retention applied');
}

/** A database that starts beside Lemni may take a while longer. */
async function untilThere(work: () => Promise<void>, deps: TelemetryStoreDeps): Promise<void> {
  const { clock, logger } = deps;
  const deadline = clock.now() + (deps.waitMs ?? 60_000);
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (isLoginRefused(error)) {
        throw new BadInput(
          'unauthenticated',
          `The telemetry database refuses clickhouse.user with clickhouse.password: ${messageOf(error)}`,
          { cause: error },
        );
      }
      if (!isAway(error)) throw error;
      if (clock.now() >= deadline) {
        throw new Unavailable(
          'store_unavailable',
          `The telemetry database does not answer (clickhouse.url): ${messageOf(error)}`,
          { cause: error },
        );
      }
      if (attempt === 1) logger.warn({ error: messageOf(error) }, 'waiting for the telemetry database');
      await clock.sleep(backoffDelay(attempt, { baseMs: 200, maxMs: 3000 }, Math.random));
    }
  }
}

/** Every running query of the embedded engine holds a thread of the process's pool: see bin/lemni. */
function readersFor(config: Config, logger: Logger): number {
  const threads = Number(environment()['UV_THREADPOOL_SIZE'] ?? 4);
  const room = Math.max(1, threads - writingLanes - otherThreads);
  const { url, readers } = config.clickhouse;
  if (url !== '' || readers <= room) return readers;
  logger.warn(
    { wanted: readers, readers: room, threads },
    'fewer readers than wanted: UV_THREADPOOL_SIZE is small',
  );
  return room;
}

/** A server that is silent for so long is away, ms; this connection's own limit is made for migrations. */
const pingMs = 5000;

async function ping(control: TelemetryConnection): Promise<void> {
  const silent = AbortSignal.timeout(pingMs);
  try {
    await control.rows('SELECT 1 AS one SETTINGS max_execution_time = 5', {}, silent);
  } catch (error) {
    if (silent.aborted) {
      throw new Unavailable('store_unavailable', `No answer within ${pingMs / 1000} s.`, { cause: error });
    }
    throw readError(error, { timeoutMs: pingMs, maxMemoryBytes: 0, maxRows: 1 });
  }
}
