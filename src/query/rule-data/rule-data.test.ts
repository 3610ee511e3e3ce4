import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../lib/seeded.js';
import type { TelemetryReader } from '../../store/telemetry/database.js';
import { openEngine, type Engine } from '../testing/engine.js';

import { createRuleData } from './create.js';
import type { LogCountRow } from './log-counts.js';

/** Not on a minute, so that both edges of a window cut one in two. */
const now = Date.parse('2026-11-22T10:20:31.500Z');
const minute = 60_000;

let engine: Engine;
/** The texts of the queries that were asked. */
const asked: string[] = [];
let reader: TelemetryReader;

beforeAll(async () => {
  engine = await openEngine();
  reader = {
    rows: (sql, params, options) => {
      asked.push(sql);
      return engine.reader.rows(sql, params, options);
    },
  };
});

afterAll(() => engine.close());

function at(agoMs: number): string {
  return new Date(now - agoMs).toISOString().replace('T', ' ').replace('Z', '');
}

interface LogInput {
  readonly ago: number;
  readonly body: string;
  readonly service?: string;
  readonly version?: string;
  readonly severity?: number;
}

function logs(inputs: readonly LogInput[]): Promise<void> {
  return engine.insert(
    'otel_logs',
    inputs.map(({ ago, body, service = 'checkout', version = '1.0', severity = 9 }) => ({
      Timestamp: at(ago),
      Body: body,
      ServiceName: service,
      ServiceVersion: version,
      Environment: 'prod',
      SeverityNumber: severity,
    })),
  );
}

describe('latencies', () => {
  beforeAll(() =>
    engine.insert('otel_traces', [
      // A request every 10 s for an hour: 1 to 100 ms in turn, and ten times that in version 2.
      ...Array.from({ length: 360 }, (_, i) => ({
        Timestamp: at(i * 10_000 + 1),
        ServiceName: 'checkout',
        ServiceVersion: i % 4 === 0 ? '2' : '1',
        Environment: 'prod',
        SpanName: i % 2 === 0 ? 'GET /a' : 'GET /b',
        SpanKind: 'Server',
        ParentSpanId: 'p',
        Duration: ((i % 100) + 1) * 1_000_000 * (i % 4 === 0 ? 10 : 1),
      })),
      // Not a request.
      { Timestamp: at(1000), ServiceName: 'checkout', SpanKind: 'Client', ParentSpanId: 'p', Duration: 9e12 },
    ]),
  );

  const ask = (windowMs: number, perOperation = false, quantiles = [0.5, 0.97]) =>
    createRuleData(reader).latencies({ windowMs, at: now, perOperation, quantiles });

  it.each([5, 10, 11, 30, 59])(
    'knows the requests of exactly %i min and their quantiles by version',
    async (minutes) => {
      const [row, ...others] = await ask(minutes * minute);
      expect(others).toEqual([]);
      const requests = minutes * 6;
      expect(row).toMatchObject({ service: 'checkout', environment: 'prod', operation: '', requests });
      expect(row?.versions.map(({ version }) => version)).toEqual(['1', '2']);
      expect(row?.versions.reduce((sum, one) => sum + one.requests, 0)).toBe(requests);
      // Against an exact answer: t-digest is near, not equal.
      const durations = Array.from(
        { length: requests },
        (_, i) => ((i % 100) + 1) * (i % 4 === 0 ? 10 : 1),
      ).sort((a, b) => a - b);
      const exact = durations[Math.floor(requests * 0.97)] ?? 0;
      expect(row?.quantilesMs[1]).toBeGreaterThan(exact * 0.8);
      expect(row?.quantilesMs[1]).toBeLessThan(exact * 1.2);
      expect(row?.quantilesMs[0]).toBeLessThan(row?.quantilesMs[1] ?? 0);
    },
  );

  it('splits by operation when asked, and is empty where nothing was', async () => {
    const rows = await ask(5 * minute, true);
    expect(rows.map(({ operation, requests }) => [operation, requests]).sort()).toEqual([
      ['GET /a', 15],
      ['GET /b', 15],
    ]);
    const data = createRuleData(reader);
    const early = { windowMs: minute, at: now - 86_400_000, perOperation: false, quantiles: [0.5] };
    expect(await data.latencies(early)).toEqual([]);
    expect(await data.latencies({ ...early, windowMs: 60 * minute })).toEqual([]);
  });
});

