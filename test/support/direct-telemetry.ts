import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetrySink } from '../../ingest/sink.js';
import { Secret } from '../../src/lib/secret.js';
import { columnList, structureOf } from '../../src/model/rows/columns.js';
import { writableTables } from '../../src/model/rows/tables.js';
import { connectTelemetry } from '../../src/store/telemetry/connect.js';
import { TelemetryReaders, type TelemetryReader } from '../../src/store/telemetry/database.js';
import { derived, signals } from '../../src/store/telemetry/migrations/001-signals.js';

export interface DirectTelemetry {
  readonly reader: TelemetryReader;
  /** Inserts at once, so that a test reads what it wrote without waiting for segments. */
  readonly sink: TelemetrySink;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The embedded engine in a directory of its own, with Lemni's tables. One a process. */
export async function openDirectTelemetry(): Promise<DirectTelemetry> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lemni-direct-'));
  const target = { url: '', dataDir, database: 'lemni', user: '', password: new Secret('') };
  const client = connectTelemetry(target);
  const command = async (query: string): Promise<void> => {
    await client.command({ query });
  };
  await command('CREATE DATABASE IF NOT EXISTS lemni');
  const ddl = { database: 'lemni', cluster: '' };
  for (const statement of [...signals(ddl), ...derived(ddl)]) await command(statement);
  const readers = await TelemetryReaders.open({
    ...target,
    cluster: '',
    readers: 1,
    limits: { timeoutMs: 20_000, maxMemoryBytes: 2 ** 30, maxRows: 100_000 },
  });
  let segments = 0;
  return {
    reader: readers,
    sink: {
      store: async (batches) => {
        for (const { table, bytes } of batches) {
          const columns = writableTables[table];
          const path = join(dataDir, `segment-${segments++}.bin`);
          await writeFile(path, bytes);
          await command(
            `INSERT INTO lemni.${table} (${columnList(columns)}) SELECT * FROM file('${path}', 'RowBinary', '${structureOf(columns).replaceAll("'", "\\'")}')`,
          );
          await rm(path);
        }
      },
    },
    command,
    close: async () => {
      await readers.close();
      await client.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
