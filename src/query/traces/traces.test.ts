import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf } from '../../http/contract/common.js';
import {
  Operations,
  Trace,
  TraceHistogram,
  TraceSummary,
  TracesQuery,
} from '../../http/contract/telemetry.js';
import { systemClock } from '../../lib/clock.js';
import { openEngine, type Engine } from '../testing/engine.js';
import { gridOf, type Range } from '../time-range.js';
import { filterOf } from './filter.js';
import { traceHistogram } from './histogram.js';
import { listTraces } from './list.js';
import { oneTrace } from './one.js';
import { operations } from './operations.js';

const minute = 60_000;
const start = Date.parse('2026-11-20T00:00:00Z');
const count = 120;
const range: Range = { fromMs: start, toMs: start + count * minute };
const iso = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
const traceId = (i: number): string => i.toString(16).padStart(32, '0');

/** Trace i: a root of i + 1 ms in `shop`, a client span, and a server span in `cart` that fails every 4th time. */
function spansOf(i: number): object[] {
  const at = start + i * minute + 500;
  const common = { TraceId: traceId(i), Environment: 'prod', ServiceVersion: '1.0.0' };
  const route = { 'http.route': i % 2 === 0 ? '/pay' : '/cart' };
  return [
    {
      ...common,
      Timestamp: iso(at),
      SpanId: 'a',
      ParentSpanId: '',
      SpanName: 'GET /',
      SpanKind: 'Server',
      ServiceName: 'shop',
      Duration: (i + 1) * 1e6,
      StatusCode: 'Unset',
      SpanAttributes: route,
    },
    {
      ...common,
      Timestamp: iso(at + 1),
      SpanId: 'b',
      ParentSpanId: 'a',
      SpanName: 'call',
      SpanKind: 'Client',
      ServiceName: 'shop',
      Duration: 2e6,
      StatusCode: 'Unset',
    },
    {
      ...common,
      Timestamp: iso(at + 2),
      SpanId: 'c',
      ParentSpanId: 'b',
      SpanName: 'POST /items',
      SpanKind: 'Server',
      ServiceName: 'cart',
      Duration: 1e6,
      StatusCode: i % 4 === 0 ? 'Error' : 'Ok',
      StatusMessage: i % 4 === 0 ? 'out of stock' : '',
    },
  ];
}

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await engine.insert('otel_traces', Array.from({ length: count }, (_, i) => spansOf(i)).flat());
  await engine.insert('otel_traces', [
    // A span without a trace, one whose trace has no root here, and one that never ended.
    { Timestamp: iso(start + 1), SpanName: 'lonely', ServiceName: 'odd', SpanKind: 'Server', Duration: 5 },
    {
      Timestamp: iso(start + 2),
      TraceId: 'rootless',
      SpanId: 'x',
      ParentSpanId: 'gone',
      SpanName: 'half',
      ServiceName: 'odd',
      Duration: 5e6,
      'Events.Timestamp': [iso(start + 3)],
      'Events.Name': ['exception'],
      'Events.Attributes': [{ 'exception.type': 'E' }],
      'Links.TraceId': [traceId(1)],
      'Links.SpanId': ['a'],
      'Links.TraceState': [''],
      'Links.Attributes': [{ why: 'retry' }],
    },
    {
      Timestamp: iso(start + 2),
      TraceId: 'endless',
      SpanId: 'x',
      SpanName: 'forever',
      ServiceName: 'odd',
      Duration: '18446744073709551615',
    },
  ]);
  await engine.insert('otel_logs', [
    { Timestamp: iso(start + 600), TraceId: traceId(0), SpanId: 'c', ServiceName: 'cart', Body: 'second' },
    { Timestamp: iso(start + 500), TraceId: traceId(0), SpanId: 'a', ServiceName: 'shop', Body: 'first' },
    { Timestamp: iso(start + 500), TraceId: 'onlylogs', ServiceName: 'shop', Body: 'alone' },
  ]);
});
afterAll(() => engine.close());

type Asked = Record<string, string>;

