import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LogHistogram, LogRecord } from '../../src/http/contract/telemetry.js';
import { eventually } from '../support/eventually.js';
import { Lemni } from '../support/lemni.js';
import { MetricsText } from '../support/metrics-text.js';
import { deepLogs, goodBody, gzipBomb, hugeLogs, logsOf, MiB } from '../support/otlp/bad-bodies.js';
import { str } from '../support/otlp/messages.js';
import {
  exportOverGrpc,
  mediaType,
  sendOtlp,
  type Encoding,
  type OtlpAnswer,
  type Signal,
} from '../support/otlp/wire.js';
import { Session } from '../support/session.js';

/** Bad telemetry by every wire of the built product: it is refused in OTLP's own form or taken with a note. */
const encodings: readonly Encoding[] = ['json', 'protobuf'];
const signals: readonly Signal[] = ['logs', 'traces', 'metrics'];
const now = (): string => `${Date.now()}000000`;

let lemni: Lemni;
let session: Session;
let pid: number;
let before: MetricsText;
let goodSent = 0;

beforeAll(async () => {
  lemni = await Lemni.start();
  pid = lemni.pid;
  session = await Session.byLink(lemni);
  before = await MetricsText.read(lemni.url);
  await sendGood();
});
// Between all that is bad, something good.
afterEach(() => sendGood());
afterAll(() => lemni.remove());

async function sendGood(): Promise<void> {
  const encoding = encodings[goodSent % 2] ?? 'json';
  const body = logsOf(encoding, 'good', [{ timeUnixNano: now(), body: { stringValue: `good ${goodSent}` } }]);
  const answer = await send('logs', encoding, body);
  expect([answer.status, answer.body]).toEqual([200, {}]);
  goodSent += 1;
}

