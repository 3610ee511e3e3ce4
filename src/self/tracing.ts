import { SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';

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
export function startTracing(options: TracingOptions): Tracing {
  if (options.url === undefined) return { tracer: trace.getTracer('lemni'), stop: () => Promise.resolve() };
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
