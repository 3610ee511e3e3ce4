import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../lib/errors.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { seeded } from '../testing/seeded.js';
import { SqlParams } from '../sql.js';
import { searchFor, searchOf, whereOf } from './search.js';
import { logMinutes, logs, spans, type Target } from './target.js';
import { matches } from './testing/oracle.js';
import { printQuery } from './testing/print.js';
import { queries, values } from './testing/queries.js';
import { testRecords } from './testing/records.js';
import type { Query } from './tree.js';

const startMs = Date.parse('2026-11-22T10:00:00Z');
const records = testRecords(400, startMs);
let engine: Engine;
/** Rows that a test adds are told apart by their service. */
let inserted = 0;

beforeAll(async () => {
  engine = await openEngine();
  // Several parts, so that indexes have something to leave out.
  for (let i = 0; i < records.length; i += 40) await engine.insert('otel_logs', records.slice(i, i + 40));
});

afterAll(() => engine.close());

/** Which records the SQL finds: their milliseconds after the start. */
async function found(query: Query, target: Target = logs, table = 'otel_logs'): Promise<number[]> {
  const params = new SqlParams();
  const where = whereOf(searchFor(query), target, params);
  const rows = await engine.reader.rows<{ at: number }>(
    `SELECT toUnixTimestamp64Milli(Timestamp) - ${startMs} AS at FROM ${table} WHERE ${where} ORDER BY at`,
    params.values,
  );
  return rows.map(({ at }) => at);
}

function expected(query: Query): number[] {
  return records.flatMap((record, i) => (matches(query, record) ? [i] : []));
}

describe('a query finds what its document says', () => {
  it.each([
    '',
    'timeout',
    'timed',
    '"timed out"',
    '"id=42"',
    'tim*',
    '*out',
    '*ime*',
    't*t',
    'für',
    'FÜR',
    '😀',
    '=>',
    '-error',
    '*',
    '-*',
    'body:*',
    'body:""',
    '/[A-Z]{4}/',
    'service:checkout',
    'service:check*',
    '-service:checkout',
    'service:*',
    'service:""',
    'level:error',
    'level:ERROR',
    'level>=warn',
    'level<warn',
    'level>info',
    'level:17',
    'level:notice',
    'level:odd',
    'level:*',
    'level:unset',
    'severity:er*',
    'user.id:42',
    '-user.id:42',
    'user.id:*',
    'user.id:""',
    'user.id>=42',
    '-user.id>=42',
    'attr.user.id:42',
    'resource.user.id:42',
    'scope.lib:time',
    'status>=500',
    'status:[400 TO 499]',
    'status:400..499',
    'took_ms>250ms',
    'elapsed>1s',
    'elapsed>=250ms',
    'elapsed>200',
    'size>=1KiB',
    'http.route:"/pay/%"',
    'http.route:/pay*',
    'weird\\ key:a\\*b',
    'pattern:18446744073709551615',
    'pattern:18446744073709551616',
    'pattern:*',
    'constructor:timeout',
    '__proto__:7',
    'level:(error OR fatal) -service:cart',
    'service:checkout level:error "timed out" status>=500 -user.id:42 (a OR b)',
  ])('%s', async (text) => {
    const { query } = searchOf(text);
    expect(await found(query)).toEqual(expected(query));
  });

  it('whatever the query', async () => {
    let some = 0;
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const rows = await found(query);
        if (rows.length > 0 && rows.length < records.length) some++;
        expect(rows, printQuery(query)).toEqual(expected(query));
      }),
      seeded(700),
    );
    // Otherwise the property would be true of anything.
    expect(some).toBeGreaterThan(200);
  });
});

describe('a plain number has the unit that its name ends with', () => {
  it.each<[string, string, string, boolean]>([
    ['took_ms', '300', '250ms', true],
    ['took_ms', '200', '250ms', false],
    ['waited.seconds', '1.5', '1s', true],
    ['waited.seconds', '0.5', '1s', false],
    ['latencyNs', '5e8', '250ms', true],
    ['took', '300', '250ms', true],
    ['took', '300us', '250ms', false],
    ['took', '1.5 s', '1500ms', false],
    ['payload_kb', '3', '2KB', true],
    ['payload', '3000', '2KiB', true],
    ['payload', '2 KiB', '2047B', true],
    ['payload', '3 apples', '1B', false],
    ['status', '5', '1ms', true],
  ])('%s %s > %s: %s', async (field, value, bound, matches) => {
    const service = `units-${inserted++}`;
    const record = {
      ...testRecords(1, startMs + 2_000_000)[0],
      LogAttributes: { [field]: value },
      ServiceName: service,
    };
    await engine.insert('otel_logs', [record]);
    const { query } = searchOf(`service:${service} ${field}>${bound}`);
    expect(await found(query)).toHaveLength(matches ? 1 : 0);
    await engine.command(
      "ALTER TABLE otel_logs DELETE WHERE ServiceName = 'units' SETTINGS mutations_sync = 1",
    );
  });
});

