import { createTable, createView, type DdlOptions } from '../ddl.js';
import { tableColumnsAt } from '../schema-columns.js';

/** What is older than its retention goes away in whole parts, which costs nothing. */
const wholeParts = 'ttl_only_drop_parts = 1';
/** Inserts of maps are 10 to 20 % cheaper than with the default. */
const maps = "map_serialization_version = 'with_buckets'";

/** The tables that signals are written to. */
export function signals(options: DdlOptions): string[] {
  return [
    ...createTable(
      {
        name: 'otel_logs',
        // Live tail follows arrival, since a record's own time may be late or wrong. Not written: a default.
        columns: [
          ...tableColumnsAt('otel_logs', 1),
          {
            name: 'IngestedAt',
            type: "DateTime64(3, 'UTC')",
            extra: 'DEFAULT now64(3) CODEC(Delta(8), ZSTD(1))',
          },
        ],
        engine: 'MergeTree',
        partitionBy: "toDate(Timestamp, 'UTC')",
        // Searches ask for the newest lines of all services as often as for one service's.
        orderBy: '(toStartOfFiveMinutes(Timestamp), ServiceName, Timestamp)',
        indexes: [
          // Words are found whatever their case; lower-casing costs an insert nothing that could be measured.
          "INDEX idx_body lowerUTF8(Body) TYPE text(tokenizer = 'splitByNonAlpha')",
          'INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1',
          'INDEX idx_ingested_at IngestedAt TYPE minmax GRANULARITY 1',
          'INDEX idx_resource_keys mapKeys(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1',
          'INDEX idx_log_keys mapKeys(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1',
          'INDEX idx_log_values mapValues(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1',
        ],
        settings: [wholeParts, maps],
        shardBy: 'cityHash64(TraceId, Timestamp)',
      },
      options,
    ),
    ...createTable(
      {
        name: 'otel_traces',
        columns: tableColumnsAt('otel_traces', 1),
        engine: 'MergeTree',
        partitionBy: "toDate(Timestamp, 'UTC')",
        orderBy: '(toStartOfFiveMinutes(Timestamp), ServiceName, SpanName, Timestamp)',
        indexes: [
          'INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1',
          'INDEX idx_duration Duration TYPE minmax GRANULARITY 1',
          'INDEX idx_span_keys mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1',
          'INDEX idx_span_values mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1',
        ],
        settings: [wholeParts, maps],
        // A trace lives on one shard.
        shardBy: 'cityHash64(TraceId)',
      },
      options,
    ),
    ...createTable(
      {
        name: 'metric_series',
        columns: tableColumnsAt('metric_series', 1),
        engine: 'ReplacingMergeTree(SeenAt)',
        orderBy: '(Name, Id)',
        shardBy: 'Id',
      },
      options,
    ),
    ...createTable(
      {
        name: 'metric_samples',
        columns: tableColumnsAt('metric_samples', 1),
        // A sample that is sent twice is one sample.
        engine: 'ReplacingMergeTree',
        partitionBy: "toDate(At, 'UTC')",
        orderBy: '(SeriesId, At)',
        settings: [wholeParts],
        shardBy: 'SeriesId',
      },
      options,
    ),
    ...createTable(
      {
        name: 'metric_exponential_histograms',
        columns: tableColumnsAt('metric_exponential_histograms', 1),
        engine: 'ReplacingMergeTree',
        partitionBy: "toDate(At, 'UTC')",
        orderBy: '(SeriesId, At)',
        settings: [wholeParts],
        shardBy: 'SeriesId',
      },
      options,
    ),
    ...createTable(
      {
        name: 'changes',
        columns: tableColumnsAt('changes', 1),
        engine: 'ReplacingMergeTree(ReceivedAt)',
        orderBy: 'Id',
        shardBy: 'cityHash64(Id)',
      },
      options,
    ),
    ...createTable(
      {
        name: 'feedback',
        columns: tableColumnsAt('feedback', 1),
        engine: 'ReplacingMergeTree(ReceivedAt)',
        orderBy: 'Id',
        shardBy: 'cityHash64(Id)',
      },
      options,
    ),
  ];
}