async function list(
  asked: Asked,
  sort: 'newest' | 'slowest' = 'newest',
  limit = 50,
  cursor?: string,
): ReturnType<typeof listTraces> {
  const filter = filterOf(TracesQuery.parse(asked), range);
  const page = await listTraces(engine.reader, systemClock, { filter, limit, sort, cursor });
  expect(listOf(TraceSummary).parse(page)).toEqual(page);
  return page;
}

async function all(asked: Asked, sort: 'newest' | 'slowest', limit: number): Promise<TraceSummary[]> {
  const items: TraceSummary[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < 500; i++) {
    const page = await list(asked, sort, limit, cursor);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
  throw new Error('The pages never end.');
}

describe('listTraces', () => {
  it('sums up whole traces, newest first', async () => {
    const { items } = await list({ service: 'cart' }, 'newest', 2);
    expect(items[0]).toEqual({
      traceId: traceId(119),
      startedAt: '2026-11-20T01:59:00.500000000Z',
      durationMs: 120,
      rootService: 'shop',
      rootOperation: 'GET /',
      spans: 3,
      errors: 0,
      services: ['cart', 'shop'],
    });
    expect(items[1]?.traceId).toBe(traceId(118));
  });

  it.each<[Asked, number]>([
    [{}, count + 2],
    [{ service: 'shop' }, count],
    [{ service: '' }, count + 2],
    [{ status: 'error' }, count / 4],
    [{ service: 'shop', status: 'error' }, 0],
    [{ service: 'cart', status: 'ok' }, count - count / 4],
    [{ operation: 'GET /', minDuration: '100ms' }, 21],
    [{ operation: 'GET /', minDuration: '0.1s', maxDuration: '110' }, 11],
    [{ query: 'http.route:/pay' }, count / 2],
    [{ query: '"out of stock"' }, count / 4],
    [{ query: 'http.route:/pay duration>100ms' }, 10],
    // All of it must hold for one span.
    [{ query: 'http.route:/pay "out of stock"' }, 0],
    [{ query: 'exception.type:E' }, 1],
    [{ environment: 'staging' }, 0],
  ])('%j finds %i', async (asked, found) => {
    expect(await all(asked, 'newest', 1000)).toHaveLength(found);
  });

  it.each(['newest', 'slowest'] as const)('pages of %s give every trace once', async (sort) => {
    const items = await all({ operation: 'GET /' }, sort, 7);
    expect(items.map((item) => item.traceId)).toEqual(
      Array.from({ length: count }, (_, i) => traceId(count - 1 - i)),
    );
  });

  it('lists a trace once that has spans in several slices', async () => {
    const at = start + 5 * minute;
    const span = (ago: number): object => ({
      Timestamp: iso(at - ago),
      TraceId: 'long',
      SpanId: `${ago}`,
      SpanName: 'step',
      ServiceName: 'slow',
    });
    await engine.insert(
      'otel_traces',
      [0, 1, 4, 20, 30].map((n) => span(n * 5000)),
    );
    const items = await all({ service: 'slow' }, 'newest', 1);
    expect(items.map((item) => [item.traceId, item.spans])).toEqual([['long', 5]]);
  });

  it.each(['x', '1', '1.', 'r99999', '1.!!'])('refuses the cursor %j', async (cursor) => {
    for (const sort of ['newest', 'slowest'] as const) {
      await expect(list({}, sort, 5, cursor)).rejects.toMatchObject({ code: 'bad_request', at: 'cursor' });
    }
  });

  it.each(['fast', '5KiB', '-1s', '1x'])('refuses the duration %j', (minDuration) => {
    expect(() => filterOf(TracesQuery.parse({ minDuration }), range)).toThrow(/is not a duration/);
  });
});

describe('oneTrace', () => {
  it('has the spans of one that has just come, before the table of trace ids knows it', async () => {
    const span = { TraceId: 'just-come', SpanId: 'x', SpanName: 'now', ServiceName: 'late', Duration: 5 };
    await engine.insert('otel_traces', [{ ...span, Timestamp: iso(Date.now() - minute) }]);
    await engine.command(
      "DELETE FROM otel_traces_trace_id_ts WHERE TraceId = 'just-come' SETTINGS mutations_sync = 2",
    );
    expect((await oneTrace(engine.reader, 'just-come')).spans).toMatchObject([{ name: 'now' }]);
  });

  it('has spans by start and logs by time', async () => {
    const trace = await oneTrace(engine.reader, traceId(0));
    expect(Trace.parse(trace)).toEqual(trace);
    expect(trace.spans.map(({ spanId }) => spanId)).toEqual(['a', 'b', 'c']);
    expect(trace.logs.map(({ body }) => body)).toEqual(['first', 'second']);
    expect(trace).toMatchObject({ startedAt: '2026-11-20T00:00:00.500000000Z', durationMs: 3 });
    expect(trace.spans[2]).toMatchObject({ status: 'Error', statusMessage: 'out of stock', durationMs: 1 });
    expect(trace.partial).toBeUndefined();
  });

  it('has events and links', async () => {
    const { spans } = await oneTrace(engine.reader, 'rootless');
    expect(spans[0]).toMatchObject({
      events: [
        { at: '2026-11-20T00:00:00.003000000Z', name: 'exception', attributes: { 'exception.type': 'E' } },
      ],
      links: [{ traceId: traceId(1), spanId: 'a', attributes: { why: 'retry' } }],
    });
  });

  it('bears a span that never ended', async () => {
    const trace = await oneTrace(engine.reader, 'endless');
    expect(trace.durationMs).toBeCloseTo(1.8446744e13, -6);
  });

  it('says when only logs have the id', async () => {
    const trace = await oneTrace(engine.reader, 'onlylogs');
    expect(trace).toMatchObject({
      spans: [],
      logs: [{ body: 'alone' }],
      partial: 'its spans are not here: only logs carry its id.',
    });
  });

  it('shows the first 10,000 spans, and says so', async () => {
    await engine.command(
      `INSERT INTO otel_traces (Timestamp, TraceId, SpanId, ServiceName) SELECT fromUnixTimestamp64Milli(toInt64(${start} + number)), 'huge', toString(number), 'odd' FROM numbers(10500)`,
    );
    const trace = await oneTrace(engine.reader, 'huge');
    expect(trace.spans).toHaveLength(10_000);
    expect(trace.partial).toBe('the trace has more than 10000 spans: the first ones are shown.');
  });

  it.each(['unknown', 'x'.repeat(200), "a' OR 1=1", '', '../../etc'])('does not know %j', async (id) => {
    await expect(oneTrace(engine.reader, id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('traceHistogram and operations', () => {
  const histogram = async (asked: Asked): Promise<TraceHistogram> => {
    const filter = filterOf(TracesQuery.parse(asked), range);
    const answer = await traceHistogram(engine.reader, { filter, grid: gridOf(range, 60) });
    expect(TraceHistogram.parse(answer)).toEqual(answer);
    return answer;
  };
  const sums = ({ series }: TraceHistogram): number[] =>
    series.slice(0, 2).map(({ points }) => points.reduce<number>((sum, point) => sum + (point ?? 0), 0));

  it('counts requests from the rollup and spans of a search', async () => {
    expect(sums(await histogram({ service: 'shop' }))).toEqual([count, 0]);
    expect(sums(await histogram({ service: 'cart' }))).toEqual([90, 30]);
    expect(sums(await histogram({ query: 'name:call' }))).toEqual([count, 0]);
    expect(sums(await histogram({ status: 'error' }))).toEqual([0, 30]);
  });

  it('has the 95th percentile in ms, and gaps where nothing was', async () => {
    const { series } = await histogram({ query: 'name:"GET /" http.route:/pay' });
    expect(series[2]?.points.slice(0, 3)).toEqual([1, 3, 5]);
    const none = await histogram({ service: 'nobody' });
    expect(none.series[2]?.points.every((point) => point === null)).toBe(true);
  });

  it('lists services and their operations', async () => {
    const answer = await operations(engine.reader, { range, service: undefined });
    expect(Operations.parse(answer)).toEqual(answer);
    expect(answer.services).toEqual(expect.arrayContaining(['cart', 'odd', 'shop']));
    expect(answer.operations).toContainEqual({ service: 'cart', operation: 'POST /items', requests: count });
    const shop = await operations(engine.reader, { range, service: 'shop' });
    expect(shop.operations).toEqual([{ service: 'shop', operation: 'GET /', requests: count }]);
  });
});
