import { gzipSync, deflateSync } from 'node:zlib';
import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { BadInput, Unavailable } from '../../src/lib/errors.js';
import { decodeAnswer, encodeRequest } from '../../test/support/otlp/messages.js';
import { createScrubber } from '../scrub/scrubber.js';
import { RecordingSink, type TelemetrySink } from '../sink.js';
import { otlpRoutes } from './http.js';
import { createOtlpIntake } from './intake.js';
import { createSeriesRegistry } from './metrics/series-registry.js';
import type { IngestConfig } from './ports.js';
import { noScrubbing } from './testing/decode.js';

const MiB = 1024 * 1024;
const config: IngestConfig = {
  maxBody: MiB,
  maxDecompressedBody: 4 * MiB,
  maxAttributes: 100,
  maxAttributeBytes: 1000,
  maxBodyBytes: 1000,
  maxFuture: 3_600_000,
  allowedOrigins: ['https://shop.example'],
  maxInFlightBytes: 16 * MiB,
};

function serve(sink: TelemetrySink = new RecordingSink(), overrides: Partial<IngestConfig> = {}) {
  const registry = new Registry();
  const settings = { ...config, ...overrides };
  const intake = createOtlpIntake({
    sink,
    config: settings,
    scrubber: createScrubber(noScrubbing),
    clock: { now: () => Date.now() },
    registry,
    seriesRegistry: createSeriesRegistry(),
  });
  const app = express();
  app.use(
    otlpRoutes({
      intake,
      config: settings,
      access: {
        key:
          (...scopes) =>
          (req, _res, next) => {
            const key = req.get('authorization');
            if (
              key === `Bearer ${scopes.includes('public') ? 'public' : 'ingest'}` ||
              key === 'Bearer ingest'
            )
              next();
            else next(new BadInput('unauthenticated', 'Give a key: Authorization: Bearer KEY.'));
          },
      },
      logger: { error: () => undefined },
    }),
  );
  return { app, intake, registry };
}

