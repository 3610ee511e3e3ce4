import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { systemClock } from '../../../src/lib/clock.js';
import { newUlid } from '../../../src/lib/ids.js';
import { seeded } from '../../../src/lib/seeded.js';
import type { EncodedRows } from '../../../src/model/rows/tables.js';
import { connectTelemetry, type TelemetryConnection } from '../../../src/store/telemetry/connect.js';
import { createWriterMetrics } from '../../../src/store/telemetry/metrics.js';
import { tableColumnsAt } from '../../../src/store/telemetry/schema-columns.js';
import { realFiles, type SpoolFiles } from '../../../src/store/telemetry/writer/spool-files.js';
import { TelemetryWriter, type WriterOptions } from '../../../src/store/telemetry/writer/writer.js';
import { encodeRows } from './row-encoder.js';
import type { Given } from './suite.js';

export interface OpenOptions extends Partial<WriterOptions> {
  readonly files?: Partial<SpoolFiles>;
  readonly connect?: () => Promise<TelemetryConnection>;
}

export interface OpenedWriter {
  readonly writer: TelemetryWriter;
  /** The value of a metric, summed over its labels, or of one line of it. */
  readonly metric: (name: string) => Promise<number>;
}

/** A spool of its own and what a test asks about its rows; the service's name keeps tests apart. */
export class WriterBench {
  readonly dir: string;
  readonly service: string;
  readonly #given: Given;
  readonly #open: TelemetryWriter[] = [];
  #line = 0;

  private constructor(given: Given, dir: string) {
    this.#given = given;
    this.dir = dir;
    this.service = `svc-${newUlid(Date.now())}`;
  }

  static async create(given: Given): Promise<WriterBench> {
    return new WriterBench(given, await mkdtemp(join(tmpdir(), 'lemni-spool-')));
  }

  async open({ files, connect, ...options }: OpenOptions = {}): Promise<OpenedWriter> {
    const registry = new Registry();
    const writer = await TelemetryWriter.open(
      {
        dir: this.dir,
        schema: 1,
        maxDelayMs: 100,
        maxSegmentBytes: 16 * 1024 ** 2,
        maxSpoolBytes: 1024 ** 3,
        minFreeBytes: 0,
        maxInFlightBytes: 64 * 1024 ** 2,
        lanes: 2,
        ...options,
      },
      {
        connect:
          connect ??
          (() => connectTelemetry(this.#given().twin.target, { useDatabase: false, requestTimeoutMs: 5000 })),
        columnsOf: tableColumnsAt,
        files: { ...realFiles, ...files },
        clock: systemClock,
        newId: newUlid,
        random: seeded(1),
        logger: pino({ enabled: false }),
        metrics: createWriterMetrics(registry),
      },
    );
    this.#open.push(writer);
    return {
      writer,
      metric: async (name) => {
        const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
        return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
      },
    };
  }

  /** `count` log lines, each with a body of its own. */
  logs(count: number): EncodedRows {
    const rows = [...Array(count).keys()].map(() => ({
      Timestamp: BigInt(Date.now()) * 1_000_000n,
      ServiceName: this.service,
      Body: `line ${this.#line++}`,
    }));
    return encodeRows('otel_logs', rows);
  }

  /** How many lines are there, how many different ones, and what the view counted. */
  async found(): Promise<{ lines: number; different: number; counted: number }> {
    const { connection } = this.#given();
    const [row] = await connection.rows<{ lines: number; different: number }>(
      'SELECT toUInt32(count()) AS lines, toUInt32(uniqExact(Body)) AS different FROM lemni.otel_logs WHERE ServiceName = {s:String}',
      { s: this.service },
    );
    const [view] = await connection.rows<{ counted: number }>(
      'SELECT toUInt32(sum(Count)) AS counted FROM lemni.log_minutes WHERE ServiceName = {s:String}',
      { s: this.service },
    );
    return { ...row!, ...view! };
  }

  /** The files that wait in the spool. */
  async left(table = 'otel_logs'): Promise<string[]> {
    return (await readdir(join(this.dir, table))).sort();
  }

  rejected(): Promise<string[]> {
    return this.left('rejected');
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((writer) => writer.stop(0)));
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A database that is away. */
export function nobody(): Promise<TelemetryConnection> {
  return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
}
