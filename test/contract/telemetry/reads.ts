import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput, Unavailable } from '../../../src/lib/errors.js';
import { TelemetryReaders } from '../../../src/store/telemetry/database.js';
import type { Given } from './suite.js';

const limits = { timeoutMs: 20_000, maxMemoryBytes: 1024 ** 3, maxRows: 1000 };

export function describeReads(given: Given): void {
  describe('reads', () => {
    let readers: TelemetryReaders;
    beforeAll(async () => {
      readers = await TelemetryReaders.open({ ...given().twin.target, readers: 2, limits, maxWaiting: 2 });
    });
    afterAll(() => readers.close());

    it('answer typed rows; table names mean the database of Lemni', async () => {
      expect(
        await readers.rows(
          'SELECT {n:UInt64} AS n, {s:String} AS s, {a:Array(String)} AS a, {none:Nullable(String)} AS none, count() AS logs FROM otel_logs WHERE ServiceName = {s:String}',
          { n: 2 ** 40, s: 'nobody', a: ["it's", 'b\\'], none: null },
        ),
      ).toEqual([{ n: 2 ** 40, s: 'nobody', a: ["it's", 'b\\'], none: null, logs: 0 }]);
    });

    it('never take a value for SQL', async () => {
      const text = fc.array(
        fc.constantFrom(
          "'",
          '\\',
          '\t',
          '\n',
          '\r',
          '\0',
          '`',
          '"',
          ';',
          '--',
          '/*',
          '{s:String}',
          'a',
          'é',
          '😀',
        ),
        { maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(text, async (parts) => {
          const s = parts.join('');
          const [row] = await readers.rows<{ s: string; a: string[] }>(
            'SELECT hex({s:String}) AS s, arrayMap(x -> hex(x), {a:Array(String)}) AS a',
            { s, a: [s, ''] },
          );
          const hex = Buffer.from(s).toString('hex').toUpperCase();
          expect(row).toEqual({ s: hex, a: [hex, ''] });
        }),
        { numRuns: 150, seed: 7 },
      );
    });

    it.each([
      [
        'time',
        'SELECT count() FROM numbers(1000000000000)',
        { timeoutMs: 300 },
        /longer than 0.3 s; narrow the time range/,
      ],
      [
        'memory',
        'SELECT groupArray(number) FROM numbers(100000000)',
        { maxMemoryBytes: 20 * 1024 ** 2 },
        /more than 20 MiB of memory/,
      ],
      ['rows', 'SELECT number FROM numbers(100000)', {}, /more than 1000 rows/],
      [
        'rows of a union',
        'SELECT 1 AS n UNION ALL SELECT number AS n FROM numbers(100000)',
        {},
        /more than 1000 rows/,
      ],
    ])('are bounded in %s', async (_, sql, bounds, message) => {
      const read = readers.rows(sql, {}, bounds);
      await expect(read).rejects.toBeInstanceOf(BadInput);
      await expect(read).rejects.toThrow(message);
    });

    it('say what is wrong with a regular expression', async () => {
      await expect(
        readers.rows('SELECT count() FROM otel_logs WHERE match(Body, {re:String})', { re: '(' }),
      ).rejects.toThrow(/The regular expression is not valid/);
    });

    it('run side by side, and a heavy one with parameters holds up nobody', async () => {
      const heavy = readers.rows('SELECT sleep({s:Float64}) AS slept', { s: 2 });
      const begun = performance.now();
      await readers.rows('SELECT {n:UInt8} AS n', { n: 1 });
      expect(performance.now() - begun).toBeLessThan(1500);
      await heavy;
    });

    it('are refused when too many wait, and let go of when nobody waits for them', async () => {
      const abort = new AbortController();
      const running = [1, 2].map(() => readers.rows('SELECT sleep(1)'));
      const waiting = readers.rows('SELECT 1');
      const given_up = readers.rows('SELECT 1', {}, { signal: abort.signal });
      await expect(readers.rows('SELECT 1')).rejects.toMatchObject({ code: 'limit_exceeded' });
      abort.abort();
      await expect(given_up).rejects.toBeInstanceOf(Unavailable);
      await waiting;
      await Promise.all(running);
      expect(await readers.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('waits no longer than a read may take', async () => {
      const running = [1, 2].map(() => readers.rows('SELECT sleep(1)'));
      await expect(readers.rows('SELECT 1', {}, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'limit_exceeded',
      });
      await Promise.all(running);
    });
  });
}
