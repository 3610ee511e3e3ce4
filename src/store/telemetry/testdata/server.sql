CREATE DATABASE IF NOT EXISTS lemni;

CREATE TABLE IF NOT EXISTS lemni.lemni_migrations (
  `number` UInt32,
  `name` String,
  `checksum` String,
  `at` DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY number;

CREATE TABLE IF NOT EXISTS lemni.otel_logs (
  `Timestamp` DateTime64(9) CODEC(Delta(8), ZSTD(1)),
  `TraceId` String CODEC(ZSTD(1)),
  `SpanId` String CODEC(ZSTD(1)),
  `TraceFlags` UInt8,
  `SeverityText` LowCardinality(String),
  `SeverityNumber` UInt8,
  `ServiceName` LowCardinality(String),
  `Body` String CODEC(ZSTD(1)),
  `ResourceSchemaUrl` LowCardinality(String),
  `ResourceAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `ScopeSchemaUrl` LowCardinality(String),
  `ScopeName` String CODEC(ZSTD(1)),
  `ScopeVersion` LowCardinality(String),
  `ScopeAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `LogAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `EventName` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `Environment` LowCardinality(String),
  `Fingerprint` UInt64 CODEC(ZSTD(1)),
  `IngestedAt` DateTime64(3, 'UTC') DEFAULT now64(3) CODEC(Delta(8), ZSTD(1)),
  INDEX idx_body lowerUTF8(Body) TYPE text(tokenizer = 'splitByNonAlpha'),
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX idx_ingested_at IngestedAt TYPE minmax GRANULARITY 1,
  INDEX idx_resource_keys mapKeys(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX idx_log_keys mapKeys(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX idx_log_values mapValues(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, Timestamp)
SETTINGS ttl_only_drop_parts = 1, map_serialization_version = 'with_buckets', non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.otel_traces (
  `Timestamp` DateTime64(9) CODEC(Delta(8), ZSTD(1)),
  `TraceId` String CODEC(ZSTD(1)),
  `SpanId` String CODEC(ZSTD(1)),
  `ParentSpanId` String CODEC(ZSTD(1)),
  `TraceState` String CODEC(ZSTD(1)),
  `SpanName` LowCardinality(String),
  `SpanKind` LowCardinality(String),
  `ServiceName` LowCardinality(String),
  `ResourceAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `ScopeName` String CODEC(ZSTD(1)),
  `ScopeVersion` String CODEC(ZSTD(1)),
  `SpanAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `Duration` UInt64 CODEC(ZSTD(1)),
  `StatusCode` LowCardinality(String),
  `StatusMessage` String CODEC(ZSTD(1)),
  `Events.Timestamp` Array(DateTime64(9)) CODEC(ZSTD(1)),
  `Events.Name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
  `Events.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
  `Links.TraceId` Array(String) CODEC(ZSTD(1)),
  `Links.SpanId` Array(String) CODEC(ZSTD(1)),
  `Links.TraceState` Array(String) CODEC(ZSTD(1)),
  `Links.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
  `ServiceVersion` LowCardinality(String),
  `Environment` LowCardinality(String),
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX idx_duration Duration TYPE minmax GRANULARITY 1,
  INDEX idx_span_keys mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX idx_span_values mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, SpanName, Timestamp)
SETTINGS ttl_only_drop_parts = 1, map_serialization_version = 'with_buckets', non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.metric_series (
  `Id` UInt64,
  `Name` LowCardinality(String),
  `Labels` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
  `Kind` LowCardinality(String),
  `Temporality` LowCardinality(String),
  `Unit` LowCardinality(String),
  `Description` String CODEC(ZSTD(1)),
  `OtelName` LowCardinality(String),
  `ServiceName` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `Environment` LowCardinality(String),
  `SeenAt` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(SeenAt)
ORDER BY (Name, Id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.metric_samples (
  `SeriesId` UInt64 CODEC(ZSTD(1)),
  `At` DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  `Value` Float64 CODEC(Gorilla, ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(At, 'UTC')
ORDER BY (SeriesId, At)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.metric_exponential_histograms (
  `SeriesId` UInt64,
  `At` DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  `Count` UInt64,
  `Sum` Float64,
  `Scale` Int32,
  `ZeroCount` UInt64,
  `ZeroThreshold` Float64,
  `PositiveOffset` Int32,
  `PositiveBuckets` Array(UInt64),
  `NegativeOffset` Int32,
  `NegativeBuckets` Array(UInt64),
  `Min` Float64,
  `Max` Float64
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(At, 'UTC')
ORDER BY (SeriesId, At)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.changes (
  `Id` String,
  `At` DateTime64(3, 'UTC'),
  `Type` LowCardinality(String),
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `Status` LowCardinality(String),
  `Commit` String,
  `Url` String,
  `Actor` String,
  `Source` LowCardinality(String),
  `StartedAt` Nullable(DateTime64(3, 'UTC')),
  `FinishedAt` Nullable(DateTime64(3, 'UTC')),
  `Commits` String CODEC(ZSTD(1)),
  `Attributes` Map(LowCardinality(String), String),
  `ReceivedAt` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(ReceivedAt)
ORDER BY Id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.feedback (
  `Id` String,
  `At` DateTime64(3, 'UTC'),
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `Rating` UInt8,
  `Message` String CODEC(ZSTD(1)),
  `Email` String,
  `Page` String,
  `SessionId` String,
  `TraceId` String,
  `UserId` String,
  `UserAgent` String,
  `ScreenshotId` String,
  `Attributes` Map(LowCardinality(String), String),
  `ReceivedAt` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(ReceivedAt)
ORDER BY Id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS lemni.otel_traces_trace_id_ts (
  `TraceId` String CODEC(ZSTD(1)),
  `Start` SimpleAggregateFunction(min, DateTime),
  `End` SimpleAggregateFunction(max, DateTime)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(Start, 'UTC')
ORDER BY TraceId
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lemni.otel_traces_trace_id_ts_mv TO lemni.otel_traces_trace_id_ts AS
SELECT TraceId, min(toDateTime(Timestamp)) AS Start, max(toDateTime(Timestamp)) AS End FROM lemni.otel_traces WHERE TraceId != '' GROUP BY TraceId;

CREATE TABLE IF NOT EXISTS lemni.service_minutes (
  `Minute` DateTime,
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `SpanName` LowCardinality(String),
  `Requests` SimpleAggregateFunction(sum, UInt64),
  `Errors` SimpleAggregateFunction(sum, UInt64),
  `DurationSum` SimpleAggregateFunction(sum, UInt64),
  `Durations` AggregateFunction(quantilesTDigest(0.5, 0.9, 0.95, 0.99), Float32)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(Minute, 'UTC')
ORDER BY (ServiceName, Environment, Minute, ServiceVersion, SpanName)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lemni.service_minutes_mv TO lemni.service_minutes AS
SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SpanName,
  count() AS Requests, countIf(StatusCode = 'Error') AS Errors, sum(Duration) AS DurationSum,
  quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(toFloat32(Duration)) AS Durations
FROM lemni.otel_traces
WHERE SpanKind IN ('Server', 'Consumer') OR ParentSpanId = ''
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SpanName;

CREATE TABLE IF NOT EXISTS lemni.log_minutes (
  `Minute` DateTime,
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `SeverityNumber` UInt8,
  `Fingerprint` UInt64,
  `Count` SimpleAggregateFunction(sum, UInt64),
  `Sample` SimpleAggregateFunction(any, String) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(Minute, 'UTC')
ORDER BY (ServiceName, Environment, Minute, SeverityNumber, Fingerprint, ServiceVersion)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lemni.log_minutes_mv TO lemni.log_minutes AS
SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint,
  count() AS Count, substringUTF8(any(Body), 1, 400) AS Sample
FROM lemni.otel_logs
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint;

CREATE TABLE IF NOT EXISTS lemni.error_events (
  `Timestamp` DateTime64(9) CODEC(Delta(8), ZSTD(1)),
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `TraceId` String CODEC(ZSTD(1)),
  `SpanId` String CODEC(ZSTD(1)),
  `Operation` LowCardinality(String),
  `Type` LowCardinality(String),
  `Message` String CODEC(ZSTD(1)),
  `Stacktrace` String CODEC(ZSTD(1)),
  `SessionId` String CODEC(ZSTD(1)),
  `UserId` String CODEC(ZSTD(1)),
  `Fingerprint` UInt64
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (ServiceName, Fingerprint, Timestamp)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS lemni.error_events_from_spans_mv TO lemni.error_events AS
SELECT
  event_at AS Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, SpanName AS Operation,
  attributes['exception.type'] AS Type, attributes['exception.message'] AS Message, attributes['exception.stacktrace'] AS Stacktrace,
  SpanAttributes['session.id'] AS SessionId, SpanAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM lemni.otel_traces
ARRAY JOIN `Events.Timestamp` AS event_at, `Events.Name` AS event_name, `Events.Attributes` AS attributes
WHERE event_name = 'exception';

CREATE MATERIALIZED VIEW IF NOT EXISTS lemni.error_events_from_logs_mv TO lemni.error_events AS
SELECT
  Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, '' AS Operation,
  LogAttributes['exception.type'] AS Type,
  if(LogAttributes['exception.message'] = '', Body, LogAttributes['exception.message']) AS Message,
  LogAttributes['exception.stacktrace'] AS Stacktrace,
  LogAttributes['session.id'] AS SessionId, LogAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM lemni.otel_logs
WHERE LogAttributes['exception.type'] != '' OR EventName = 'exception';
