import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writableTables, type TableName } from '../../../src/model/rows/tables.js';
import { encodeRows, zeroOf, type Row, type Value } from './row-encoder.js';
import type { Given } from './suite.js';

/** The signalling NaN by which Prometheus marks a series as stale (model/value/value.go), little endian. */
const staleMarker = Uint8Array.from([0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]);
const now = BigInt(Math.floor(Date.now() / 60_000) * 60_000) * 1_000_000n;
const largest = 2n ** 64n - 1n;

export function describeRows(given: Given): void {
  describe('rows', () => {
    let dir = '';
    let files = 0;
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'lemni-rows-'));
    });
    afterAll(() => rm(dir, { recursive: true, force: true }));

    /** Inserts each list of rows as one file of one insert. */
    const insert = async (
      table: TableName,
      lists: readonly (readonly Row[])[],
      token: string,
    ): Promise<void> => {
      const paths = [];
      for (const rows of lists) {
        const path = join(dir, `${files++}.rowbinary`);
        await writeFile(path, encodeRows(table, rows).bytes);
        paths.push(path);
      }
      await given().connection.insertFiles({ table, columns: writableTables[table], files: paths, token });
    };
    /** The rows as their own RowBinary bytes in hexadecimal: nothing is lost on the way to the test. */
    const stored = async (table: TableName, where: string): Promise<Record<string, string>[]> => {
      const columns = writableTables[table].map(
        ({ name, type }) => `${asHex(name, type)} AS \`hex ${name}\``,
      );
      return given().connection.rows(`SELECT ${columns.join(', ')} FROM lemni.${table} WHERE ${where}`, {});
    };
    const number = async (sql: string): Promise<number> => {
      const [row] = await given().connection.rows<{ n: number }>(`SELECT toUInt32(${sql}`, {});
      return row!.n;
    };

    it.each(cases)('of $table come back exactly', async ({ table, where, row }) => {
      await insert(table, [[row]], `exact-${table}-${where}`);
      const expected = Object.fromEntries(
        writableTables[table].map(({ name, type }) => [
          `hex ${name}`,
          hexOf(type, row[name] ?? zeroOf(type)),
        ]),
      );
      expect(await stored(table, where)).toEqual([expected]);
    });

    it('feed the views', async () => {
      expect(
        await given().connection.rows(
          "SELECT toUInt32(sum(Requests)) AS requests, toUInt32(sum(Errors)) AS errors, round(arrayElement(quantilesTDigestMerge(0.5, 0.9, 0.95, 0.99)(Durations), 1)) AS p50 FROM lemni.service_minutes WHERE ServiceName = 'exact'",
          {},
        ),
      ).toEqual([{ requests: 1, errors: 1, p50: 5_000_000 }]);
      expect(await number("sum(Count)) AS n FROM lemni.log_minutes WHERE ServiceName = 'exact'")).toBe(1);
      expect(
        await given().connection.rows(
          "SELECT Type, Message, Operation, SessionId FROM lemni.error_events WHERE ServiceName = 'exact' ORDER BY Operation",
          {},
        ),
      ).toEqual([
        { Type: 'LogError', Message: 'from a log', Operation: '', SessionId: '' },
        { Type: 'SpanError', Message: 'from a span', Operation: 'GET /', SessionId: 's1' },
      ]);
      expect(
        await number(`count()) AS n FROM lemni.otel_traces_trace_id_ts WHERE TraceId = '${'a'.repeat(32)}'`),
      ).toBe(1);
    });

    it('of one segment are stored once, in the views too, however often it is inserted', async () => {
      const lists = [0, 1, 2].map((list) =>
        [...Array(100).keys()].map((i) => ({
          Timestamp: now - BigInt(list) * 86_400_000_000_000n + BigInt(i),
          ServiceName: 'twice',
          Body: `line ${i}`,
        })),
      );
      const first = files;
      await insert('otel_logs', lists, 'twice');
      files = first;
      await insert('otel_logs', lists, 'twice');
      expect(await number("count()) AS n FROM lemni.otel_logs WHERE ServiceName = 'twice'")).toBe(300);
      expect(await number("sum(Count)) AS n FROM lemni.log_minutes WHERE ServiceName = 'twice'")).toBe(300);
      await insert('otel_logs', lists, 'another token');
      expect(await number("count()) AS n FROM lemni.otel_logs WHERE ServiceName = 'twice'")).toBe(600);
      expect(await number("sum(Count)) AS n FROM lemni.log_minutes WHERE ServiceName = 'twice'")).toBe(600);
    });

    it('of hundreds of days go into one insert', async () => {
      const rows = [...Array(300).keys()].map((i) => ({
        // Ahead, where no retention removes them.
        Timestamp: now + BigInt(i) * 86_400_000_000_000n,
        ServiceName: 'days',
      }));
      await insert('otel_logs', [rows], 'days');
      expect(await number("count()) AS n FROM lemni.otel_logs WHERE ServiceName = 'days'")).toBe(300);
    });

    it('are refused when one of their files is gone, not stored in part', async () => {
      const { connection } = given();
      const [here, gone] = [join(dir, 'here.rowbinary'), join(dir, 'gone.rowbinary')];
      await writeFile(here, encodeRows('otel_logs', [{ Timestamp: now, ServiceName: 'gone' }]).bytes);
      for (const list of [[here, gone], [gone]]) {
        const insertion = {
          table: 'otel_logs',
          columns: writableTables.otel_logs,
          files: list,
          token: 'gone',
        };
        await expect(connection.insertFiles(insertion)).rejects.toThrow();
      }
      expect(await number("count()) AS n FROM lemni.otel_logs WHERE ServiceName = 'gone'")).toBe(0);
    });
  });
}

