import { z } from 'zod';
import { Attributes, Environment, Page, Series, Time, TimeRange } from './common.js';

// ---- Logs ----------------------------------------------------------------------------------------------

/** `query` is the log query language: docs/query-language.md. */
export const LogsQuery = TimeRange.extend(Page.shape).extend({
  query: z.string().max(10_000).optional(),
  order: z.enum(['desc', 'asc']).optional(),
});

export const LogRecord = z.object({
  /** Opaque, stable: names this very record in URLs, in `/api/logs/context` and in cursors. */
  id: z.string(),
  timestamp: Time,
  service: z.string(),
  version: z.string(),
  environment: z.string(),
  /** 1 to 24 (OpenTelemetry); 0 when unset. */
  severityNumber: z.number().int(),
  severityText: z.string(),
  body: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  eventName: z.string(),
  /** Decimal; the pattern this record belongs to. */
  fingerprint: z.string(),
  attributes: Attributes,
  resource: Attributes,
  scope: z.object({ name: z.string(), version: z.string(), attributes: Attributes }),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Severity bands, in the order in which charts stack them. */
export const severities = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unset'] as const;

export const HistogramQuery = LogsQuery.extend({
  buckets: z.coerce.number().int().min(1).max(500).optional(),
});
export const LogHistogram = z.object({
  from: Time,
  to: Time,
  stepMs: z.number().int(),
  total: z.number().int(),
  /** One series a severity band that occurs: labels `{severity}`. */
  series: z.array(Series),
  partial: z.string().optional(),
});
export type LogHistogram = z.infer<typeof LogHistogram>;

export const Facet = z.object({
  /** As it is written in a query: `service`, `level`, `http.route`, `resource.k8s.pod.name`. */
  field: z.string(),
  values: z.array(z.object({ value: z.string(), count: z.number().int() })),
});
export const LogFacets = z.object({ items: z.array(Facet), partial: z.string().optional() });
export type LogFacets = z.infer<typeof LogFacets>;

/** Completion for the query bar: fields without `field`, the values of one field with it. */
export const LogFieldsQuery = TimeRange.extend({
  field: z.string().optional(),
  prefix: z.string().optional(),
});
export const LogFields = z.object({
  items: z.array(z.object({ value: z.string(), count: z.number().int(), type: z.enum(['field', 'value']) })),
});
export type LogFields = z.infer<typeof LogFields>;

export const LogContextQuery = z.object({
  id: z.string(),
  before: z.coerce.number().int().min(0).max(200).optional(),
  after: z.coerce.number().int().min(0).max(200).optional(),
});
/** Oldest first: neighbours of the same service (and host, when known), and the record itself. */
export const LogContext = z.object({
  before: z.array(LogRecord),
  record: LogRecord,
  after: z.array(LogRecord),
});
export type LogContext = z.infer<typeof LogContext>;

export const LogPattern = z.object({
  fingerprint: z.string(),
  /** An example body of the pattern. */
  sample: z.string(),
  service: z.string(),
  severity: z.enum(severities),
  count: z.number().int(),
  firstSeen: Time,
  lastSeen: Time,
  points: z.array(z.number()),
});
export type LogPattern = z.infer<typeof LogPattern>;

// ---- Traces --------------------------------------------------------------------------------------------

export const TracesQuery = TimeRange.extend(Page.shape).extend({
  service: z.string().optional(),
  operation: z.string().optional(),
  status: z.enum(['error', 'ok']).optional(),
  /** Durations such as `250ms`, `1.5s`. */
  minDuration: z.string().optional(),
  maxDuration: z.string().optional(),
  /** The query language over spans: `http.route:/pay duration>1s`. */
  query: z.string().max(10_000).optional(),
  environment: z.string().optional(),
  sort: z.enum(['newest', 'slowest']).optional(),
});

export const TraceSummary = z.object({
  traceId: z.string(),
  startedAt: Time,
  /** Of the whole trace, ms. */
  durationMs: z.number(),
  rootService: z.string(),
  rootOperation: z.string(),
  spans: z.number().int(),
  errors: z.number().int(),
  services: z.array(z.string()),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const SpanEvent = z.object({ at: Time, name: z.string(), attributes: Attributes });
export const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  version: z.string(),
  environment: z.string(),
  startedAt: Time,
  durationMs: z.number(),
  status: z.enum(['Unset', 'Ok', 'Error']),
  statusMessage: z.string(),
  attributes: Attributes,
  resource: Attributes,
  events: z.array(SpanEvent),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: Attributes })),
});
export type Span = z.infer<typeof Span>;

