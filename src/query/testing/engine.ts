import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../lib/secret.js';
import { connectTelemetry } from '../../store/telemetry/connect.js';
import { TelemetryReaders, type TelemetryReader } from '../../store/telemetry/database.js';
import { migrateTelemetry } from '../../store/telemetry/migrate.js';

export interface Engine {
  readonly reader: TelemetryReader;
  /** Rows as ClickHouse's JSONEachRow takes them: columns that are left out have their defaults. */
  insert(table: string, rows: readonly object[]): Promise<void>;
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** The embedded engine with Lemni's tables in a directory of its own. One a process. */
export async function openEngine(): Promise<Engine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lemni-query-'));
  const target = { url: '', dataDir, database: 'lemni', user: '', password: new Secret('') };
  const first = await connectTelemetry(target, { useDatabase: false });
  await migrateTelemetry(first, { database: 'lemni', cluster: '' });
  await first.close();
  const connection = await connectTelemetry(target);
  const limits = { timeoutMs: 20_000, maxMemoryBytes: 1024 ** 3, maxRows: 100_000 };
  const reader = await TelemetryReaders.open({ ...target, readers: 2, limits });
  return {
    reader,
    insert: async (table, rows) => {
      if (rows.length === 0) return;
      const lines = rows.map((row) => JSON.stringify(row)).join('\n');
      await connection.command(`INSERT INTO ${table} FORMAT JSONEachRow ${lines}`);
    },
    command: (sql) => connection.command(sql),
    close: async () => {
      await reader.close();
      await connection.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
