import { listOf } from '../contract/common.js';
import {
  HistogramQuery,
  LogContext,
  LogContextQuery,
  LogFacets,
  LogFields,
  LogFieldsQuery,
  LogHistogram,
  LogPattern,
  LogRecord,
  LogsQuery,
  Loop,
  MetricName,
  MetricNamesQuery,
  MetricSeries,
  MetricSeriesQuery,
  Operations,
  OperationsQuery,
  Services,
  ServicesQuery,
  Trace,
  TraceHistogram,
  TracesQuery,
  TraceSummary,
} from '../contract/telemetry.js';
import type { z } from 'zod';
import { viewer, type RouteDoc } from './route.js';

interface Read {
  readonly summary: string;
  readonly answer: z.ZodType;
  readonly query?: z.ZodObject;
}

/** Everything here reads and is open to viewers. */
const reads: Readonly<Record<`/api/${string}`, Read>> = {
  '/api/logs': { summary: 'Search logs', query: LogsQuery, answer: listOf(LogRecord) },
  '/api/logs/histogram': {
    summary: 'Count logs over time, by severity',
    query: HistogramQuery,
    answer: LogHistogram,
  },
  '/api/logs/facets': { summary: 'Count the values of common fields', query: LogsQuery, answer: LogFacets },
  '/api/logs/fields': {
    summary: 'Complete a field or its values',
    query: LogFieldsQuery,
    answer: LogFields,
  },
  '/api/logs/context': {
    summary: 'Read a record with its neighbours',
    query: LogContextQuery,
    answer: LogContext,
  },
  '/api/logs/patterns': {
    summary: 'List the patterns of logs by number',
    query: HistogramQuery,
    answer: listOf(LogPattern),
  },
  '/api/traces': { summary: 'Search traces', query: TracesQuery, answer: listOf(TraceSummary) },
  '/api/traces/histogram': {
    summary: 'Count requests and their durations over time',
    query: TracesQuery.extend({ buckets: HistogramQuery.shape.buckets }),
    answer: TraceHistogram,
  },
  '/api/traces/operations': {
    summary: 'List services and their operations',
    query: OperationsQuery,
    answer: Operations,
  },
  '/api/traces/{traceId}': { summary: 'Read a trace with its logs', answer: Trace },
  '/api/metrics': { summary: 'List metrics', query: MetricNamesQuery, answer: listOf(MetricName) },
  '/api/metrics/series': {
    summary: 'Read a metric over time',
    query: MetricSeriesQuery,
    answer: MetricSeries,
  },
  '/api/services': {
    summary: 'List services with requests, errors, p95 and version',
    query: ServicesQuery,
    answer: Services,
  },
  '/api/loop': { summary: 'Tell the state of each station of the loop', answer: Loop },
};

export const telemetryDocs: readonly RouteDoc[] = Object.entries(reads).map(
  ([path, { summary, query, answer }]) => ({
    method: 'get',
    path: path as `/api/${string}`, // A key of the record above.
    summary,
    door: viewer,
    ...(query ? { query } : {}),
    answers: { 200: answer },
  }),
);
