import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigSchema } from '../../../config/schema.js';
import { systemClock } from '../../../src/lib/clock.js';
import { seeded } from '../../../src/lib/seeded.js';
import { openTelemetryStore } from '../../../src/store/telemetry/store.js';
import { linesPerRequest } from './crash-child.js';

const kills = 10;
let dataDir = '';
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lemni-crash-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Lets the child work and kills it `ms` after its first acknowledgement; answers what it acknowledged. */
async function workAndDie(firstRequest: number, ms: number): Promise<number[]> {
  const program = here('../../support/child/run-ts.mjs');
  const child = spawn(process.execPath, [program, here('crash-child.ts'), dataDir, String(firstRequest)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged: number[] = [];
  const lines = createInterface(child.stdout);
  const ended = once(lines, 'close');
  lines.on('line', (line) => acknowledged.push(Number(line)));
  await Promise.race([
    once(lines, 'line'),
    exited.then(() => Promise.reject(new Error('the child died by itself'))),
  ]);
  await systemClock.sleep(ms);
  child.kill('SIGKILL');
  await exited;
  await ended;
  return acknowledged;
}

it(`keeps every acknowledged row, once, over ${kills} kills under load`, { timeout: 300_000 }, async () => {
  const random = seeded(11);
  const acknowledged: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const first = kill * 1_000_000;
    acknowledged.push(...(await workAndDie(first, 200 + Math.floor(random() * 900))));
  }
  expect(acknowledged.length).toBeGreaterThan(kills * 20);

  const store = await openTelemetryStore(
    ConfigSchema.parse({ dataDir, clickhouse: { readers: 1 }, reads: { maxRows: 10_000_000 } }),
    { logger: pino({ enabled: false }), registry: new Registry(), clock: systemClock },
  );
  while (store.writer.pendingBytes > 0) await systemClock.sleep(50);
  const found = await store.readers.rows<{ request: number; lines: number; different: number }>(
    "SELECT toUInt32(splitByChar('/', Body)[1]) AS request, toUInt32(count()) AS lines, toUInt32(uniqExact(Body)) AS different FROM otel_logs WHERE ServiceName = 'crash' GROUP BY request",
  );
  // A request that was not answered may be there, but whole and once.
  expect(found.filter(({ lines, different }) => lines !== linesPerRequest || different !== lines)).toEqual(
    [],
  );
  const present = new Set(found.map(({ request }) => request));
  expect(acknowledged.filter((request) => !present.has(request))).toEqual([]);
  const samples = await store.readers.rows<{ request: number }>(
    'SELECT toUInt32(SeriesId) AS request FROM metric_samples',
  );
  const sampled = new Set(samples.map(({ request }) => request));
  expect(samples).toHaveLength(sampled.size);
  expect(acknowledged.filter((request) => !sampled.has(request))).toEqual([]);
  expect(
    await store.readers.rows("SELECT sum(Count) AS counted FROM log_minutes WHERE ServiceName = 'crash'"),
  ).toEqual([{ counted: found.length * linesPerRequest }]);
  await store.stop();
  expect(await readdir(join(dataDir, 'spool', 'otel_logs'))).toEqual([]);
});
