import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LogContext,
  LogFacets,
  LogFields,
  LogHistogram,
  LogPattern,
  LogRecord,
} from '../../http/contract/telemetry.js';
import { listOf } from '../../http/contract/common.js';
import { systemClock, type Clock } from '../../lib/clock.js';
import { searchOf } from '../search/search.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { gridOf, type Range } from '../time-range.js';
import { logContext } from './context.js';
import { logFacets } from './facets.js';
import { logFields } from './fields.js';
import { logHistogram } from './histogram.js';
import { listLogs, type LogListRequest } from './list.js';
import { logPatterns } from './patterns.js';
import { recordId } from './record.js';

const minute = 60_000;
const start = Date.parse('2026-11-20T00:00:00Z');
const end = start + 48 * 60 * minute;
const range: Range = { fromMs: start, toMs: end };
/** A month of which only two days have records. */
const month: Range = { fromMs: end - 30 * 86_400_000, toMs: end };

const iso = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

/** 600 records over two days; every tenth shares its time, and every 50th is there twice in everything. */
const rows = Array.from({ length: 600 }, (_, i) => {
  const n = i - (i % 10 === 9 ? 1 : 0);
  return {
    Timestamp: `${iso(start + n * 4.7 * minute)}${String(n % 1000).padStart(6, '0')}`,
    ServiceName: ['checkout', 'cart', ''][i % 3],
    Environment: i % 4 === 0 ? 'staging' : 'prod',
    ServiceVersion: i < 300 ? '1.0.0' : '1.1.0',
    SeverityNumber: i % 5 === 0 ? 17 : i % 7 === 0 ? 0 : 9,
    SeverityText: i % 7 === 0 ? 'warn' : '',
    Body: i % 5 === 0 ? `payment ${i} timed out` : `request ${i} done`,
    Fingerprint: i % 5 === 0 ? '77' : '18446744073709551615',
    LogAttributes: { 'http.route': ['/pay', '/cart'][i % 2], 'request.id': `r${i}` },
    ResourceAttributes: { 'k8s.pod.name': `pod-${i % 2}`, 'service.name': 'hidden' },
  };
});
const twice = rows.filter((_, i) => i % 50 === 0);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  for (let i = 0; i < rows.length; i += 100) await engine.insert('otel_logs', rows.slice(i, i + 100));
  await engine.insert('otel_logs', twice);
});
afterAll(() => engine.close());

function list(
  request: Partial<LogListRequest> & { query?: string },
  clock: Clock = systemClock,
): ReturnType<typeof listLogs> {
  const { query, ...rest } = request;
  return listLogs(engine.reader, clock, {
    search: searchOf(query),
    range,
    limit: 100,
    order: 'desc',
    cursor: undefined,
    ...rest,
  });
}

async function pages(request: Parameters<typeof list>[0]): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < 1000; i++) {
    const page = await list({ ...request, cursor });
    all.push(...page.items);
    if (page.nextCursor === null) return all;
    cursor = page.nextCursor;
  }
  throw new Error('The pages never end.');
}