/** What materialized views make of them as they arrive. */
export function derived(options: DdlOptions): string[] {
  const word = 'LowCardinality(String)';
  const sum = 'SimpleAggregateFunction(sum, UInt64)';
  return [
    ...createTable(
      {
        name: 'otel_traces_trace_id_ts',
        columns: [
          { name: 'TraceId', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'Start', type: 'SimpleAggregateFunction(min, DateTime)' },
          { name: 'End', type: 'SimpleAggregateFunction(max, DateTime)' },
        ],
        engine: 'AggregatingMergeTree',
        // A trace over midnight has two rows.
        partitionBy: "toDate(Start, 'UTC')",
        orderBy: 'TraceId',
        settings: [wholeParts],
        shardBy: 'cityHash64(TraceId)',
      },
      options,
    ),
    ...createView(
      {
        name: 'otel_traces_trace_id_ts_mv',
        to: 'otel_traces_trace_id_ts',
        select: (table) =>
          `SELECT TraceId, min(toDateTime(Timestamp)) AS Start, max(toDateTime(Timestamp)) AS End FROM ${table('otel_traces')} WHERE TraceId != '' GROUP BY TraceId`,
      },
      options,
    ),
    ...createTable(
      {
        name: 'service_minutes',
        columns: [
          { name: 'Minute', type: 'DateTime' },
          { name: 'ServiceName', type: word },
          { name: 'Environment', type: word },
          { name: 'ServiceVersion', type: word },
          { name: 'SpanName', type: word },
          { name: 'Requests', type: sum },
          { name: 'Errors', type: sum },
          { name: 'DurationSum', type: sum },
          /** Nanoseconds. */
          { name: 'Durations', type: 'AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Float32)' },
        ],
        engine: 'AggregatingMergeTree',
        partitionBy: "toYYYYMM(Minute, 'UTC')",
        orderBy: '(ServiceName, Environment, Minute, ServiceVersion, SpanName)',
        settings: [wholeParts],
        shardBy: 'cityHash64(ServiceName)',
      },
      options,
    ),
    ...createView(
      {
        name: 'service_minutes_mv',
        to: 'service_minutes',
        // A request is what enters a service: server and consumer spans, and roots of any kind.
        select: (table) =>
          `SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SpanName,
  count() AS Requests, countIf(StatusCode = 'Error') AS Errors, sum(Duration) AS DurationSum,
  quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(toFloat32(Duration)) AS Durations
FROM ${table('otel_traces')}
WHERE SpanKind IN ('Server', 'Consumer') OR ParentSpanId = ''
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SpanName`,
      },
      options,
    ),
    ...createTable(
      {
        name: 'log_minutes',
        columns: [
          { name: 'Minute', type: 'DateTime' },
          { name: 'ServiceName', type: word },
          { name: 'Environment', type: word },
          { name: 'ServiceVersion', type: word },
          { name: 'SeverityNumber', type: 'UInt8' },
          { name: 'Fingerprint', type: 'UInt64' },
          { name: 'Count', type: sum },
          { name: 'Sample', type: 'SimpleAggregateFunction(any, String)', extra: 'CODEC(ZSTD(1))' },
        ],
        engine: 'AggregatingMergeTree',
        partitionBy: "toYYYYMM(Minute, 'UTC')",
        orderBy: '(ServiceName, Environment, Minute, SeverityNumber, Fingerprint, ServiceVersion)',
        settings: [wholeParts],
        shardBy: 'cityHash64(ServiceName)',
      },
      options,
    ),
    ...createView(
      {
        name: 'log_minutes_mv',
        to: 'log_minutes',
        select: (table) =>
          `SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint,
  count() AS Count, substringUTF8(any(Body), 1, 400) AS Sample
FROM ${table('otel_logs')}
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint`,
      },
      options,
    ),
    ...createTable(
      {
        name: 'error_events',
        columns: [
          { name: 'Timestamp', type: 'DateTime64(9)', extra: 'CODEC(Delta(8), ZSTD(1))' },
          { name: 'ServiceName', type: word },
          { name: 'Environment', type: word },
          { name: 'ServiceVersion', type: word },
          { name: 'TraceId', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'SpanId', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'Operation', type: word },
          { name: 'Type', type: word },
          { name: 'Message', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'Stacktrace', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'SessionId', type: 'String', extra: 'CODEC(ZSTD(1))' },
          { name: 'UserId', type: 'String', extra: 'CODEC(ZSTD(1))' },
          /** Error group, version 1: service, type and the message without its numbers. */
          { name: 'Fingerprint', type: 'UInt64' },
        ],
        engine: 'MergeTree',
        partitionBy: "toDate(Timestamp, 'UTC')",
        orderBy: '(ServiceName, Fingerprint, Timestamp)',
        settings: [wholeParts],
        shardBy: 'cityHash64(ServiceName)',
      },
      options,
    ),
    // OpenTelemetry is moving exceptions from span events to log records: read both.
    ...createView(
      {
        name: 'error_events_from_spans_mv',
        to: 'error_events',
        select: (table) => `SELECT
  event_at AS Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, SpanName AS Operation,
  attributes['exception.type'] AS Type, attributes['exception.message'] AS Message, attributes['exception.stacktrace'] AS Stacktrace,
  SpanAttributes['session.id'] AS SessionId, SpanAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM ${table('otel_traces')}
ARRAY JOIN \`Events.Timestamp\` AS event_at, \`Events.Name\` AS event_name, \`Events.Attributes\` AS attributes
WHERE event_name = 'exception'`,
      },
      options,
    ),
    ...createView(
      {
        name: 'error_events_from_logs_mv',
        to: 'error_events',
        select: (table) => `SELECT
  Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, '' AS Operation,
  LogAttributes['exception.type'] AS Type,
  if(LogAttributes['exception.message'] = '', Body, LogAttributes['exception.message']) AS Message,
  LogAttributes['exception.stacktrace'] AS Stacktrace,
  LogAttributes['session.id'] AS SessionId, LogAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM ${table('otel_logs')}
WHERE LogAttributes['exception.type'] != '' OR EventName = 'exception'`,
      },
      options,
    ),
  ];
}
