import type { Column } from './columns.js';

/**
 * The tables that signals are written to, and their columns in the order in which RowBinary rows carry
 * them. `otel_logs` and `otel_traces` have the names and types of the OpenTelemetry ClickHouse exporter
 * (opentelemetry-collector-contrib, exporter/clickhouseexporter, v0.150), so that Grafana's plug-in and
 * HyperDX can read a Lemni database; Lemni's own columns come after. Adding a column here means adding a
 * migration in src/store/telemetry/migrations.
 */
const attributes = 'Map(LowCardinality(String), String)';
const nanoseconds = 'DateTime64(9)';
const milliseconds = "DateTime64(3, 'UTC')";
const word = 'LowCardinality(String)';

export const otelLogs = [
  { name: 'Timestamp', type: nanoseconds, extra: 'CODEC(Delta(8), ZSTD(1))' },
  { name: 'TraceId', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'SpanId', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'TraceFlags', type: 'UInt8' },
  { name: 'SeverityText', type: word },
  { name: 'SeverityNumber', type: 'UInt8' },
  { name: 'ServiceName', type: word },
  { name: 'Body', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'ResourceSchemaUrl', type: word },
  { name: 'ResourceAttributes', type: attributes, extra: 'CODEC(ZSTD(1))' },
  { name: 'ScopeSchemaUrl', type: word },
  { name: 'ScopeName', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'ScopeVersion', type: word },
  { name: 'ScopeAttributes', type: attributes, extra: 'CODEC(ZSTD(1))' },
  { name: 'LogAttributes', type: attributes, extra: 'CODEC(ZSTD(1))' },
  { name: 'EventName', type: word },
  { name: 'ServiceVersion', type: word },
  { name: 'Environment', type: word },
  /** The log pattern's hash: see ingest/otlp/fingerprint.ts (version 1). 0 when there is no body. */
  { name: 'Fingerprint', type: 'UInt64', extra: 'CODEC(ZSTD(1))' },
] as const satisfies readonly Column[];

export const otelTraces = [
  { name: 'Timestamp', type: nanoseconds, extra: 'CODEC(Delta(8), ZSTD(1))' },
  { name: 'TraceId', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'SpanId', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'ParentSpanId', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'TraceState', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'SpanName', type: word },
  /** Unspecified, Internal, Server, Client, Producer, Consumer. */
  { name: 'SpanKind', type: word },
  { name: 'ServiceName', type: word },
  { name: 'ResourceAttributes', type: attributes, extra: 'CODEC(ZSTD(1))' },
  { name: 'ScopeName', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'ScopeVersion', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'SpanAttributes', type: attributes, extra: 'CODEC(ZSTD(1))' },
  /** Nanoseconds. */
  { name: 'Duration', type: 'UInt64', extra: 'CODEC(ZSTD(1))' },
  /** Unset, Ok, Error. */
  { name: 'StatusCode', type: word },
  { name: 'StatusMessage', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'Events.Timestamp', type: `Array(${nanoseconds})`, extra: 'CODEC(ZSTD(1))' },
  { name: 'Events.Name', type: `Array(${word})`, extra: 'CODEC(ZSTD(1))' },
  { name: 'Events.Attributes', type: `Array(${attributes})`, extra: 'CODEC(ZSTD(1))' },
  { name: 'Links.TraceId', type: 'Array(String)', extra: 'CODEC(ZSTD(1))' },
  { name: 'Links.SpanId', type: 'Array(String)', extra: 'CODEC(ZSTD(1))' },
  { name: 'Links.TraceState', type: 'Array(String)', extra: 'CODEC(ZSTD(1))' },
  { name: 'Links.Attributes', type: `Array(${attributes})`, extra: 'CODEC(ZSTD(1))' },
  { name: 'ServiceVersion', type: word },
  { name: 'Environment', type: word },
] as const satisfies readonly Column[];

/** One row a series; written when a series is first seen and again every hour (ReplacingMergeTree). */
export const metricSeries = [
  /** Hash of name and sorted labels: see ingest/otlp/metrics/series-id.ts. */
  { name: 'Id', type: 'UInt64' },
  /** The Prometheus name, e.g. `http_server_request_duration_seconds_bucket`. */
  { name: 'Name', type: word },
  /** Prometheus labels without __name__. */
  { name: 'Labels', type: attributes, extra: 'CODEC(ZSTD(1))' },
  /** gauge, counter, updowncounter, histogram, exponential_histogram, summary. */
  { name: 'Kind', type: word },
  /** cumulative, delta or empty. */
  { name: 'Temporality', type: word },
  /** UCUM as sent, e.g. `s`, `By`. */
  { name: 'Unit', type: word },
  { name: 'Description', type: 'String', extra: 'CODEC(ZSTD(1))' },
  /** The name as OpenTelemetry had it, e.g. `http.server.request.duration`. */
  { name: 'OtelName', type: word },
  { name: 'ServiceName', type: word },
  { name: 'ServiceVersion', type: word },
  { name: 'Environment', type: word },
  { name: 'SeenAt', type: milliseconds },
] as const satisfies readonly Column[];

