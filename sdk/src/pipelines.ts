import { TraceFlags } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import {
  BatchLogRecordProcessor,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Letter } from './exit/last-words.js';
import { Unsent } from './exit/unsent.js';
import { resourceAttributes } from './identity/identity.js';
import { isPlainOtlp } from './settings.js';

type Env = Readonly<Record<string, string | undefined>>;

/** How one signal leaves, and what is left of it when the process ends. */
export interface Pipeline<Parts> {
  /** For NodeSDK. */
  readonly parts: Parts;
  /** What only asynchronous code can read. No network. */
  readonly prepare: () => Promise<void>;
  readonly letters: () => readonly Letter[];
  /** False after an export failed, until one succeeds. */
  readonly reachable: () => boolean;
}

/**
 * Undefined when a variable asks for another exporter or protocol: then NodeSDK makes what it asks for, without last
 * words. `env` is the environment with its defaults, which the exporters read themselves.
 */
export function tracePipeline(env: Env): Pipeline<SpanProcessor[]> | undefined {
  if (!isPlainOtlp(env, 'TRACES')) return undefined;
  const unsent = new Unsent<ReadableSpan>();
  const batch = new BatchSpanProcessor(unsent.watch(new OTLPTraceExporter()));
  const note: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) unsent.add(span);
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return {
    parts: [note, batch],
    prepare: () => Promise.resolve(),
    reachable: () => unsent.reachable,
    letters: () =>
      lettersOf(env, 'TRACES', unsent, (spans) => ProtobufTraceSerializer.serializeRequest(spans)),
  };
}

export function logPipeline(env: Env): Pipeline<LogRecordProcessor[]> | undefined {
  if (!isPlainOtlp(env, 'LOGS')) return undefined;
  const unsent = new Unsent<ReadableLogRecord>();
  const batch = new BatchLogRecordProcessor({
    exporter: unsent.watch(new OTLPLogExporter()),
    ...numbers(env, {
      maxQueueSize: 'OTEL_BLRP_MAX_QUEUE_SIZE',
      scheduledDelayMillis: 'OTEL_BLRP_SCHEDULE_DELAY',
      exportTimeoutMillis: 'OTEL_BLRP_EXPORT_TIMEOUT',
      maxExportBatchSize: 'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
    }),
  });
  const note: LogRecordProcessor = {
    onEmit: (record) => unsent.add(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  return {
    parts: [note, batch],
    prepare: () => Promise.resolve(),
    reachable: () => unsent.reachable,
    letters: () =>
      lettersOf(env, 'LOGS', unsent, (records) => ProtobufLogsSerializer.serializeRequest(records)),
  };
}

export function metricPipeline(env: Env): Pipeline<PeriodicExportingMetricReader[]> | undefined {
  if (!isPlainOtlp(env, 'METRICS')) return undefined;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    ...numbers(env, {
      exportIntervalMillis: 'OTEL_METRIC_EXPORT_INTERVAL',
      exportTimeoutMillis: 'OTEL_METRIC_EXPORT_TIMEOUT',
    }),
  });
  let last: Letter | undefined;
  return {
    parts: [reader],
    prepare: async () => {
      const { resourceMetrics } = await reader.collect();
      last = letter(env, 'METRICS', ProtobufMetricsSerializer.serializeRequest(resourceMetrics));
    },
    reachable: () => true,
    letters: () => (last === undefined ? [] : [last]),
  };
}

function lettersOf<Item extends object>(
  env: Env,
  signal: Signal,
  unsent: Unsent<Item>,
  serialize: (items: Item[]) => Uint8Array | undefined,
): Letter[] {
  const items = unsent.take();
  if (items.length === 0) return [];
  const found = letter(env, signal, serialize(items));
  return found === undefined ? [] : [found];
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

/** Addressed as the exporter addresses it (OpenTelemetry specification, OTLP exporter). */
function letter(env: Env, signal: Signal, body: Uint8Array | undefined): Letter | undefined {
  if (body === undefined) return undefined;
  const general = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.replace(/\/+$/, '');
  const url = env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] ?? `${general ?? ''}/v1/${signal.toLowerCase()}`;
  const headers = {
    ...resourceAttributes(env['OTEL_EXPORTER_OTLP_HEADERS']),
    ...resourceAttributes(env[`OTEL_EXPORTER_OTLP_${signal}_HEADERS`]),
    'content-type': 'application/x-protobuf',
  };
  return { url, headers, body };
}

/** Those options whose variable holds a number above zero. */
function numbers<Name extends string>(
  env: Env,
  variables: Readonly<Record<Name, string>>,
): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(variables) as Name[]) {
    const number = Number(env[variables[name]] ?? Number.NaN);
    if (number > 0) found[name] = number;
  }
  return found;
}