describe('log counts', () => {
  const random = seeded(11);
  const words = ['timeout', 'payment', 'order', 'retry'];
  const records = Array.from({ length: 3000 }, (_, i) => ({
    ago: 1 + Math.floor(random() * 90 * minute),
    body: `${words[Math.floor(random() * 4)] ?? ''} ${words[Math.floor(random() * 4)] ?? ''} ${i}`,
    service: random() < 0.5 ? 'checkout' : 'cart',
    version: random() < 0.2 ? '1.1' : '1.0',
    severity: random() < 0.1 ? 17 : 9,
  }));
  beforeAll(() => logs(records));

  const matches: readonly [string, (record: (typeof records)[number]) => boolean][] = [
    ['timeout', ({ body }) => body.includes('timeout')],
    ['level:error', ({ severity }) => severity === 17],
    ['service:cart payment', ({ service, body }) => service === 'cart' && body.includes('payment')],
    ['nothing-like-this', () => false],
  ];
  const sum = (rows: readonly LogCountRow[] | Error | undefined): number =>
    rows === undefined || rows instanceof Error
      ? Number.NaN
      : rows.reduce((total, row) => total + row.records, 0);

  it.each([10_000, 5 * minute, 17 * minute, 60 * minute])(
    'are those of exactly the window of %i ms, again and again as it moves',
    async (windowMs) => {
      const data = createRuleData(reader);
      for (const later of [0, 15_000, 15_500, 31_234, minute, 7 * minute]) {
        const to = now - 20 * minute + later;
        const found = await data.logCounts({ windowMs, at: to, searches: matches.map(([text]) => text) });
        for (const [search, test] of matches) {
          const expected = records.filter(
            (record) => test(record) && now - record.ago >= to - windowMs && now - record.ago < to,
          );
          expect([search, later, sum(found.get(search))]).toEqual([search, later, expected.length]);
        }
      }
    },
  );

  it('see what arrives late, and only count again what changed', async () => {
    const data = createRuleData(reader);
    const question = { windowMs: 10 * minute, at: now, searches: ['payment'] };
    const before = sum((await data.logCounts(question)).get('payment'));
    asked.length = 0;
    expect(sum((await data.logCounts(question)).get('payment'))).toBe(before);
    const buckets = /IN \(([^)]*)\)/.exec(asked.at(-1) ?? '')?.[1]?.split(',') ?? [];
    expect(buckets).toHaveLength(2);
    await logs([{ ago: 7 * minute, body: 'payment refused late', version: '' }]);
    const after = await data.logCounts(question);
    expect(sum(after.get('payment'))).toBe(before + 1);
    expect(after.get('payment')).toContainEqual(expect.objectContaining({ version: '', records: 1 }));
  });

  it('ask a thousand searches in a few queries, and one that cannot be asked fails alone', async () => {
    const data = createRuleData(reader);
    const many = Array.from({ length: 1000 }, (_, i) => `order retry ${i}`);
    asked.length = 0;
    const found = await data.logCounts({ windowMs: 30 * minute, at: now, searches: [...many, '/a{1001}/'] });
    expect(found.size).toBe(1001);
    expect(found.get('/a{1001}/')).toBeInstanceOf(Error);
    const total = many.reduce((all, search) => all + sum(found.get(search)), 0);
    const expected = records.filter(
      ({ ago, body }) =>
        ago <= 30 * minute &&
        /order/.test(body) &&
        /retry/.test(body) &&
        Number(/\d+$/.exec(body)?.[0]) < 1000,
    );
    expect(total).toBe(expected.length);
    asked.length = 0;
    await data.logCounts({ windowMs: 30 * minute, at: now, searches: [...many, '/a{1001}/'] });
    expect(asked.length).toBeLessThan(20);
  });

  it('name what is logged most often', async () => {
    const data = createRuleData(reader);
    await engine.insert('otel_logs', [
      ...[1, 2, 3].map((i) => ({
        Timestamp: at(i * 1000),
        Body: `no seat ${i}`,
        ServiceName: 'seat',
        Fingerprint: 5,
      })),
      { Timestamp: at(500), Body: 'other', ServiceName: 'seat', Fingerprint: 6 },
      { Timestamp: at(500), Body: 'x'.repeat(900), ServiceName: 'cut', Fingerprint: 6 },
    ]);
    const rows = await data.commonLogs({ windowMs: minute, at: now, search: 'service:(seat OR cut)' });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({ service: 'seat', environment: '', body: 'no seat 1', records: 3 });
    expect(rows[1]?.body).toHaveLength(300);
  });

  it('never run a text as SQL', async () => {
    const searches = ['service:"x\' OR 1=1 --"', `"'); DROP TABLE otel_logs; --"`, 'a\\'];
    const found = await createRuleData(reader).logCounts({ windowMs: minute, at: now, searches });
    for (const search of searches) expect(found.get(search)).toEqual([]);
    const [row] = await engine.reader.rows<{ n: number }>('SELECT count() AS n FROM otel_logs');
    expect(row?.n).toBeGreaterThan(3000);
  });
});

