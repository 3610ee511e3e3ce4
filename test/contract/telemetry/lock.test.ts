import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Secret } from '../../../src/lib/secret.js';
import { connectTelemetry } from '../../../src/store/telemetry/connect.js';

it('says that another process uses the database', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lemni-lock-'));
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(
    process.execPath,
    [here('../../support/child/run-ts.mjs'), here('crash-child.ts'), dataDir, '0'],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    await once(createInterface(child.stdout), 'line');
    const target = { url: '', dataDir, database: 'lemni', user: '', password: new Secret('') };
    await expect(connectTelemetry(target)).rejects.toThrow(
      `Another process (${child.pid}) uses the database in ${join(dataDir, 'clickhouse')}. Stop it, or give this one another data directory (LEMNI_DATA_DIR).`,
    );
  } finally {
    child.kill('SIGKILL');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  }
});