export const metricSamples = [
  { name: 'SeriesId', type: 'UInt64', extra: 'CODEC(ZSTD(1))' },
  { name: 'At', type: milliseconds, extra: 'CODEC(DoubleDelta, ZSTD(1))' },
  { name: 'Value', type: 'Float64', extra: 'CODEC(Gorilla, ZSTD(1))' },
] as const satisfies readonly Column[];

/** Exponential histograms keep their buckets. */
export const metricExponentialHistograms = [
  { name: 'SeriesId', type: 'UInt64' },
  { name: 'At', type: milliseconds, extra: 'CODEC(DoubleDelta, ZSTD(1))' },
  { name: 'Count', type: 'UInt64' },
  { name: 'Sum', type: 'Float64' },
  { name: 'Scale', type: 'Int32' },
  { name: 'ZeroCount', type: 'UInt64' },
  { name: 'ZeroThreshold', type: 'Float64' },
  { name: 'PositiveOffset', type: 'Int32' },
  { name: 'PositiveBuckets', type: 'Array(UInt64)' },
  { name: 'NegativeOffset', type: 'Int32' },
  { name: 'NegativeBuckets', type: 'Array(UInt64)' },
  { name: 'Min', type: 'Float64' },
  { name: 'Max', type: 'Float64' },
] as const satisfies readonly Column[];

/** What was done to the system, in CDEvents' vocabulary (v0.4: `service.deployed`, `change.merged`, ...). */
export const changes = [
  { name: 'Id', type: 'String' },
  { name: 'At', type: milliseconds },
  { name: 'Type', type: word },
  { name: 'ServiceName', type: word },
  { name: 'Environment', type: word },
  { name: 'ServiceVersion', type: word },
  /** started, succeeded, failed, canceled. */
  { name: 'Status', type: word },
  { name: 'Commit', type: 'String' },
  { name: 'Url', type: 'String' },
  { name: 'Actor', type: 'String' },
  /** Where it was told: api, github, telemetry, ... */
  { name: 'Source', type: word },
  { name: 'StartedAt', type: `Nullable(${milliseconds})` },
  { name: 'FinishedAt', type: `Nullable(${milliseconds})` },
  /** JSON array of {sha, message, author, url, at}. */
  { name: 'Commits', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'Attributes', type: attributes },
  { name: 'ReceivedAt', type: milliseconds },
] as const satisfies readonly Column[];

export const feedback = [
  { name: 'Id', type: 'String' },
  { name: 'At', type: milliseconds },
  { name: 'ServiceName', type: word },
  { name: 'Environment', type: word },
  { name: 'ServiceVersion', type: word },
  /** 1 (bad) to 5 (good); 0 when none was given. */
  { name: 'Rating', type: 'UInt8' },
  { name: 'Message', type: 'String', extra: 'CODEC(ZSTD(1))' },
  { name: 'Email', type: 'String' },
  { name: 'Page', type: 'String' },
  { name: 'SessionId', type: 'String' },
  { name: 'TraceId', type: 'String' },
  { name: 'UserId', type: 'String' },
  { name: 'UserAgent', type: 'String' },
  /** Attachment id in the state store; empty when there is none. */
  { name: 'ScreenshotId', type: 'String' },
  { name: 'Attributes', type: attributes },
  { name: 'ReceivedAt', type: milliseconds },
] as const satisfies readonly Column[];

/** Every table that the writer may be given rows for. */
export const writableTables = {
  otel_logs: otelLogs,
  otel_traces: otelTraces,
  metric_series: metricSeries,
  metric_samples: metricSamples,
  metric_exponential_histograms: metricExponentialHistograms,
  changes,
  feedback,
} as const satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof writableTables;

/** Rows of one table in RowBinary, in the order of its columns. */
export interface EncodedRows {
  readonly table: TableName;
  readonly rows: number;
  readonly bytes: Uint8Array;
}