describe('feedback counts', () => {
  it('count each person once, their ratings, and who came before', async () => {
    const row = (id: string, ago: number, rating: number, version = '1.1'): Record<string, unknown> => ({
      Id: id,
      At: at(ago),
      ServiceName: 'web',
      Environment: 'prod',
      ServiceVersion: version,
      Rating: rating,
      ReceivedAt: at(ago),
    });
    await engine.insert('feedback', [
      row('a', minute, 1),
      row('a', minute, 1),
      row('b', 2 * minute, 2),
      row('c', 3 * minute, 0),
      row('d', 4 * minute, 5, '1.0'),
      row('e', 15 * minute, 3),
      row('f', 15 * minute + 1, 1),
      row('g', 26 * 60 * minute, 1),
      row('h', 0, 1),
      // One who is angry and says so again and again, and one who is logged in, on two visits.
      ...['i', 'j', 'k'].map((id) => ({ ...row(id, minute, 1), SessionId: 'visit-1' })),
      ...['l', 'm'].map((id) => ({ ...row(id, minute, 2), SessionId: id, UserId: 'ann' })),
      { ...row('n', minute, 5), UserId: 'ann' },
    ]);
    // Copies that arrive apart stay apart until the table merges them.
    await engine.insert('feedback', [row('b', 2 * minute, 2)]);
    const question = { windowMs: 15 * minute, at: now, beforeMs: 86_400_000 };
    const rows = await createRuleData(reader).feedbackCounts(question);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({
      ...{ service: 'web', environment: 'prod', version: '1.1' },
      ...{ people: 6, rated: 5, bad: 4, peopleBefore: 1, badBefore: 1 },
    });
    expect(rows).toContainEqual(expect.objectContaining({ version: '1.0', people: 1, bad: 0 }));
    const alone = await createRuleData(reader).feedbackCounts({ ...question, beforeMs: 0 });
    expect(alone.every(({ peopleBefore }) => peopleBefore === 0)).toBe(true);
  });
});

describe('last seen', () => {
  const hour = 60 * minute;

  it('knows to the minute when each signal came last, and the longest pause', async () => {
    await logs([
      { service: 'steady', ago: 3 * hour, body: 'x' },
      { service: 'steady', ago: hour, body: 'x' },
      { service: 'steady', ago: 30 * minute, body: 'x' },
    ]);
    await engine.insert('metric_series', [
      { Id: 7, Name: 'up', ServiceName: 'steady', Environment: 'prod', SeenAt: at(5 * hour) },
      { Id: 8, Name: 'up', ServiceName: 'gone', Environment: 'prod', SeenAt: at(5 * hour) },
      { Id: 9, Name: 'up', ServiceName: 'forgotten', Environment: 'prod', SeenAt: at(50 * hour) },
    ]);
    await engine.insert('metric_samples', [{ SeriesId: 7, At: at(10 * minute), Value: 1 }]);
    const rows = await createRuleData(reader).lastSeen({
      at: now,
      lookbackMs: 24 * hour,
      signals: ['logs', 'traces', 'metrics'],
    });
    const of = (service: string): unknown[] =>
      rows
        .filter((row) => row.service === service)
        .map(({ signal, lastAt, longestPauseMs }) => [
          signal,
          Math.round((now - lastAt) / minute),
          longestPauseMs / minute,
        ])
        .sort();
    expect(of('steady')).toEqual([
      ['logs', 30, 120],
      ['metrics', 10, 0],
    ]);
    expect(of('gone')).toEqual([['metrics', 300, 0]]);
    expect(of('forgotten')).toEqual([]);
    expect(rows.some(({ signal, service }) => signal === 'traces' && service === 'checkout')).toBe(true);
  });

  it('sees what came since the last look without reading the whole lookback again', async () => {
    const data = createRuleData(reader);
    const question = { lookbackMs: 24 * hour, signals: ['logs'] as const };
    const last = async (to: number): Promise<number | undefined> =>
      (await data.lastSeen({ ...question, at: to })).find(({ service }) => service === 'back')?.lastAt;
    await logs([{ service: 'back', ago: 20 * minute, body: 'x' }]);
    expect(await last(now)).toBe(Math.floor((now - 20 * minute) / minute) * minute + minute);
    await logs([{ service: 'back', ago: 10_000, body: 'x' }]);
    // Its minute has not ended yet.
    expect(await last(now + 15_000)).toBe(now + 15_000);
  });
});
