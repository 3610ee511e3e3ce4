import { context, propagation, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';

export interface TracingOptions {
  /**
   * Where spans go: an OTLP/HTTP URL ending in /v1/traces; a function that takes an ExportTraceServiceRequest
   * (protobuf), for Lemni itself; undefined: nowhere.
   */
  readonly to: string | ((request: Buffer) => Promise<unknown>) | undefined;
  readonly version: string;
}

export interface Tracing {
  readonly tracer: Tracer;
  stop(): Promise<void>;
}

/** Lemni's own traces through the OpenTelemetry SDK. Off: the API's no-op tracer, at no cost. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  if (options.to === undefined) return { tracer: trace.getTracer('lemni'), stop: () => Promise.resolve() };
  // The SDK is a third of all that a start would load, so it is loaded by those only who want it.
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { NodeSDK, tracing: sdk } = await import('@opentelemetry/sdk-node');
  const exporter = typeof options.to === 'string' ? await overHttp(options.to) : await intoHere(options.to);
  const node = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': 'lemni', 'service.version': options.version }),
    spanProcessors: [
      new sdk.BatchSpanProcessor(exporter, { maxQueueSize: 2048, scheduledDelayMillis: 2000 }),
    ],
    instrumentations: [],
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  });
  node.start();
  return {
    tracer: trace.getTracer('lemni', options.version),
    stop: async () => {
      await node.shutdown();
      // The API keeps the first provider it is given: without this a second start in the process has none.
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}

async function overHttp(url: string): Promise<tracing.SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url });
}

/** No port, no key, and no span about receiving spans. */
async function intoHere(take: (request: Buffer) => Promise<unknown>): Promise<tracing.SpanExporter> {
  const { ProtobufTraceSerializer } = await import('@opentelemetry/otlp-transformer');
  const { SUCCESS, FAILED } = (await import('@opentelemetry/sdk-node')).core.ExportResultCode;
  return {
    export: (spans, done) => {
      const request = ProtobufTraceSerializer.serializeRequest(spans);
      if (request === undefined) {
        done({ code: FAILED });
        return;
      }
      take(Buffer.from(request)).then(
        () => done({ code: SUCCESS }),
        (error: unknown) =>
          done({ code: FAILED, error: error instanceof Error ? error : new Error(String(error)) }),
      );
    },
    shutdown: () => Promise.resolve(),
  };
}

/** Runs the work inside a span of its own and marks it when it throws. */
export async function inSpan<T>(tracer: Tracer, name: string, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
