import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/secret.js';
import { connectTelemetry, type TelemetryConnection } from '../../store/telemetry/connect.js';
import { TelemetryReaders } from '../../store/telemetry/database.js';
import { migrateTelemetry } from '../../store/telemetry/migrate.js';
import { createErrorRatios, type ErrorRatioQuestion, type ErrorRatioRow } from './error-ratios.js';

/** Not on a minute, so that both edges of a window cut one in two. */
const now = Date.parse('2026-11-22T10:20:31.500Z');
const minute = 60_000;

interface Span {
  readonly ago: number;
  readonly service?: string;
  readonly environment?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly parent?: string;
  readonly status?: string;
  readonly name?: string;
}

const dataDir = mkdtempSync(join(tmpdir(), 'lemni-ratios-'));
const target = { url: '', dataDir, database: 'lemni', user: 'default', password: new Secret('') };
let connection: TelemetryConnection;
let readers: TelemetryReaders;

async function insert(spans: readonly Span[]): Promise<void> {
  const rows = spans.map((span) => {
    const { ago, service = 'checkout', environment = 'prod', version = '1.4.0' } = span;
    const { kind = 'Server', parent = 'p', status = 'Unset', name = 'POST /pay' } = span;
    const texts = [name, kind, service, environment, version, status, parent].map((text) => `'${text}'`);
    return `(fromUnixTimestamp64Milli(toInt64(${now - ago})), ${texts.join(', ')})`;
  });
  await connection.command(
    `INSERT INTO otel_traces (Timestamp, SpanName, SpanKind, ServiceName, Environment, ServiceVersion, StatusCode, ParentSpanId) VALUES ${rows.join(', ')}`,
  );
}

beforeAll(async () => {
  const first = await connectTelemetry(target, { useDatabase: false });
  await migrateTelemetry(first, { database: 'lemni', cluster: '' });
  await first.close();
  connection = await connectTelemetry(target);
  const limits = { timeoutMs: 10_000, maxMemoryBytes: 1024 ** 3, maxRows: 100_000 };
  readers = await TelemetryReaders.open({ ...target, readers: 1, limits });
  await insert([
    // One span every 10 s for an hour, every fifth of them an error.
    ...Array.from({ length: 360 }, (_, i) => ({ ago: i * 10_000 + 1, status: i % 5 === 0 ? 'Error' : 'Ok' })),
    { ago: 1000, service: 'cart', version: '', name: 'job', kind: 'Internal', parent: '' },
    { ago: 1000, service: 'cart', environment: 'staging', kind: 'Consumer', status: 'Error' },
    // Neither of these is a request.
    { ago: 1000, service: 'cart', kind: 'Client', status: 'Error' },
    { ago: 1000, service: 'cart', kind: 'Internal', status: 'Error' },
    // The window's edges: its start counts, its end does not.
    { ago: 5 * minute, service: 'edge' },
    { ago: 5 * minute + 1, service: 'edge', status: 'Error' },
    { ago: 0, service: 'edge', status: 'Error' },
    { ago: 30 * minute, service: 'long-edge' },
    { ago: 30 * minute + 1, service: 'long-edge', status: 'Error' },
    { ago: 0, service: 'long-edge', status: 'Error' },
  ]);
});

afterAll(async () => {
  await readers.close();
  await connection.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(question: Partial<ErrorRatioQuestion>): Promise<ErrorRatioRow[]> {
  const rows = await createErrorRatios(readers).errorRatios({
    windowMs: 5 * minute,
    at: now,
    perOperation: false,
    ...question,
  });
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('error ratios', () => {
  it('counts requests: server, consumer and root spans, by service, environment and version', async () => {
    expect(await ask({ windowMs: minute })).toEqual([
      { service: 'cart', environment: 'prod', version: '', operation: '', requests: 1, errors: 0 },
      { service: 'cart', environment: 'staging', version: '1.4.0', operation: '', requests: 1, errors: 1 },
      { service: 'checkout', environment: 'prod', version: '1.4.0', operation: '', requests: 6, errors: 2 },
    ]);
  });

  it.each([
    [1, 6, 2],
    [5, 30, 6],
    [10, 60, 12],
    [11, 66, 14],
    [30, 180, 36],
    [59, 354, 71],
  ])('sees exactly the window of %i min', async (minutes, requests, errors) => {
    const rows = await ask({ windowMs: minutes * minute, service: 'checkout' });
    expect(rows).toMatchObject([{ service: 'checkout', requests, errors }]);
  });

  it('includes the start of the window and excludes its end, with and without the rollup', async () => {
    expect(await ask({ service: 'edge' })).toMatchObject([{ requests: 1, errors: 0 }]);
    expect(await ask({ service: 'long-edge', windowMs: 30 * minute })).toMatchObject([
      { requests: 1, errors: 0 },
    ]);
  });

  it('agrees with itself whether the window is on a minute or not', async () => {
    const at = Math.floor(now / minute) * minute;
    const long = await ask({ service: 'checkout', at, windowMs: 20 * minute });
    expect(long).toMatchObject([{ requests: 120, errors: 24 }]);
  });

  it('splits by operation when asked, and keeps to a service and environment', async () => {
    expect(await ask({ service: 'cart', perOperation: true })).toMatchObject([
      { environment: 'prod', operation: 'job' },
      { environment: 'staging', operation: 'POST /pay' },
    ]);
    expect(await ask({ service: 'cart', environment: 'staging' })).toHaveLength(1);
    expect(await ask({ service: "x' OR 1 = 1 --" })).toEqual([]);
  });

  it('sees a span as soon as it is there', async () => {
    await insert([{ ago: 5, service: 'fresh', status: 'Error' }]);
    expect(await ask({ service: 'fresh' })).toMatchObject([{ requests: 1, errors: 1 }]);
    expect(await ask({ service: 'fresh', windowMs: 60 * minute })).toMatchObject([
      { requests: 1, errors: 1 },
    ]);
  });
});
