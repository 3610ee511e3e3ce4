import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/lib/errors.js';
import { systemClock } from '../../../src/lib/clock.js';
import { eventually } from '../../support/eventually.js';
import { encodeRows } from './row-encoder.js';
import type { Given } from './suite.js';
import { nobody, WriterBench } from './writer-fixture.js';

export function describeWriter(given: Given): void {
  describe('the writer', () => {
    let bench: WriterBench;
    beforeEach(async () => {
      bench = await WriterBench.create(given);
    });
    afterEach(() => bench.close());
    const all = (lines: number) => ({ lines, different: lines, counted: lines });
    const untilFound = (lines: number, timeoutMs = 20_000) =>
      eventually(
        () => bench.found(),
        (found) => found.lines >= lines && found.counted >= lines,
        timeoutMs,
      );

    it('makes rows visible within a second, and says so', async () => {
      const { writer } = await bench.open();
      const told: number[] = [];
      const inserted = new Promise<void>((resolve) => {
        writer.onInserted((table, rows) => {
          expect(table).toBe('otel_logs');
          told.push(rows);
          resolve();
        });
      });
      await writer.store([bench.logs(100)]);
      const acknowledged = performance.now();
      await inserted;
      expect(performance.now() - acknowledged).toBeLessThan(1000);
      expect(told).toEqual([100]);
      expect(await bench.found()).toEqual(all(100));
      await eventually(
        () => bench.left(),
        (files) => files.length === 0,
      );
      expect(writer.pendingBytes).toBe(0);
    });

    it('stores what many senders give at once, in few commits', async () => {
      const { writer, metric } = await bench.open();
      const sender = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) await writer.store([bench.logs(20), bench.logs(5)]);
      };
      await Promise.all([...Array(20).keys()].map(sender));
      await writer.stop();
      expect(await bench.found()).toEqual(all(5000));
      expect(await metric('lemni_store_rows_total{table="otel_logs"}')).toBe(5000);
      expect(await metric('lemni_store_inserted_rows_total{table="otel_logs"}')).toBe(5000);
      expect(await metric('lemni_store_commit_seconds_count')).toBeLessThan(100);
    });

    it('keeps what it acknowledged while the database is away, and inserts it at the next start', async () => {
      const away = await bench.open({ connect: nobody });
      for (let i = 0; i < 5; i++) await away.writer.store([bench.logs(10)]);
      expect(await away.metric('lemni_store_spool_bytes')).toBe(away.writer.pendingBytes);
      await away.writer.stop(50);
      expect(await away.metric('lemni_store_insert_retries_total')).toBeGreaterThan(0);
      expect(await bench.found()).toEqual(all(0));

      // What a crash leaves besides: a file half-written, a hint without its slice, somebody's own file.
      const dir = join(bench.dir, 'otel_logs');
      await writeFile(join(dir, 'x.rowbinary.tmp'), 'half');
      await writeFile(join(dir, 'x.rowbinary.batches'), '[]');
      await writeFile(join(dir, 'notes.txt'), 'mine');
      const back = await bench.open();
      await untilFound(50);
      await back.writer.stop();
      expect(await bench.found()).toEqual(all(50));
      expect(await bench.left()).toEqual(['notes.txt']);
    });

    it('inserts nothing of a segment whose removal had begun', async () => {
      const away = await bench.open({ connect: nobody });
      for (let i = 0; i < 3; i++) await away.writer.store([bench.logs(10)]);
      await away.writer.stop(0);
      const slices = (await bench.left()).filter((file) => file.endsWith('.rowbinary'));
      expect(slices.map((file) => file.split('.')[1])).toEqual(['0', '1', '2']);
      await unlink(join(bench.dir, 'otel_logs', slices[0]!));
      const back = await bench.open();
      await back.writer.stop();
      expect(await bench.found()).toEqual(all(0));
      expect(await bench.left()).toEqual([]);
    });

    it('does not insert a slice that the disk has changed', async () => {
      const away = await bench.open({ connect: nobody });
      await away.writer.store([bench.logs(10)]);
      await systemClock.sleep(20);
      await away.writer.store([bench.logs(7)]);
      await away.writer.stop(0);
      const [damaged = ''] = await bench.left();
      const path = join(bench.dir, 'otel_logs', damaged);
      const bytes = await readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(path, bytes);
      const back = await bench.open();
      await untilFound(7);
      await back.writer.stop();
      expect(await bench.found()).toEqual(all(7));
      expect(
        await back.metric('lemni_store_dropped_rows_total{table="otel_logs",reason="store_rejected"}'),
      ).toBe(10);
      expect(await bench.rejected()).toHaveLength(1);
    });

    it('inserts a segment that was inserted before a crash only once', async () => {
      const { writer } = await bench.open();
      const copies: [string, string][] = [];
      const first = await bench.open({
        files: {
          // The process dies between the insert and the removal.
          remove: async (path) => {
            if (!path.endsWith('.rowbinary')) return;
            await rename(path, `${path}.kept`);
            copies.push([`${path}.kept`, path]);
          },
        },
      });
      await first.writer.store([bench.logs(10)]);
      await first.writer.store([bench.logs(10)]);
      await first.writer.stop();
      expect(await bench.found()).toEqual(all(20));
      for (const [from, to] of copies) await rename(from, to);
      await writer.stop();

      const second = await bench.open();
      await second.writer.stop();
      expect(await second.metric('lemni_store_inserted_rows_total')).toBe(20);
      expect(await bench.found()).toEqual(all(20));
    });

    it('splits off what the database refuses: batches that are no rows, and single rows', async () => {
      const { writer, metric } = await bench.open();
      const lost = { table: 'otel_logs', rows: 3, bytes: Buffer.alloc(40, 0xff) } as const;
      await Promise.all([
        writer.store([bench.logs(10)]),
        writer.store([lost]),
        writer.store([bench.logs(10), bench.logs(1)]),
      ]);
      const span = (i: number) => ({
        Timestamp: BigInt(Date.now()) * 1_000_000n,
        ServiceName: bench.service,
        SpanId: String(i),
        'Events.Timestamp': [1n],
        // Arrays of one nested column have one length.
        'Events.Name': i === 13 ? ['a', 'b'] : ['a'],
        'Events.Attributes': [[]],
      });
      await writer.store([encodeRows('otel_traces', [...Array(50).keys()].map(span))]);
      await untilFound(21);
      await writer.stop();
      expect(await bench.found()).toEqual(all(21));
      const spans = await given().connection.rows<{ SpanId: string }>(
        'SELECT SpanId FROM lemni.otel_traces WHERE ServiceName = {s:String}',
        { s: bench.service },
      );
      expect(new Set(spans.map(({ SpanId }) => SpanId)).size).toBe(49);
      expect(spans).toHaveLength(49);
      const dropped = 'lemni_store_dropped_rows_total';
      expect(await metric(`${dropped}{table="otel_logs",reason="store_rejected"}`)).toBe(3);
      expect(await metric(`${dropped}{table="otel_traces",reason="store_rejected"}`)).toBe(1);
      expect((await bench.rejected()).map((name) => name.split('.')[0]).sort()).toEqual([
        'otel_logs',
        'otel_traces',
      ]);
      expect(await bench.left()).toEqual([]);
    });

    it('splits off a poison that an earlier process has left, at the batch', async () => {
      const away = await bench.open({ connect: nobody });
      const lost = { table: 'otel_logs', rows: 1, bytes: Buffer.alloc(40, 0xff) } as const;
      await Promise.all([bench.logs(4), lost, bench.logs(5)].map((batch) => away.writer.store([batch])));
      await away.writer.stop(0);
      const back = await bench.open();
      await untilFound(9);
      await back.writer.stop();
      expect(await bench.found()).toEqual(all(9));
      expect(await back.metric('lemni_store_dropped_rows_total')).toBe(1);
    });

    it.each(['ENOSPC', 'EIO'])('answers %s with disk_full, lives, and keeps the rest whole', async (code) => {
      let broken = true;
      const { writer, metric } = await bench.open({
        files: {
          syncDirectory: () =>
            broken ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve(),
          makeDirectory: async (path) => {
            await import('node:fs/promises').then(({ mkdir }) => mkdir(path, { recursive: true }));
            broken = false;
          },
        },
      });
      broken = true;
      const refused = writer.store([bench.logs(10)]);
      await expect(refused).rejects.toBeInstanceOf(Unavailable);
      await expect(refused).rejects.toMatchObject({ code: 'disk_full', retryAfterSeconds: 10 });
      expect(await bench.left()).toEqual([]);
      broken = false;
      await writer.store([bench.logs(10)]);
      await writer.stop();
      expect((await bench.found()).lines).toBe(10);
      expect(await metric('lemni_store_refused_total{reason="disk_full"}')).toBe(1);
      expect(await metric('lemni_store_rows_total{table="otel_logs"}')).toBe(10);
    });

    it('leaves the disk its free space', async () => {
      let free = 1000;
      const { writer } = await bench.open({
        minFreeBytes: 10_000_000,
        files: { freeBytes: () => Promise.resolve(free) },
      });
      await expect(writer.store([bench.logs(1)])).rejects.toMatchObject({ code: 'disk_full' });
      // The second is refused without a look at the disk; a second later it is looked at again.
      await expect(writer.store([bench.logs(1)])).rejects.toMatchObject({ code: 'disk_full' });
      free = 1e12;
      await systemClock.sleep(1100);
      await writer.store([bench.logs(1)]);
    });

    it('bounds what waits on disk and in memory', async () => {
      const batch = bench.logs(100);
      const size = batch.bytes.byteLength;
      const away = await bench.open({ connect: nobody, maxSpoolBytes: size * 3 });
      for (let i = 0; i < 3; i++) await away.writer.store([batch]);
      await expect(away.writer.store([batch])).rejects.toMatchObject({ code: 'queue_full' });
      expect(away.writer.pendingBytes).toBe(size * 3);
      await away.writer.stop(0);

      let release: () => void = () => undefined;
      const slow = new Promise<void>((resolve) => (release = resolve));
      const busy = await bench.open({
        connect: nobody,
        maxInFlightBytes: size * 2,
        files: { freeBytes: () => slow.then(() => 1e12) },
      });
      const stored = [busy.writer.store([batch]), busy.writer.store([batch])];
      await expect(busy.writer.store([batch])).rejects.toMatchObject({ code: 'queue_full' });
      release();
      await Promise.all(stored);
      await busy.writer.store([batch]);
      expect(await busy.metric('lemni_store_in_flight_bytes')).toBe(0);
      await busy.writer.stop(0);
    });

    it('stops: takes nothing more, inserts what it has', async () => {
      const { writer } = await bench.open();
      const last = writer.store([bench.logs(10)]);
      const stopped = writer.stop();
      await expect(writer.store([bench.logs(1)])).rejects.toMatchObject({ code: 'stopping' });
      await last;
      await stopped;
      await writer.stop();
      expect(await bench.found()).toEqual(all(10));
      expect(await bench.left()).toEqual([]);
    });

    it('loses nothing and stores nothing twice while a server goes away, comes back and swallows answers', async () => {
      const { server } = given().twin;
      if (server === undefined) return;
      const { writer } = await bench.open();
      await writer.store([bench.logs(100)]);
      await untilFound(100);
      await given()
        .connection.command('SYSTEM FLUSH LOGS')
        .catch(() => undefined);
      await server.away();
      for (let i = 0; i < 20; i++) await writer.store([bench.logs(10)]);
      await systemClock.sleep(600);
      expect(writer.pendingBytes).toBeGreaterThan(0);
      await server.back();
      await untilFound(300);
      // More than the failures for want of memory after which a segment would be inserted in pieces.
      await server.loseAnswers(6);
      for (let i = 0; i < 10; i++) await writer.store([bench.logs(10)]);
      await untilFound(400);
      await eventually(
        () => Promise.resolve(writer.pendingBytes),
        (bytes) => bytes === 0,
        20_000,
      );
      expect(await bench.found()).toEqual(all(400));
      expect(await bench.left()).toEqual([]);
    });
  });
}
