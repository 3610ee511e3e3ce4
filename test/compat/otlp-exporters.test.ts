import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPLogExporter as LogGrpc } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as LogHttp } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as LogProto } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as MetricGrpc } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as MetricHttp } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as MetricProto } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as TraceGrpc } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as TraceHttp } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as TraceProto } from '@opentelemetry/exporter-trace-otlp-proto';
import { Metadata } from '@grpc/grpc-js';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReadableSink, startOtlp } from '../support/otlp/server.js';

/** The nine exporters of OpenTelemetry JS 0.223 and pino's transport, unmodified, over real sockets. */
let server: Awaited<ReturnType<typeof startOtlp>>;
let sink: ReadableSink;
const swap = { store: (batches: Parameters<ReadableSink['store']>[0]) => sink.store(batches) };

beforeAll(async () => {
  server = await startOtlp(swap);
});
afterAll(() => server.stop());
beforeEach(() => {
  sink = new ReadableSink();
});

const resource = resourceFromAttributes({
  'service.name': 'shop',
  'service.version': '2.1.0',
  'deployment.environment.name': 'test',
  'process.command_args': ['node', 'app.js'],
});
const http = (signal: string): object => ({
  url: `${server.url}/v1/${signal}`,
  headers: { authorization: 'Bearer secret' },
  compression: 'gzip',
});
const grpc = (): object => {
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer secret');
  return { url: server.grpcUrl, metadata, compression: 'gzip' };
};

describe.each([
  ['http/json', () => new LogHttp(http('logs'))],
  ['http/protobuf', () => new LogProto(http('logs'))],
  ['grpc', () => new LogGrpc(grpc())],
] as [string, () => LogRecordExporter][])('logs over %s', (_, exporter) => {
  it('arrive as they were written', async () => {
    const provider = new LoggerProvider({
      resource,
      processors: [new SimpleLogRecordProcessor({ exporter: exporter() })],
    });
    const spanContext = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
    };
    provider.getLogger('lib', '1.0').emit({
      timestamp: new Date('2026-11-01T10:00:00.123Z'),
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum's package is not ours to depend on
      severityNumber: 17,
      severityText: 'ERROR',
      body: { message: 'declined', amount: 12.5 },
      eventName: 'payment',
      attributes: {
        'user.id': 7,
        ok: false,
        tags: ['a', 'b'],
        'big.number': 9_007_199_254_740_991,
        password: 'hunter2',
      },
      context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
    });
    await provider.shutdown();
    expect(sink.rows('otel_logs')).toMatchObject([
      {
        Timestamp: 1793527200123000000n,
        TraceId: spanContext.traceId,
        SpanId: spanContext.spanId,
        TraceFlags: 1,
        SeverityNumber: 17,
        SeverityText: 'ERROR',
        Body: '{"message":"declined","amount":12.5}',
        ServiceName: 'shop',
        ServiceVersion: '2.1.0',
        Environment: 'test',
        ScopeName: 'lib',
        ScopeVersion: '1.0',
        EventName: 'payment',
        ResourceAttributes: { 'process.command_args': '["node","app.js"]' },
        LogAttributes: {
          'user.id': '7',
          ok: 'false',
          tags: '["a","b"]',
          'big.number': '9007199254740991',
          password: '[scrubbed]',
        },
      },
    ]);
  });
});

describe.each([
  ['http/json', () => new TraceHttp(http('traces'))],
  ['http/protobuf', () => new TraceProto(http('traces'))],
  ['grpc', () => new TraceGrpc(grpc())],
] as [string, () => SpanExporter][])('traces over %s', (_, exporter) => {
  it('arrive as they were recorded', async () => {
    const provider = new BasicTracerProvider({
      resource,
      spanProcessors: [new SimpleSpanProcessor(exporter())],
    });
    const tracer = provider.getTracer('lib', '1.0');
    const parent = tracer.startSpan('GET /cart', { kind: SpanKind.SERVER });
    const child = tracer.startSpan(
      'SELECT',
      { kind: SpanKind.CLIENT, links: [{ context: parent.spanContext(), attributes: { why: 'test' } }] },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    child.recordException(new TypeError('no such table'));
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'failed' });
    child.end();
    parent.end();
    await provider.shutdown();
    const rows = sink.rows('otel_traces').sort((a, b) => (a['SpanName']! < b['SpanName']! ? -1 : 1));
    expect(rows).toMatchObject([
      {
        SpanName: 'GET /cart',
        SpanKind: 'Server',
        ParentSpanId: '',
        StatusCode: 'Unset',
        ServiceName: 'shop',
      },
      {
        SpanName: 'SELECT',
        SpanKind: 'Client',
        TraceId: parent.spanContext().traceId,
        ParentSpanId: parent.spanContext().spanId,
        StatusCode: 'Error',
        StatusMessage: 'failed',
        'Events.Name': ['exception'],
        'Events.Attributes': [{ 'exception.type': 'TypeError', 'exception.message': 'no such table' }],
        'Links.SpanId': [parent.spanContext().spanId],
        'Links.Attributes': [{ why: 'test' }],
      },
    ]);
    const ended = (child as unknown as { duration: [number, number] }).duration;
    expect(rows[1]!['Duration']).toBe(BigInt(ended[0]) * 1_000_000_000n + BigInt(ended[1]));
  });
});