/** Maps of LowCardinality keys are compared by their pairs, in their order. */
function asHex(name: string, type: string): string {
  const column = `\`${name}\``;
  if (type === 'Map(LowCardinality(String), String)') {
    return `arrayMap((k, v) -> concat(hex(toString(k)), '=', hex(v)), mapKeys(${column}), mapValues(${column}))`;
  }
  if (type.startsWith('Array(Map')) {
    return `arrayMap(m -> arrayMap((k, v) -> concat(hex(toString(k)), '=', hex(v)), mapKeys(m), mapValues(m)), ${column})`;
  }
  if (type.startsWith('Array(DateTime64'))
    return `arrayMap(x -> toString(toUnixTimestamp64Nano(x)), ${column})`;
  if (type === 'Array(UInt64)') return `arrayMap(x -> toString(x), ${column})`;
  if (type.startsWith('Array')) return `arrayMap(x -> hex(toString(x)), ${column})`;
  if (type === 'DateTime64(9)') return `toString(toUnixTimestamp64Nano(${column}))`;
  if (type.includes('DateTime64(3')) {
    const ticks = `toString(toUnixTimestamp64Milli(assumeNotNull(${column})))`;
    return type.startsWith('Nullable') ? `if(isNull(${column}), 'null', ${ticks})` : ticks;
  }
  // `hex` leaves out leading zeros of a number, but not of a string.
  if (type === 'Float64') return `hex(reverse(reinterpretAsFixedString(${column})))`;
  if (type.includes('String')) return `hex(toString(${column}))`;
  return `toString(${column})`;
}

function hexOf(type: string, value: Value): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    if (type.startsWith('Map')) return value.map((pair) => pairHex(pair as readonly Value[]));
    const inner = type.slice('Array('.length, -1);
    return value.map((item: Value) => hexOf(inner, item));
  }
  if (type === 'Float64') {
    const bytes = Buffer.alloc(8);
    if (value instanceof Uint8Array) bytes.set(value);
    else bytes.writeDoubleLE(Number(value));
    return bytes.readBigUInt64LE().toString(16).toUpperCase().padStart(16, '0');
  }
  return type.includes('String') ? hex(value) : String(value);
}

function pairHex([key, value]: readonly Value[]): string {
  return `${hex(key!)}=${hex(value!)}`;
}

function hex(value: Value): string {
  return Buffer.from(value as Uint8Array | string)
    .toString('hex')
    .toUpperCase();
}

const invalidUtf8 = Uint8Array.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x62]);

const cases: readonly { readonly table: TableName; readonly where: string; readonly row: Row }[] = [
  {
    table: 'otel_logs',
    where: "ServiceName = 'exact'",
    row: {
      Timestamp: now + 123_456_789n,
      TraceId: 'a'.repeat(32),
      SpanId: 'b'.repeat(16),
      TraceFlags: 255,
      SeverityText: 'ERROR',
      SeverityNumber: 17,
      ServiceName: 'exact',
      Body: invalidUtf8,
      ResourceAttributes: [
        ['service.name', 'exact'],
        ['ключ', '値\n\t\\\'"'],
      ],
      ScopeAttributes: [['', '']],
      LogAttributes: [
        ['exception.type', 'LogError'],
        ['exception.message', 'from a log'],
        ['bytes', invalidUtf8],
      ],
      Fingerprint: largest,
    },
  },
  {
    table: 'otel_traces',
    where: "ServiceName = 'exact'",
    row: {
      Timestamp: now + 999_999_999n,
      TraceId: 'a'.repeat(32),
      SpanId: 'c'.repeat(16),
      SpanName: 'GET /',
      SpanKind: 'Server',
      ServiceName: 'exact',
      SpanAttributes: [['session.id', 's1']],
      Duration: 5_000_000n,
      StatusCode: 'Error',
      StatusMessage: invalidUtf8,
      'Events.Timestamp': [now, now + 1n],
      'Events.Name': ['other', 'exception'],
      'Events.Attributes': [
        [],
        [
          ['exception.type', 'SpanError'],
          ['exception.message', 'from a span'],
        ],
      ],
      'Links.TraceId': ['d'.repeat(32)],
      'Links.SpanId': ['e'.repeat(16)],
      'Links.TraceState': [''],
      'Links.Attributes': [[['k', 'v']]],
    },
  },
  {
    table: 'metric_series',
    where: `Id = ${largest}`,
    row: { Id: largest, Name: 'up', Labels: [['job', 'a']], Kind: 'gauge', SeenAt: 1_800_000_000_123n },
  },
  {
    table: 'metric_samples',
    where: 'SeriesId = 0',
    row: { SeriesId: 0n, At: now / 1_000_000n + 7n, Value: staleMarker },
  },
  {
    table: 'metric_samples',
    where: `SeriesId = ${largest - 1n}`,
    row: { SeriesId: largest - 1n, At: now / 1_000_000n, Value: -Infinity },
  },
  {
    table: 'metric_exponential_histograms',
    where: 'SeriesId = 5',
    row: {
      SeriesId: 5n,
      At: now / 1_000_000n,
      Count: largest,
      Sum: 0.1,
      Scale: -10,
      PositiveOffset: -2_147_483_648,
      PositiveBuckets: [0n, largest],
      NegativeBuckets: [1n],
      Min: -0,
      Max: Number.MAX_VALUE,
    },
  },
  {
    table: 'changes',
    where: "Id = 'exact'",
    row: {
      Id: 'exact',
      At: now / 1_000_000n,
      FinishedAt: now / 1_000_000n,
      Commits: '[]',
      Attributes: [['a', 'b']],
    },
  },
  {
    table: 'feedback',
    where: "Id = 'exact'",
    row: { Id: 'exact', At: now / 1_000_000n, Rating: 5, Message: '<script>alert(1)</script>' },
  },
];