describe('user text never becomes SQL', () => {
  it('appears in no statement', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const params = new SqlParams();
        const sql = whereOf(searchFor(query), logs, params);
        for (const value of values) {
          if (value.length > 5 && /[^\w ]/.test(value) && !value.startsWith('{p'))
            expect(sql).not.toContain(value);
        }
        expect(sql).not.toMatch(/DROP|[;\0]/);
      }),
      seeded(500),
    );
  });

  it.each([
    "'; DROP TABLE otel_logs; --",
    "\\'; DROP TABLE otel_logs; --",
    "' OR 1=1 --",
    '{p0:String}',
    '{p1:String}',
    '\\',
    "\\\\'",
    '\0',
    '`',
    "'||sleep(3)||'",
    "x') UNION ALL SELECT * FROM system.users --",
    '\\N',
    '/* */',
    '%',
    '_',
  ])('%j is found as the text that it is', async (text) => {
    const service = `evil-${inserted++}`;
    const evil = {
      ...testRecords(1, startMs + 1_000_000)[0],
      LogAttributes: { evil: text },
      ServiceName: service,
    };
    await engine.insert('otel_logs', [evil, { ...evil, LogAttributes: { evil: 'innocent' } }]);
    const here: Query = { type: 'test', field: 'service', test: { type: 'is', value: service }, at: 0 };
    const is: Query = { type: 'test', field: 'evil', test: { type: 'is', value: text }, at: 0 };
    const like: Query = { ...is, test: { type: 'like', parts: [text, ''] } };
    expect(await found({ type: 'and', items: [here, is] })).toHaveLength(1);
    expect(await found({ type: 'and', items: [here, like] })).toHaveLength(1);
    // As the name of a field, it is a name that nothing has.
    expect(await found({ ...is, field: text })).toEqual([]);
  });
});

describe('other tables', () => {
  it('every query runs over spans', async () => {
    await engine.insert('otel_traces', [
      {
        Timestamp: '2026-11-22 10:00:00.001',
        SpanName: 'POST /pay',
        StatusCode: 'Error',
        Duration: 300e6,
        SpanKind: 'Server',
        'Events.Name': ['exception'],
        'Events.Timestamp': ['2026-11-22 10:00:00.001'],
        'Events.Attributes': [{ 'exception.type': 'Timeout' }],
        SpanAttributes: { 'http.response.status_code': '500' },
      },
      {
        Timestamp: '2026-11-22 10:00:00.002',
        SpanName: 'GET /',
        StatusCode: 'Unset',
        Duration: 1e6,
        SpanKind: 'Client',
        ParentSpanId: 'p',
      },
    ]);
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        try {
          await found(query, spans, 'otel_traces');
        } catch (error) {
          expect(error, printQuery(query)).toBeInstanceOf(BadInput);
        }
      }),
      seeded(300),
    );
  });

  it.each<[string, number[]]>([
    ['duration>250ms', [1]],
    ['duration>250', [1]],
    ['duration<0.25s', [2]],
    ['status:error', [1]],
    ['status:ERROR', [1]],
    ['-status:error', [2]],
    ['status>=500', [1]],
    ['status:500', [1]],
    ['kind:server', [1]],
    ['kind:cli*', [2]],
    ['name:"POST /pay"', [1]],
    ['operation:GET*', [2]],
    ['pay', [1]],
    ['event:exception', [1]],
    ['event:*', [1]],
    ['-event:exc*', [2]],
    ['exception.type:Timeout', [1]],
    ['parent_id:*', [2]],
  ])('spans: %s', async (text, at) => {
    expect(await found(searchOf(text).query, spans, 'otel_traces')).toEqual(at);
  });

  it.each([
    ['', true],
    ['service:cart level>=error -env:prod', true],
    ['version:1.* OR pattern:42', true],
    ['level:error', true],
    ['level:odd', false],
    ['level:err*', false],
    ['timeout', false],
    ['service:cart user.id:1', false],
    ['-trace_id:*', false],
  ])('the rollup answers %j: %s', (text, answers) => {
    expect(searchOf(text).condition(logMinutes, new SqlParams()) !== undefined).toBe(answers);
  });
});

describe('refuses, with its column', () => {
  it.each<[string, Target, number, RegExp]>([
    ['a service>abc', logs, 2, /only numbers/],
    ['x body>5', logs, 2, /no quantity/],
    ['pattern>5', logs, 0, /no quantity/],
    ['level>=loud', logs, 0, /is no level/],
    ['duration:fast', spans, 0, /compared with a duration/],
    ['a duration>5KiB', spans, 2, /a duration, not a size/],
  ])('%s', (text, target, at, message) => {
    const refused = (): unknown => whereOf(searchOf(text), target, new SqlParams());
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ at: String(at), code: 'bad_request' }));
  });

  it('a regex that only RE2 can judge', async () => {
    for (const regex of [
      '/a(/',
      '/(a{1000}){1000}/',
      'service:/a(/',
      'user.id:/[/',
      'level:/*/',
      'pattern:/+/',
    ]) {
      const { query } = searchOf(`${regex} service:nobody`);
      await expect(found(query), regex).rejects.toMatchObject({ code: 'bad_request' });
    }
    // Where there is no row at all, too.
    await engine.command('CREATE TABLE empty_logs AS otel_logs');
    await expect(found(searchOf('/a(/').query, logs, 'empty_logs')).rejects.toThrow(BadInput);
  });
});