describe.each([
  ['http/json', () => new MetricHttp(http('metrics'))],
  ['http/protobuf', () => new MetricProto(http('metrics'))],
  ['grpc', () => new MetricGrpc(grpc())],
] as [string, () => PushMetricExporter][])('metrics over %s', (transport, exporter) => {
  it('arrive as the series of Prometheus', async () => {
    const reader = new PeriodicExportingMetricReader({
      exporter: exporter(),
      exportIntervalMillis: 3_600_000,
    });
    const provider = new MeterProvider({
      // A name of its own: the server remembers which series it announced.
      resource: resource.merge(resourceFromAttributes({ 'service.instance.id': transport })),
      readers: [reader],
      views: [{ instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter('lib');
    meter.createCounter('orders', { unit: '{order}', description: 'Orders.' }).add(3, { kind: 'web' });
    meter.createUpDownCounter('queue').add(-2);
    meter.createGauge('load', { unit: '1' }).record(0.25);
    const latency = meter.createHistogram('latency', {
      unit: 's',
      advice: { explicitBucketBoundaries: [0.1, 1] },
    });
    for (const value of [0.05, 0.5, 5]) latency.record(value);
    meter.createHistogram('size').record(1024);
    await provider.shutdown();
    const names = new Map(sink.rows('metric_series').map((row) => [row['Id'], row]));
    const found = Object.fromEntries(
      sink.rows('metric_samples').map((row) => {
        const { Name, Labels } = names.get(row['SeriesId']) as {
          Name: string;
          Labels: Record<string, string>;
        };
        expect(Labels).toMatchObject({ job: 'shop', instance: transport });
        const extra = Labels['le'] ?? Labels['kind'];
        return [extra === undefined ? Name : `${Name} ${extra}`, row['Value']];
      }),
    );
    expect(found).toEqual({
      'orders_total web': 3,
      queue: -2,
      load_ratio: 0.25,
      'latency_seconds_bucket 0.1': 1,
      'latency_seconds_bucket 1': 2,
      'latency_seconds_bucket +Inf': 3,
      latency_seconds_sum: 5.55,
      latency_seconds_count: 3,
      size_sum: 1024,
      size_count: 1,
      target_info: 1,
    });
    expect(sink.rows('metric_exponential_histograms')).toMatchObject([
      { Count: 1n, Sum: 1024, PositiveBuckets: [1n], Min: 1024, Max: 1024 },
    ]);
  });
});

describe('pino-opentelemetry-transport 4', () => {
  it.each([
    ['http/protobuf', () => ({ url: `${server.url}/v1/logs` })],
    ['http', () => ({ url: `${server.url}/v1/logs` })],
  ] as const)('sends over %s', async (protocol, options) => {
    const transport = pino.transport({
      target: 'pino-opentelemetry-transport',
      options: {
        resourceAttributes: { 'service.name': 'pino-app' },
        loggerName: 'pino',
        serviceVersion: '9',
        logRecordProcessorOptions: {
          recordProcessorType: 'simple',
          exporterOptions: {
            protocol,
            [protocol === 'http' ? 'httpExporterOptions' : 'protobufExporterOptions']: options(),
          },
        },
      },
    });
    const logger = pino(transport);
    await new Promise((resolve) => transport.on('ready', resolve));
    logger.error({ orderId: 7, nested: { a: 1 } }, 'payment failed');
    await expect.poll(() => sink.rows('otel_logs'), { timeout: 20_000 }).toHaveLength(1);
    expect(sink.rows('otel_logs')).toMatchObject([
      {
        Body: 'payment failed',
        SeverityNumber: 17,
        ServiceName: 'pino-app',
        LogAttributes: { orderId: '7', nested: '{"a":1}' },
      },
    ]);
    transport.end();
  });
});
