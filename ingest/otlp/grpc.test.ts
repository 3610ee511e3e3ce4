import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/lib/errors.js';
import { encodeRequest } from '../../test/support/otlp/messages.js';
import { ReadableSink, startOtlp } from '../../test/support/otlp/server.js';

const one = encodeRequest('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] });
let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

async function serve(...args: Parameters<typeof startOtlp>) {
  const server = await startOtlp(...args);
  const client = new Client(`127.0.0.1:${server.grpcPort}`, credentials.createInsecure());
  stop = async () => {
    client.close();
    await server.stop();
  };
  const call = (body: Buffer, key = 'Bearer secret', header = 'authorization') =>
    new Promise<{ error: ServiceError | null; response: Buffer | undefined }>((resolve) => {
      const metadata = new Metadata();
      metadata.set(header, key);
      client.makeUnaryRequest(
        '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        body,
        metadata,
        (error, response) => resolve({ error, response }),
      );
    });
  return { call, server };
}

describe('OTLP/gRPC', () => {
  it('stores and answers with an empty message', async () => {
    const sink = new ReadableSink();
    const { call, server } = await serve(sink);
    const { error, response } = await call(one);
    expect(error).toBeNull();
    expect(response).toHaveLength(0);
    expect(sink.rows('otel_logs')).toHaveLength(1);
    expect(await server.registry.metrics()).toContain(
      'lemni_otlp_requests_total{signal="logs",transport="grpc",code="0"} 1',
    );
    expect((await call(one, 'Bearer secret', 'x-api-key')).error).toBeNull();
  });

  it.each([
    ['a wrong key', one, 'Bearer no', status.UNAUTHENTICATED],
    ['a broken message', one.subarray(0, 3), 'Bearer secret', status.INVALID_ARGUMENT],
    ['a message that is too large', Buffer.alloc(2_000_000), 'Bearer secret', status.RESOURCE_EXHAUSTED],
  ])('refuses %s', async (_, body, key, code) => {
    const { call, server } = await serve(new ReadableSink(), { maxDecompressedBody: 1_000_000 });
    expect((await call(body, key)).error?.code).toBe(code);
    expect(server.intake.inFlight.bytes).toBe(0);
  });

  it('is unavailable, with a time to try again, while there is no room', async () => {
    const { call } = await serve({ store: () => Promise.reject(new Unavailable('queue_full', 'full')) });
    const { error } = await call(one);
    expect(error?.code).toBe(status.UNAVAILABLE);
    expect(String(error?.metadata.get('grpc-status-details-bin')[0])).toContain('google.rpc.RetryInfo');
  });

  it('says what to do when its port is taken', async () => {
    const { server } = await serve(new ReadableSink());
    const { createOtlpGrpc } = await import('./grpc.js');
    const { ingestConfig } = await import('../../test/support/otlp/server.js');
    const second = createOtlpGrpc({
      intake: server.intake,
      config: ingestConfig,
      logger: { error: () => undefined },
      host: '127.0.0.1',
      port: server.grpcPort,
      door: { authorize: () => Promise.resolve(true) },
    });
    await expect(second.start()).rejects.toThrow(/LEMNI_GRPC_PORT/);
    await second.stop();
  });
});