describe('listLogs', () => {
  it('gives records as the contract says', async () => {
    const page = await list({ limit: 5 });
    expect(listOf(LogRecord).parse(page)).toEqual(page);
    expect(page.items).toHaveLength(5);
    expect(page.items[0]).toMatchObject({ version: '1.1.0', fingerprint: '18446744073709551615' });
    expect(page.items[0]?.timestamp).toMatch(/^2026-11-21T22:\d\d:\d\d\.\d{9}Z$/);
  });

  const hours = { fromMs: start, toMs: start + 120 * minute };
  it.each<[number, Range]>([
    [1, hours],
    [4, hours],
    [100, range],
    [1000, range],
  ])('pages of %i give every record once, in order', async (limit, asked) => {
    const expected = [...rows, ...twice].filter(
      (row) => Date.parse(`${row.Timestamp.slice(0, 19)}Z`) < asked.toMs,
    );
    for (const order of ['desc', 'asc'] as const) {
      const all = await pages({ limit, order, range: asked });
      const times = all.map(({ timestamp }) => timestamp);
      expect(times).toEqual([...times].sort((a, b) => (order === 'asc' ? 1 : -1) * a.localeCompare(b)));
      const bodies = all.map(({ body }) => body).sort();
      expect(bodies).toEqual(expected.map(({ Body }) => Body).sort());
    }
  });

  it('pages a search', async () => {
    const all = await pages({ limit: 9, query: 'service:checkout "timed out"' });
    expect(all).toHaveLength(
      [...rows, ...twice].filter((row) => row.ServiceName === 'checkout' && row.Body.includes('timed out'))
        .length,
    );
  });

  it('reads the newest slices only, whatever the range', async () => {
    let reads = 0;
    const reader = {
      rows: <Row>(...args: Parameters<typeof engine.reader.rows>) => (
        reads++,
        engine.reader.rows<Row>(...args)
      ),
    };
    await listLogs(reader, systemClock, {
      search: searchOf(''),
      range: { ...month, toMs: start + 47.1 * 60 * minute },
      limit: 5,
      order: 'desc',
      cursor: undefined,
    });
    // Slices of 1, 4 and 16 minutes, each asked for its edge and its rows.
    expect(reads).toBeLessThanOrEqual(8);
  });

  it('keeps pages stable while new records arrive', async () => {
    const later = { fromMs: end + 1, toMs: end + minute };
    const stable = (n: number): object => ({ Timestamp: iso(end + n * 1000), Body: `stable ${n}` });
    await engine.insert('otel_logs', [1, 2, 3, 4].map(stable));
    const one = await list({ limit: 2, range: later });
    await engine.insert('otel_logs', [stable(5)]);
    const two = await list({ limit: 2, range: later, cursor: one.nextCursor ?? '' });
    expect([...one.items, ...two.items].map(({ body }) => body)).toEqual([
      'stable 4',
      'stable 3',
      'stable 2',
      'stable 1',
    ]);
    expect(two.nextCursor).toBeNull();
  });

  it('gives what it has when its time is up, and a cursor to go on', async () => {
    let now = 0;
    // Every look at the clock is six seconds later: the budget of twelve ends after the second slice.
    const clock = { ...systemClock, now: () => (now += 6000) };
    const page = await list({ limit: 5, query: 'payment', range: month }, clock);
    expect(page.partial).toMatch(/^Searched as far as 2026-11-2/);
    expect(page.items.length).toBeLessThan(5);
    const rest = await list({ limit: 1000, query: 'payment', range: month, cursor: page.nextCursor ?? '' });
    expect(page.items.length + rest.items.length).toBe(
      [...rows, ...twice].filter(({ Body }) => Body.startsWith('payment')).length,
    );
  });

  it.each(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA', "'; DROP TABLE otel_logs", 'AAAAAAAAAAAAAAAAAAAAAA.9999999'])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(list({ cursor })).rejects.toMatchObject({ code: 'bad_request', at: 'cursor' });
    },
  );

  it('finds nothing where nothing is', async () => {
    expect(await list({ range: { fromMs: 0, toMs: 1 } })).toEqual({ items: [], nextCursor: null });
    expect(await list({ query: 'nothing-like-this' })).toEqual({ items: [], nextCursor: null });
  });
});

describe('odd records', () => {
  it.each<[string, object]>([
    [
      'huge maps',
      {
        LogAttributes: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'v'.repeat(20)])),
      },
    ],
    ['names that objects have', { LogAttributes: { ['__proto__']: 'a', constructor: 'b', '': 'c' } }],
    ['control characters', { Body: 'a\0b\u001b[31m\u2028', LogAttributes: { 'a\nb': '\t' } }],
    ['a long body', { Body: 'x'.repeat(300_000) }],
    ['numbers that are none', { LogAttributes: { n: 'NaN', i: '-inf' }, SeverityNumber: 255 }],
  ])('%s', async (name, odd) => {
    const at = end + 60 * minute;
    await engine.insert('otel_logs', [{ Timestamp: iso(at), ServiceName: name, ...odd }]);
    const page = await list({ range: { fromMs: at, toMs: at + 1 }, query: `service:"${name}"` });
    expect(page.items).toHaveLength(1);
    expect(page.items[0]).toMatchObject({ body: 'Body' in odd ? odd.Body : '' });
    const attributes = page.items[0]?.attributes ?? {};
    expect(Object.entries(attributes)).toEqual(
      Object.entries('LogAttributes' in odd ? (odd.LogAttributes ?? {}) : {}),
    );
    const found = await logContext(engine.reader, systemClock, {
      id: page.items[0]?.id ?? '',
      before: 0,
      after: 0,
    });
    expect(found.record).toEqual(page.items[0]);
  });
});

describe('logHistogram', () => {
  const histogram = (query: string, asked: Range, buckets = 60): ReturnType<typeof logHistogram> =>
    logHistogram(engine.reader, { search: searchOf(query), range: asked, grid: gridOf(asked, buckets) });

  it.each([
    ['', range],
    ['service:checkout', range],
    ['level>=error -env:staging', range],
    ['version:1.1.* OR pattern:77', range],
    ['timed', range],
    ['http.route:/pay', range],
    // Both ends inside of a minute.
    ['', { fromMs: start + 12_345, toMs: end - 98_765 }],
    ['service:cart', { fromMs: start + 59_999, toMs: start + 300 * minute + 1 }],
    ['', { fromMs: start, toMs: start + 30_000 }],
  ])('%j counts what the list has (%#)', async (query, asked) => {
    const answer = await histogram(query, asked);
    expect(LogHistogram.parse(answer)).toEqual(answer);
    const { items } = await list({ query, range: asked, limit: 1000 });
    expect(answer.total).toBe(items.length);
    const sum = answer.series
      .flatMap(({ points }) => points)
      .reduce<number>((all, point) => all + (point ?? 0), 0);
    expect(sum).toBe(items.length);
    for (const { points } of answer.series)
      expect(points).toHaveLength((Date.parse(answer.to) - Date.parse(answer.from)) / answer.stepMs);
  });

  it('stacks severities, the gravest first', async () => {
    const { series } = await histogram('timed OR done', range);
    expect(series.map(({ labels }) => labels['severity'])).toEqual(['error', 'warn', 'info']);
  });
});

