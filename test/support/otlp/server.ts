import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Registry } from 'prom-client';
import { createOtlpGrpc } from '../../../ingest/otlp/grpc.js';
import { otlpRoutes } from '../../../ingest/otlp/http.js';
import { createOtlpIntake } from '../../../ingest/otlp/intake.js';
import { createSeriesRegistry } from '../../../ingest/otlp/metrics/series-registry.js';
import type { IngestConfig } from '../../../ingest/otlp/ports.js';
import { createScrubber } from '../../../ingest/scrub/scrubber.js';
import type { TelemetrySink } from '../../../ingest/sink.js';
import { writableTables, type EncodedRows, type TableName } from '../../../src/model/rows/tables.js';
import { readRows, type Row } from '../rowbinary-reader.js';

const MiB = 1024 * 1024;
export const ingestConfig: IngestConfig = {
  maxBody: 64 * MiB,
  maxDecompressedBody: 64 * MiB,
  maxAttributes: 1000,
  maxAttributeBytes: 64 * 1024,
  maxBodyBytes: 256 * 1024,
  maxFuture: 3_600_000,
  allowedOrigins: [],
  maxInFlightBytes: 256 * MiB,
};

/** A sink that can be read back. */
export class ReadableSink implements TelemetrySink {
  readonly batches: EncodedRows[] = [];

  store(batches: readonly EncodedRows[]): Promise<void> {
    this.batches.push(...batches);
    return Promise.resolve();
  }

  rows(table: TableName): Row[] {
    return this.batches
      .filter((batch) => batch.table === table)
      .flatMap((batch) => readRows(writableTables[table], batch.bytes));
  }
}

/** OTLP over HTTP and gRPC on loopback, taking the key `secret`. */
export async function startOtlp(sink: TelemetrySink, overrides: Partial<IngestConfig> = {}) {
  const config = { ...ingestConfig, ...overrides };
  const registry = new Registry();
  const intake = createOtlpIntake({
    sink,
    config,
    scrubber: createScrubber({
      secrets: true,
      queryStrings: true,
      emails: false,
      cardNumbers: true,
      keys: [],
    }),
    clock: { now: () => Date.now() },
    registry,
    seriesRegistry: createSeriesRegistry(),
  });
  const logger = { error: (...args: unknown[]) => console.error(...args) };
  const app = express();
  const authorizations: (string | undefined)[] = [];
  app.use((request, _response, next) => {
    authorizations.push(request.get('authorization'));
    next();
  });
  app.use(otlpRoutes({ access: { key: () => (_req, _res, next) => next() }, intake, config, logger }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const grpc = createOtlpGrpc({
    intake,
    config,
    logger,
    host: '127.0.0.1',
    port: 0,
    door: { authorize: (header) => Promise.resolve(header === 'Bearer secret') },
  });
  const { port: grpcPort } = await grpc.start();
  return {
    intake,
    registry,
    authorizations,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grpcPort,
    grpcUrl: `http://127.0.0.1:${grpcPort}`,
    async stop(): Promise<void> {
      await grpc.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