function send(
  signal: Signal,
  encoding: Encoding,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<OtlpAnswer> {
  return sendOtlp(`${lemni.url}/v1/${signal}`, encoding, body, headers);
}

/** An error as OTLP/HTTP wants it: google.rpc.Status, in the encoding that was sent, with words. */
function expectRefused(answer: OtlpAnswer, encoding: Encoding, status: number, code: number): void {
  expect(answer).toMatchObject({ status, contentType: mediaType[encoding], body: { code } });
  expect(String(answer.body['message']).length).toBeGreaterThan(10);
  expect(answer.retryAfter).toBeNull();
}

async function logsOfService(service: string): Promise<LogRecord[]> {
  const { items } = await session.get<{ items: LogRecord[] }>(
    `/api/logs?query=service:${service}&from=now-1h&limit=500`,
  );
  return items;
}

describe.each(encodings)('broken %s', (encoding) => {
  it.each(signals)('of %s: truncated, lying, mislabelled', async (signal) => {
    const good = goodBody(signal, encoding);
    const other = goodBody(signal, encoding === 'json' ? 'protobuf' : 'json');
    const refuse = async (body: Uint8Array, headers: Record<string, string> = {}): Promise<void> =>
      expectRefused(await send(signal, encoding, body, headers), encoding, 400, 3);
    await refuse(good.subarray(0, good.length - 3));
    await refuse(good.subarray(0, Math.floor(good.length / 2)));
    await refuse(other);
    await refuse(Buffer.from('not a message at all, and not short either'));
    await refuse(good, { 'content-encoding': 'gzip' });
    await refuse(gzipSync(good).subarray(0, -6), { 'content-encoding': 'gzip' });
    await refuse(good, { 'content-encoding': 'br' });
  });

  it('too large, before and after decompression, and no media type that it knows', async () => {
    const huge = Buffer.alloc(64 * MiB + 1, 0x20);
    expectRefused(await send('logs', encoding, huge), encoding, 413, 8);
    // Half a gibibyte from half a megabyte.
    const bomb = gzipBomb(512);
    const answer = await send('logs', encoding, bomb, { 'content-encoding': 'gzip' });
    expectRefused(answer, encoding, 413, 8);
    const plain = await fetch(`${lemni.url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: goodBody('logs', encoding),
    });
    expect(plain.status).toBe(415);
  });

  it('deep: what is nested too deeply is cut and said', async () => {
    const answer = await send('logs', encoding, deepLogs(encoding, `deep-${encoding}`, 20_000));
    expect(answer).toMatchObject({ status: 200, contentType: mediaType[encoding] });
    expect(answer.body).toMatchObject({ partialSuccess: { errorMessage: expect.stringContaining('deep') } });
    const [record] = await eventually(
      () => logsOfService(`deep-${encoding}`),
      ({ length }) => length === 1,
    );
    expect(record?.body.startsWith('[[[')).toBe(true);
  });

  it('ten thousand attributes on one record, a value of a megabyte', async () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => str(`key.${i}`, `value ${i}`));
    const many = { timeUnixNano: now(), body: { stringValue: 'many' }, attributes };
    const long = { timeUnixNano: now(), body: { stringValue: 'x'.repeat(MiB) } };
    const answer = await send('logs', encoding, logsOf(encoding, `many-${encoding}`, [many, long]));
    expect(answer.status).toBe(200);
    const { errorMessage } = answer.body['partialSuccess'] as { errorMessage: string };
    expect(errorMessage).toMatch(/9000 attributes/);
    expect(errorMessage).toMatch(/1 values cut/);
    const records = await eventually(
      () => logsOfService(`many-${encoding}`),
      ({ length }) => length === 2,
    );
    const found = records.find(({ body }) => body === 'many');
    expect(Object.keys(found?.attributes ?? {})).toHaveLength(1000);
    expect(records.find(({ body }) => body !== 'many')?.body.length).toBeLessThan(300 * 1024);
  });

  it('zero, negative and far-future times become the time of arrival, with a note', async () => {
    const started = Date.now();
    const farFuture = `${Date.parse('2200-01-01')}000000`;
    const negative = encoding === 'json' ? '-1000000000' : String(2n ** 64n - 1_000_000_000n);
    const records = [{ timeUnixNano: '0' }, { timeUnixNano: negative }, { timeUnixNano: farFuture }, {}];
    const bodies = records.map((record, i) => ({ ...record, body: { stringValue: `time ${i}` } }));
    const answer = await send('logs', encoding, logsOf(encoding, `times-${encoding}`, bodies));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      partialSuccess: { errorMessage: expect.stringMatching(/2 times replaced/) },
    });
    const found = await eventually(
      () => logsOfService(`times-${encoding}`),
      ({ length }) => length === 4,
    );
    for (const { timestamp } of found) {
      expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(started - 1000);
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now() + 1000);
    }
  });

  it('invalid UTF-8 in a body is repaired and said', async () => {
    const body = logsOf(encoding, `utf8-${encoding}`, [
      { timeUnixNano: now(), body: { stringValue: 'broken @@ text' } },
    ]);
    const at = body.indexOf('@@');
    body.set([0xc3, 0x28], at);
    const answer = await send('logs', encoding, body);
    expect(answer.status).toBe(200);
    const [record] = await eventually(
      () => logsOfService(`utf8-${encoding}`),
      ({ length }) => length === 1,
    );
    expect(record?.body).toBe('broken \uFFFD( text');
    expect(answer.body).toMatchObject({ partialSuccess: { errorMessage: expect.stringContaining('UTF-8') } });
  });

  it('a valid body of nearly 64 MiB is taken', async () => {
    const body = hugeLogs(encoding, `huge-${encoding}`, 64 * MiB);
    expect(body.length).toBeGreaterThan(63 * MiB);
    const answer = await send('logs', encoding, body);
    expect([answer.status, answer.body]).toEqual([200, {}]);
  });
});

describe('wrong types in JSON', () => {
  it.each([
    ['a list of records that is none', { resourceLogs: { scopeLogs: [] } }],
    ['a request that is a list', []],
    [
      'a number for a text',
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 7 } }] }] }] },
    ],
    ['a text for a time', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: 'today' }] }] }] }],
    ['a record that is a text', { resourceLogs: [{ scopeLogs: [{ logRecords: ['hello'] }] }] }],
  ])('%s', async (_name, request) => {
    expectRefused(await send('logs', 'json', JSON.stringify(request)), 'json', 400, 3);
  });
});

describe('over gRPC', () => {
  it('what is broken or too large is refused with its code, the rest is taken', async () => {
    const { grpcPort } = lemni;
    for (const signal of signals) {
      const good = goodBody(signal, 'protobuf');
      expect(await exportOverGrpc(grpcPort, signal, good)).toEqual({ code: 0, details: '', body: {} });
      for (const bad of [good.subarray(0, -3), goodBody(signal, 'json'), Buffer.alloc(100, 0xff)]) {
        const answer = await exportOverGrpc(grpcPort, signal, bad);
        expect(answer.code).toBe(3);
        expect(answer.details.length).toBeGreaterThan(10);
      }
    }
    // 8 is RESOURCE_EXHAUSTED.
    expect(await exportOverGrpc(grpcPort, 'logs', Buffer.alloc(64 * MiB + 1))).toMatchObject({ code: 8 });
    const bomb = await exportOverGrpc(grpcPort, 'logs', Buffer.alloc(200 * MiB), { gzip: true });
    expect(bomb.code).toBe(8);
    const deep = await exportOverGrpc(grpcPort, 'logs', deepLogs('protobuf', 'deep-grpc', 20_000));
    expect(deep.body).toMatchObject({ partialSuccess: { errorMessage: expect.stringContaining('deep') } });
  });
});

describe('lies of the transport', () => {
  it.each([
    ['a body that ends before its Content-Length', 'Content-Length: 1000\r\n\r\n{"resourceLogs"'],
    ['a chunk that is no chunk', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n'],
    ['both lengths at once', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'],
    ['a length that is no number', 'Content-Length: many\r\n\r\n{}'],
  ])('%s', async (_name, rest) => {
    const socket = connect(lemni.port, '127.0.0.1');
    let answered = '';
    socket.on('data', (chunk: Buffer) => (answered += chunk.toString()));
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
    const head = 'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    socket.end(head + rest);
    await closed;
    expect(answered === '' || /^HTTP\/1.1 4\d\d /.test(answered), answered).toBe(true);
  });
});

it('many huge bodies at once: taken, or asked to come back', async () => {
  const body = hugeLogs('protobuf', 'crowd', 60 * MiB);
  const answers = await Promise.all(Array.from({ length: 6 }, () => send('logs', 'protobuf', body)));
  const taken = answers.filter(({ status }) => status === 200);
  expect(taken.length).toBeGreaterThan(0);
  for (const answer of answers) {
    if (answer.status === 200) continue;
    expect(answer).toMatchObject({ status: 503, contentType: mediaType.protobuf, body: { code: 14 } });
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  }
});

describe('after all of that', () => {
  it('the same process lives, is ready, and stayed small', async () => {
    expect(lemni.pid).toBe(pid);
    expect((await fetch(`${lemni.url}/-/ready`)).status).toBe(200);
    expect(peakMemory(pid)).toBeLessThan(1200 * MiB);
  });

  it('everything good is found', async () => {
    const { total } = await eventually(
      () => session.get<LogHistogram>('/api/logs/histogram?query=service:good&from=now-1h'),
      (answer) => answer.total >= goodSent,
    );
    expect(total).toBe(goodSent);
    const bodies = new Set((await logsOfService('good')).map(({ body }) => body));
    expect(bodies).toEqual(new Set(Array.from({ length: goodSent }, (_, i) => `good ${i}`)));
  });

  it('what was refused and noted is counted by its reason', async () => {
    const after = await MetricsText.read(lemni.url);
    const moved = (name: string, labels: Record<string, string>): number =>
      after.sum(name, labels) - before.sum(name, labels);
    const refused = 'lemni_otlp_refused_requests_total';
    for (const signal of signals) {
      expect(moved(refused, { signal, reason: 'malformed' })).toBeGreaterThanOrEqual(14);
    }
    expect(moved(refused, { signal: 'logs', reason: 'too_large' })).toBeGreaterThanOrEqual(4);
    expect(moved(refused, { signal: 'logs', reason: 'unsupported' })).toBe(2);
    for (const note of ['too_deep', 'too_many_attributes', 'too_large', 'invalid_time', 'invalid_utf8']) {
      expect(moved('lemni_otlp_noted_total', { signal: 'logs', note }), note).toBeGreaterThan(0);
    }
    expect(moved('lemni_store_dropped_rows_total', {}), 'rows that the database refused').toBe(0);
  });
});

/** The most memory it ever had, in bytes; 0 where the system does not tell. */
function peakMemory(process: number): number {
  try {
    const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${process}/status`, 'utf8'))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