/** Spans by start time; `logs` are those that carry the trace id. */
export const Trace = z.object({
  traceId: z.string(),
  startedAt: Time,
  durationMs: z.number(),
  spans: z.array(Span),
  logs: z.array(LogRecord),
  partial: z.string().optional(),
});
export type Trace = z.infer<typeof Trace>;

/** How many requests there were and how many failed, over the search, for the chart above the list. */
export const TraceHistogram = z.object({
  from: Time,
  to: Time,
  stepMs: z.number().int(),
  /** labels `{status: ok|error}` counts, and `{quantile: "0.95"}` durations in ms. */
  series: z.array(Series),
});
export type TraceHistogram = z.infer<typeof TraceHistogram>;

export const OperationsQuery = TimeRange.extend({ service: z.string().optional() });
export const Operations = z.object({
  services: z.array(z.string()),
  operations: z.array(z.object({ service: z.string(), operation: z.string(), requests: z.number() })),
});
export type Operations = z.infer<typeof Operations>;

// ---- Metrics -------------------------------------------------------------------------------------------

export const MetricNamesQuery = TimeRange.extend({ search: z.string().optional(), limit: Page.shape.limit });
export const MetricName = z.object({
  name: z.string(),
  kind: z.string(),
  unit: z.string(),
  description: z.string(),
  series: z.number().int(),
  labels: z.array(z.string()),
});
export type MetricName = z.infer<typeof MetricName>;

export const metricAggregations = [
  'avg',
  'sum',
  'min',
  'max',
  'count',
  'rate',
  'increase',
  'p50',
  'p95',
  'p99',
] as const;
export const MetricSeriesQuery = TimeRange.extend({
  name: z.string(),
  /** Prometheus matchers, e.g. `{job="shop", code=~"5.."}`. */
  match: z.string().optional(),
  aggregation: z.enum(metricAggregations).optional(),
  /** Comma-separated labels. */
  groupBy: z.string().optional(),
  buckets: z.coerce.number().int().min(1).max(1000).optional(),
});
export const MetricSeries = z.object({
  from: Time,
  to: Time,
  stepMs: z.number().int(),
  unit: z.string(),
  aggregation: z.enum(metricAggregations),
  series: z.array(Series),
  partial: z.string().optional(),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

// ---- Services ------------------------------------------------------------------------------------------

export const ServicesQuery = TimeRange.extend(Environment.shape).extend({
  buckets: z.coerce.number().int().min(1).max(500).optional(),
});
/** What a service did in the range; the three point lists share `from` and `stepMs`. */
export const ServiceRow = z.object({
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  /** When this version was first seen or deployed here. */
  versionSince: Time.nullable(),
  requests: z.number(),
  errors: z.number(),
  /** ms */
  p95: z.number().nullable(),
  logErrors: z.number(),
  requestPoints: z.array(z.number()),
  errorPoints: z.array(z.number()),
  p95Points: z.array(z.number().nullable()),
  openIncidents: z.number().int(),
});
export type ServiceRow = z.infer<typeof ServiceRow>;
export const Services = z.object({
  from: Time,
  to: Time,
  stepMs: z.number().int(),
  items: z.array(ServiceRow),
});
export type Services = z.infer<typeof Services>;

/** One station of the loop: a live number, a state and where to go. */
export const LoopStation = z.object({
  station: z.enum(['plan', 'code', 'build', 'test', 'release', 'deploy', 'operate', 'monitor', 'feedback']),
  /** Null: nothing was ever received for it; the page says how to connect it. */
  value: z.number().nullable(),
  /** What the number counts, e.g. `deploys in 24 h`. */
  unit: z.string(),
  state: z.enum(['healthy', 'warning', 'critical', 'information', 'unconnected']),
});
export type LoopStation = z.infer<typeof LoopStation>;
export const Loop = z.object({ stations: z.array(LoopStation) });
export type Loop = z.infer<typeof Loop>;