describe('logFacets and logFields', () => {
  it('counts well-known fields and attributes', async () => {
    const facets = await logFacets(engine.reader, { search: searchOf(''), range });
    expect(LogFacets.parse(facets)).toEqual(facets);
    const fields = new Map(facets.items.map(({ field, values }) => [field, values]));
    const count = (of: (row: (typeof rows)[number]) => boolean): number =>
      [...rows, ...twice].filter(of).length;
    expect(fields.get('service')).toEqual([
      { value: 'cart', count: count((row) => row.ServiceName === 'cart') },
      { value: 'checkout', count: count((row) => row.ServiceName === 'checkout') },
    ]);
    expect(fields.get('http.route')).toContainEqual({
      value: '/pay',
      count: count((row) => row.LogAttributes['http.route'] === '/pay'),
    });
    expect(fields.get('resource.k8s.pod.name')).toHaveLength(2);
    expect(fields.has('resource.service.name')).toBe(false);
    // Each record has its own: not a facet.
    expect(fields.has('request.id')).toBe(false);
  });

  it('counts the same from records as from the rollup', async () => {
    const ask = async (query: string): Promise<unknown> => {
      const { items } = await logFacets(engine.reader, { search: searchOf(query), range });
      return items.find(({ field }) => field === 'environment');
    };
    expect(await ask('body:*')).toEqual(await ask(''));
  });

  it('completes fields and values', async () => {
    const fields = async (field: string | undefined, prefix: string): Promise<string[]> => {
      const answer = await logFields(engine.reader, { range, field, prefix });
      expect(LogFields.parse(answer)).toEqual(answer);
      return answer.items.map(({ value }) => value);
    };
    expect(await fields(undefined, 'se')).toEqual(['service', 'resource.service.name']);
    expect(await fields(undefined, 'ROUTE')).toEqual(['http.route']);
    expect(await fields(undefined, '')).toContain('resource.k8s.pod.name');
    expect(await fields('service', 'CH')).toEqual(['checkout']);
    expect(await fields('http.route', '/p')).toEqual(['/pay']);
    expect(await fields('level', 'e')).toEqual(['error']);
    expect(await fields('pattern', '')).toEqual(['18446744073709551615', '77']);
    expect(await fields('body', '')).toEqual([]);
    expect(await fields("x' OR 1=1", "' OR 1=1")).toEqual([]);
  });
});

describe('logContext', () => {
  it('has the neighbours of the same service and pod, oldest first', async () => {
    const { items } = await list({ query: '"request 301 done"' });
    const id = items[0]?.id ?? '';
    const context = await logContext(engine.reader, systemClock, { id, before: 3, after: 3 });
    expect(LogContext.parse(context)).toEqual(context);
    const same = rows.filter(
      (row) => row.ServiceName === 'cart' && row.ResourceAttributes['k8s.pod.name'] === 'pod-1',
    );
    const at = same.findIndex(({ Body }) => Body === 'request 301 done');
    expect([...context.before, context.record, ...context.after].map(({ body }) => body)).toEqual(
      same.slice(at - 3, at + 4).map(({ Body }) => Body),
    );
  });

  it.each(['', 'x', '%00', 'A'.repeat(23)])('refuses the id %j', async (id) => {
    await expect(logContext(engine.reader, systemClock, { id, before: 1, after: 1 })).rejects.toMatchObject({
      code: 'bad_request',
      at: 'id',
    });
  });

  it('says when the record is not there', async () => {
    const id = recordId({ ns: '1', hash: '2' });
    await expect(logContext(engine.reader, systemClock, { id, before: 1, after: 1 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('logPatterns', () => {
  it.each(['', 'body:*'])('counts patterns, from the rollup or from records (%j)', async (query) => {
    const patterns = await logPatterns(engine.reader, {
      search: searchOf(query),
      range,
      grid: gridOf(range, 30),
      limit: 10,
    });
    expect(listOf(LogPattern).parse(patterns)).toEqual(patterns);
    expect(patterns.items.map(({ fingerprint }) => fingerprint)).toEqual(['18446744073709551615', '77']);
    const timedOut = patterns.items[1];
    expect(timedOut).toMatchObject({
      severity: 'error',
      count: [...rows, ...twice].filter(({ Fingerprint }) => Fingerprint === '77').length,
    });
    expect(timedOut?.sample).toMatch(/^payment \d+ timed out$/);
    expect(timedOut?.points.reduce((all, point) => all + point, 0)).toBe(timedOut?.count);
  });
});
