CREATE DATABASE IF NOT EXISTS watch ON CLUSTER main;

CREATE TABLE IF NOT EXISTS watch.lemni_migrations ON CLUSTER main (
  `number` UInt32,
  `name` String,
  `checksum` String,
  `at` DateTime64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}')
ORDER BY number;

CREATE TABLE IF NOT EXISTS watch.otel_logs_local ON CLUSTER main (
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, Timestamp)
SETTINGS ttl_only_drop_parts = 1, map_serialization_version = 'with_buckets', replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.otel_logs ON CLUSTER main AS watch.otel_logs_local
ENGINE = Distributed(main, watch, otel_logs_local, cityHash64(TraceId, Timestamp));

CREATE TABLE IF NOT EXISTS watch.otel_traces_local ON CLUSTER main (
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (toStartOfFiveMinutes(Timestamp), ServiceName, SpanName, Timestamp)
SETTINGS ttl_only_drop_parts = 1, map_serialization_version = 'with_buckets', replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.otel_traces ON CLUSTER main AS watch.otel_traces_local
ENGINE = Distributed(main, watch, otel_traces_local, cityHash64(TraceId));

CREATE TABLE IF NOT EXISTS watch.metric_series_local ON CLUSTER main (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', SeenAt)
ORDER BY (Name, Id)
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.metric_series ON CLUSTER main AS watch.metric_series_local
ENGINE = Distributed(main, watch, metric_series_local, Id);

CREATE TABLE IF NOT EXISTS watch.metric_samples_local ON CLUSTER main (
  `SeriesId` UInt64 CODEC(ZSTD(1)),
  `At` DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  `Value` Float64 CODEC(Gorilla, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(At, 'UTC')
ORDER BY (SeriesId, At)
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.metric_samples ON CLUSTER main AS watch.metric_samples_local
ENGINE = Distributed(main, watch, metric_samples_local, SeriesId);

CREATE TABLE IF NOT EXISTS watch.metric_exponential_histograms_local ON CLUSTER main (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(At, 'UTC')
ORDER BY (SeriesId, At)
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.metric_exponential_histograms ON CLUSTER main AS watch.metric_exponential_histograms_local
ENGINE = Distributed(main, watch, metric_exponential_histograms_local, SeriesId);

CREATE TABLE IF NOT EXISTS watch.changes_local ON CLUSTER main (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', ReceivedAt)
ORDER BY Id
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.changes ON CLUSTER main AS watch.changes_local
ENGINE = Distributed(main, watch, changes_local, cityHash64(Id));

CREATE TABLE IF NOT EXISTS watch.feedback_local ON CLUSTER main (
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', ReceivedAt)
ORDER BY Id
SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.feedback ON CLUSTER main AS watch.feedback_local
ENGINE = Distributed(main, watch, feedback_local, cityHash64(Id));

CREATE TABLE IF NOT EXISTS watch.otel_traces_trace_id_ts_local ON CLUSTER main (
  `TraceId` String CODEC(ZSTD(1)),
  `Start` SimpleAggregateFunction(min, DateTime),
  `End` SimpleAggregateFunction(max, DateTime)
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(Start, 'UTC')
ORDER BY TraceId
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.otel_traces_trace_id_ts ON CLUSTER main AS watch.otel_traces_trace_id_ts_local
ENGINE = Distributed(main, watch, otel_traces_trace_id_ts_local, cityHash64(TraceId));

CREATE MATERIALIZED VIEW IF NOT EXISTS watch.otel_traces_trace_id_ts_mv ON CLUSTER main TO watch.otel_traces_trace_id_ts_local AS
SELECT TraceId, min(toDateTime(Timestamp)) AS Start, max(toDateTime(Timestamp)) AS End FROM watch.otel_traces_local WHERE TraceId != '' GROUP BY TraceId;

CREATE TABLE IF NOT EXISTS watch.service_minutes_local ON CLUSTER main (
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
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toYYYYMM(Minute, 'UTC')
ORDER BY (ServiceName, Environment, Minute, ServiceVersion, SpanName)
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.service_minutes ON CLUSTER main AS watch.service_minutes_local
ENGINE = Distributed(main, watch, service_minutes_local, cityHash64(ServiceName));

CREATE MATERIALIZED VIEW IF NOT EXISTS watch.service_minutes_mv ON CLUSTER main TO watch.service_minutes_local AS
SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SpanName,
  count() AS Requests, countIf(StatusCode = 'Error') AS Errors, sum(Duration) AS DurationSum,
  quantilesTDigestState(0.5, 0.9, 0.95, 0.99)(toFloat32(Duration)) AS Durations
FROM watch.otel_traces_local
WHERE SpanKind IN ('Server', 'Consumer') OR ParentSpanId = ''
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SpanName;

CREATE TABLE IF NOT EXISTS watch.log_minutes_local ON CLUSTER main (
  `Minute` DateTime,
  `ServiceName` LowCardinality(String),
  `Environment` LowCardinality(String),
  `ServiceVersion` LowCardinality(String),
  `SeverityNumber` UInt8,
  `Fingerprint` UInt64,
  `Count` SimpleAggregateFunction(sum, UInt64),
  `Sample` SimpleAggregateFunction(any, String) CODEC(ZSTD(1))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toYYYYMM(Minute, 'UTC')
ORDER BY (ServiceName, Environment, Minute, SeverityNumber, Fingerprint, ServiceVersion)
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.log_minutes ON CLUSTER main AS watch.log_minutes_local
ENGINE = Distributed(main, watch, log_minutes_local, cityHash64(ServiceName));

CREATE MATERIALIZED VIEW IF NOT EXISTS watch.log_minutes_mv ON CLUSTER main TO watch.log_minutes_local AS
SELECT toStartOfMinute(toDateTime(Timestamp)) AS Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint,
  count() AS Count, substringUTF8(any(Body), 1, 400) AS Sample
FROM watch.otel_logs_local
GROUP BY Minute, ServiceName, Environment, ServiceVersion, SeverityNumber, Fingerprint;

CREATE TABLE IF NOT EXISTS watch.error_events_local ON CLUSTER main (
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toDate(Timestamp, 'UTC')
ORDER BY (ServiceName, Fingerprint, Timestamp)
SETTINGS ttl_only_drop_parts = 1, replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS watch.error_events ON CLUSTER main AS watch.error_events_local
ENGINE = Distributed(main, watch, error_events_local, cityHash64(ServiceName));

CREATE MATERIALIZED VIEW IF NOT EXISTS watch.error_events_from_spans_mv ON CLUSTER main TO watch.error_events_local AS
SELECT
  event_at AS Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, SpanName AS Operation,
  attributes['exception.type'] AS Type, attributes['exception.message'] AS Message, attributes['exception.stacktrace'] AS Stacktrace,
  SpanAttributes['session.id'] AS SessionId, SpanAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM watch.otel_traces_local
ARRAY JOIN `Events.Timestamp` AS event_at, `Events.Name` AS event_name, `Events.Attributes` AS attributes
WHERE event_name = 'exception';

CREATE MATERIALIZED VIEW IF NOT EXISTS watch.error_events_from_logs_mv ON CLUSTER main TO watch.error_events_local AS
SELECT
  Timestamp, ServiceName, Environment, ServiceVersion, TraceId, SpanId, '' AS Operation,
  LogAttributes['exception.type'] AS Type,
  if(LogAttributes['exception.message'] = '', Body, LogAttributes['exception.message']) AS Message,
  LogAttributes['exception.stacktrace'] AS Stacktrace,
  LogAttributes['session.id'] AS SessionId, LogAttributes['user.id'] AS UserId,
  cityHash64(ServiceName, Type, replaceRegexpAll(substring(Message, 1, 500), '[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*', '?')) AS Fingerprint
FROM watch.otel_logs_local
WHERE LogAttributes['exception.type'] != '' OR EventName = 'exception';