const empty = encodeRequest('logs', {});
const one = encodeRequest('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] });
const protobuf = 'application/x-protobuf';

function post(app: express.Express, body: Buffer, headers: Record<string, string> = {}, path = '/v1/logs') {
  return request(app)
    .post(path)
    .set({ authorization: 'Bearer ingest', 'content-type': protobuf, ...headers })
    .serialize((value) => value as string) // As it is, also when it is JSON.
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .send(body);
}

describe('POST /v1/...', () => {
  it.each(['/v1/logs', '/otlp/v1/logs', '/v1/logs/'])('%s stores and answers with no bytes', async (path) => {
    const sink = new RecordingSink();
    const response = await post(serve(sink).app, one, {}, path);
    expect([response.status, response.headers['content-type'], response.body.length]).toEqual([
      200,
      protobuf,
      0,
    ]);
    expect(sink.batches.map(({ table, rows }) => [table, rows])).toEqual([['otel_logs', 1]]);
  });

  it('takes an empty request', async () => {
    expect((await post(serve().app, empty)).status).toBe(200);
  });

  it.each([
    ['gzip', gzipSync(one)],
    ['deflate', deflateSync(one)],
    ['identity', one],
    ['', one],
  ])('takes Content-Encoding "%s"', async (encoding, body) => {
    const sink = new RecordingSink();
    const response = await post(
      serve(sink).app,
      body,
      encoding === '' ? {} : { 'content-encoding': encoding },
    );
    expect(response.status).toBe(200);
    expect(sink.batches).toHaveLength(1);
  });

  it('answers only after the rows are safe', async () => {
    let stored = false;
    const sink: TelemetrySink = {
      store: () =>
        new Promise((resolve) =>
          setTimeout(() => {
            stored = true;
            resolve();
          }, 50),
        ),
    };
    expect((await post(serve(sink).app, one)).status).toBe(200);
    expect(stored).toBe(true);
  });

  it('tells what was not kept as it was sent', async () => {
    const bytes = encodeRequest('logs', {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ traceId: Buffer.alloc(3, 1) }] }] }],
    });
    const response = await post(serve().app, bytes);
    expect(response.status).toBe(200);
    expect(decodeAnswer('Response', response.body)).toEqual({
      partialSuccess: { errorMessage: expect.stringContaining('1 trace or span ids left empty') },
    });
  });

  it.each([
    ['a broken message', one.subarray(0, 3), {}, 400, 3],
    ['gzip that is none', one, { 'content-encoding': 'gzip' }, 400, 3],
    ['truncated gzip', gzipSync(one).subarray(0, 15), { 'content-encoding': 'gzip' }, 400, 3],
    ['an unknown encoding', one, { 'content-encoding': 'br' }, 400, 3],
    ['a wrong key', one, { authorization: 'Bearer no' }, 401, 16],
    ['a public key from a server', one, { authorization: 'Bearer public' }, 401, 16],
    ['a foreign page', one, { origin: 'https://evil.example' }, 403, 7],
    ['a body that is too large', Buffer.alloc(MiB + 1), {}, 413, 8],
    ['a gzip bomb', gzipSync(Buffer.alloc(64 * MiB)), { 'content-encoding': 'gzip' }, 413, 8],
  ])('refuses %s', async (_, body, headers: Record<string, string>, status, code) => {
    const sink = new RecordingSink();
    const { app, intake } = serve(sink);
    const response = await post(app, body, headers);
    expect([response.status, response.headers['content-type']]).toEqual([status, protobuf]);
    expect(decodeAnswer('RpcStatus', response.body)).toMatchObject({ code });
    expect(sink.batches).toHaveLength(0);
    expect(intake.inFlight.bytes).toBe(0);
  });

  it('speaks JSON to those who do', async () => {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    const { app } = serve();
    const good = await post(app, Buffer.from('{"resourceLogs":[]}'), json);
    expect([good.status, good.headers['content-type'], String(good.body)]).toEqual([
      200,
      'application/json',
      '{}',
    ]);
    const noted = Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"ab"}]}]}]}');
    expect(JSON.parse(String((await post(app, noted, json)).body))).toEqual({
      partialSuccess: { errorMessage: expect.stringContaining('ids left empty') },
    });
    const bad = await post(app, Buffer.from('{"resourceLogs":5}'), json);
    expect([bad.status, bad.headers['content-type']]).toEqual([400, 'application/json']);
    expect(JSON.parse(String(bad.body))).toEqual({
      code: 3,
      message: 'resourceLogs must be an array, not a number.',
    });
  });

  it('tells how many points were refused', async () => {
    const bytes = encodeRequest('metrics', {
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints: [{}, { asInt: 1 }, {}] } }] }] },
      ],
    });
    const response = await post(serve().app, bytes, {}, '/v1/metrics');
    expect(decodeAnswer('Response', response.body)).toEqual({
      partialSuccess: {
        rejected: '2',
        errorMessage: '2 rejected; the first: metric "x": a data point has no value',
      },
    });
  });

  it('answers 415 for other media types and 405 for other methods', async () => {
    const { app } = serve();
    expect((await post(app, one, { 'content-type': 'text/plain' })).status).toBe(415);
    const get = await request(app).get('/v1/traces');
    expect([get.status, get.headers['allow']]).toEqual([405, 'POST, OPTIONS']);
  });

  it('answers 503 with a small Retry-After when there is no room', async () => {
    const sink: TelemetrySink = { store: () => Promise.reject(new Unavailable('disk_full', 'full')) };
    const { app, registry } = serve(sink);
    const response = await post(app, one);
    expect([response.status, response.headers['retry-after']]).toEqual([503, '2']);
    expect(await registry.metrics()).toContain(
      'lemni_otlp_refused_requests_total{signal="logs",reason="disk_full"} 1',
    );
    const tight = await post(
      serve(undefined, { maxInFlightBytes: 10 }).app,
      one.length > 10 ? one : Buffer.alloc(11),
    );
    expect([tight.status, tight.headers['retry-after']]).toEqual([503, '1']);
  });

  it('answers pages of allowed origins, with their public key', async () => {
    const { app } = serve();
    const preflight = await request(app)
      .options('/v1/traces')
      .set({ origin: 'https://shop.example', 'access-control-request-headers': 'authorization,x-a' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-headers': 'authorization,x-a',
      vary: 'Origin',
    });
    const response = await post(app, one, { origin: 'https://shop.example', authorization: 'Bearer public' });
    expect(response.status).toBe(200);
    expect(response.headers['access-control-allow-origin']).toBe('https://shop.example');
  });
});
