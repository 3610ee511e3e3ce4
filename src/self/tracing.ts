import { SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';

export interface TracingOptions {
  /** Where spans go: an OTLP/HTTP URL ending in /v1/traces; undefined: nowhere. */
  readonly url: string | undefined;
  /** Headers of the export, e.g. the key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly version: string;
}

export interface Tracing {
  readonly tracer: Tracer;
  stop(): Promise<void>;
}

/** Lemni's own traces through the OpenTelemetry SDK. Off: the API's no-op tracer, at no cost. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  if (options.url === undefined) return { tracer: trace.getTracer('lemni'), stop: () => Promise.resolve() };
  // The SDK is a third of all that a start would load, so it is loaded by those only who want it.
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { NodeSDK, tracing } = await import('@opentelemetry/sdk-node');
  const exporter = new OTLPTraceExporter({ url: options.url, headers: { ...options.headers } });
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': 'lemni', 'service.version': options.version }),
    spanProcessors: [
      new tracing.BatchSpanProcessor(exporter, { maxQueueSize: 2048, scheduledDelayMillis: 2000 }),
    ],
    instrumentations: [],
    autoDetectResources: false,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return { tracer: trace.getTracer('lemni', options.version), stop: () => sdk.shutdown() };
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
