import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetrySink } from '../../ingest/sink.js';
import { Secret } from '../../src/lib/secret.js';
import { writableTables } from '../../src/model/rows/tables.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import type { TelemetryReader } from '../../src/store/telemetry/database.js';
import { derived, signals } from '../../src/store/telemetry/migrations/001-signals.js';

export interface DirectTelemetry {
  readonly reader: TelemetryReader;
  /** Inserts at once, so that a test reads what it wrote without waiting for segments. */
  readonly sink: TelemetrySink;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The embedded engine in a directory of its own, with Lemni's tables and one connection. One a process. */
export async function openDirectTelemetry(): Promise<DirectTelemetry> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lemni-direct-'));
  const target = { url: '', dataDir, database: 'lemni', user: '', password: new Secret('') };
  const connection = await connectTelemetry(target, { useDatabase: false });
  await connection.command('CREATE DATABASE IF NOT EXISTS lemni');
  await connection.command('USE lemni');
  const ddl = { database: 'lemni', cluster: '' };
  for (const statement of [...signals(ddl), ...derived(ddl)]) await connection.command(statement);
  let segments = 0;
  return {
    reader: {
      rows: (sql, params = {}) =>
        connection.rows(`${sql}\nSETTINGS output_format_json_quote_64bit_integers = 0`, params),
    },
    sink: {
      store: async (batches) => {
        for (const { table, bytes } of batches) {
          const token = `segment-${segments++}`;
          const path = join(dataDir, token);
          await writeFile(path, bytes);
          await connection.insertFiles({ table, columns: writableTables[table], files: [path], token });
          await rm(path);
        }
      },
    },
    command: (sql) => connection.command(sql),
    close: async () => {
      await connection.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
