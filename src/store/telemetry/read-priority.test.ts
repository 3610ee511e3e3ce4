import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Secret } from '../../lib/secret.js';
import { connectTelemetry } from './connect.js';
import { TelemetryReaders } from './database.js';

const target = {
  url: '',
  dataDir: mkdtempSync(join(tmpdir(), 'lemni-priority-')),
  database: 'default',
  user: 'default',
  password: new Secret(''),
};
afterAll(() => rmSync(target.dataDir, { recursive: true, force: true }));

const asked = "SELECT value FROM system.settings WHERE name = 'os_threads_nice_value_query'";

it('lets ingest go before searches in the embedded engine', async () => {
  const limits = { timeoutMs: 5000, maxMemoryBytes: 2 ** 28, maxRows: 100 };
  const readers = await TelemetryReaders.open({ ...target, readers: 2, limits });
  const writing = await connectTelemetry(target);
  expect(await readers.rows(asked)).toEqual([{ value: '15' }]);
  expect(await writing.rows(asked, {})).toEqual([{ value: '0' }]);
  await writing.close();
  await readers.close();
});
