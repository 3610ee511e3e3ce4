import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LogHistogram } from '../../src/http/contract/telemetry.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { MetricsText } from '../support/metrics-text.js';
import { logsOf, MiB } from '../support/otlp/bad-bodies.js';
import { exportOverGrpc, mediaType, sendOtlp, type Encoding, type OtlpAnswer } from '../support/otlp/wire.js';
import { Session } from '../support/session.js';

/** A file system of its own that can really be full; undefined where this user may not mount one. */
const disk = mountedDisk(384);
let lemni: Lemni | undefined;

afterAll(async () => {
  await lemni?.stop();
  if (disk === undefined) return;
  spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

function mountedDisk(mebibytes: number): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'lemni-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]);
  if (mount.status === 0) return path;
  console.warn('Left out: a full disk, since this user may not mount a small file system (tmpfs) to fill.');
  rmSync(path, { recursive: true, force: true });
  return undefined;
}

let sent = 0;
async function send(url: string, encoding: Encoding = 'json'): Promise<OtlpAnswer> {
  const body = logsOf(encoding, 'disk', [{ body: { stringValue: `line ${sent++}` } }]);
  return sendOtlp(`${url}/v1/logs`, encoding, body);
}

/** 503 with Retry-After and google.rpc.Status UNAVAILABLE, in the encoding that was sent. */
function expectNoRoom(answer: OtlpAnswer, encoding: Encoding): void {
  expect(answer).toMatchObject({
    status: 503,
    contentType: mediaType[encoding],
    body: { code: 14, message: expect.stringMatching(/disk/) },
  });
  expect(Number(answer.retryAfter)).toBeGreaterThanOrEqual(1);
}

it('less free space than writer.minFreeBytes: senders are asked to come back', async () => {
  const poor = await Lemni.start({ env: { LEMNI_WRITER_MIN_FREE_BYTES: '4000TiB' } });
  try {
    for (const encoding of ['json', 'protobuf'] as const)
      expectNoRoom(await send(poor.url, encoding), encoding);
    const body = logsOf('protobuf', 'disk', [{ body: { stringValue: 'x' } }]);
    expect(await exportOverGrpc(poor.grpcPort, 'logs', body)).toMatchObject({ code: 14 });
    const deploy = await fetch(`${poor.url}/api/deploys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'disk', version: '1' }),
    });
    expect(deploy.status).toBe(503);
    expect(deploy.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(deploy.headers.get('retry-after'))).toBeGreaterThan(0);
    const metrics = await MetricsText.read(poor.url);
    expect(metrics.sum('lemni_otlp_refused_requests_total', { reason: 'disk_full' })).toBe(3);
    expect(await poor.stop()).toBe(0);
  } finally {
    await poor.remove();
  }
});

describe.runIf(disk !== undefined)('a disk that is full', () => {
  const ballast = join(disk ?? '', 'ballast');
  let acknowledged = 0;
  const takes = async (url: string): Promise<void> => {
    await eventually(
      () => send(url),
      ({ status }) => status === 200,
      15_000,
    );
    acknowledged += 1;
  };

  it('to the last byte: refused, and taken as soon as there is room', { timeout: 90_000 }, async () => {
    lemni = await Lemni.start({
      dataDir: join(disk ?? '', 'data'),
      env: { LEMNI_WRITER_MIN_FREE_BYTES: '0' },
    });
    const { url, pid } = lemni;
    const session = await Session.byLink(lemni);
    await takes(url);
    for (let round = 0; round < 2; round++) {
      fill(disk ?? '', ballast);
      const refused = await eventually(
        () => send(url, 'protobuf'),
        ({ status }) => {
          // What still found a last page was acknowledged, so it counts.
          if (status === 200) acknowledged += 1;
          return status !== 200;
        },
      );
      expectNoRoom(refused, 'protobuf');
      for (let i = 0; i < 20; i++) {
        const { status } = await send(url);
        if (status === 200) acknowledged += 1;
        else expect(status).toBe(503);
      }
      expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
      rmSync(ballast);
      await takes(url);
      await takes(url);
    }
    expect(lemni.pid).toBe(pid);
    const found = await eventually(
      () => session.get<LogHistogram>('/api/logs/histogram?query=service:disk&from=now-1h'),
      ({ total }) => total >= acknowledged,
      30_000,
    );
    expect(found.total).toBe(acknowledged);
    // A person can still log in and triage: the state was not hurt.
    await session.send('POST', '/api/keys', { name: 'after', scope: 'ingest' });
    expect(await lemni.stop()).toBe(0);
  });
});

/** Writes until nothing more fits. */
function fill(directory: string, path: string): void {
  const file = openSync(path, 'a');
  const { bavail, bsize } = statfsSync(directory);
  let left = bavail * bsize;
  try {
    for (let size = MiB; size >= 1; size = Math.floor(size / 4)) {
      const bytes = Buffer.alloc(size, 1);
      try {
        while (left > -MiB) left -= writeSync(file, bytes);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}
