import { Router } from 'express';
import { z } from 'zod';
import type { Access } from '../http/access.js';
import {
  HistogramQuery,
  LogContextQuery,
  LogFieldsQuery,
  LogsQuery,
  MetricNamesQuery,
  MetricSeriesQuery,
  OperationsQuery,
  ServicesQuery,
  TracesQuery,
} from '../http/contract/telemetry.js';
import { parse } from '../http/validate.js';
import type { Clock } from '../lib/clock.js';
import type { TelemetryReader } from '../store/telemetry/database.js';
import { logContext } from './logs/context.js';
import { logFacets } from './logs/facets.js';
import { logFields } from './logs/fields.js';
import { logHistogram } from './logs/histogram.js';
import { listLogs } from './logs/list.js';
import { logPatterns } from './logs/patterns.js';
import { parseMatchers } from './metrics/matchers.js';
import { metricNames } from './metrics/names.js';
import { metricSeries, parseGroupBy } from './metrics/series.js';
import type { CurrentVersions, OpenIncidents, OpenProblems } from './ports.js';
import { searchOf } from './search/search.js';
import { loop } from './services/loop.js';
import { serviceRows } from './services/rows.js';
import { gridOf, parseRange } from './time-range.js';
import { filterOf, given } from './traces/filter.js';
import { traceHistogram } from './traces/histogram.js';
import { listTraces } from './traces/list.js';
import { oneTrace } from './traces/one.js';
import { operations } from './traces/operations.js';

export interface QueryDeps {
  readonly reader: TelemetryReader;
  readonly access: Access;
  readonly clock: Clock;
  readonly versions: CurrentVersions;
  readonly incidents: OpenIncidents;
  readonly problems: OpenProblems;
}

const defaultLimit = 100;
const defaultBuckets = 60;

const TraceParams = z.object({ traceId: z.string() });

/** One answer from a request's parameters; what it throws becomes a problem in the error middleware. */
type Answer = (input: unknown, now: number) => Promise<unknown>;

/** What telemetry answers: every route reads, and is open to viewers. */
export function queryRoutes(deps: QueryDeps): Router {
  const router = Router();
  const viewer = deps.access.role('viewer');
  for (const [path, answer] of Object.entries({
    ...logAnswers(deps),
    ...traceAnswers(deps),
    ...metricAnswers(deps),
    ...serviceAnswers(deps),
  })) {
    router.get(path, viewer, async (request, response) => {
      const now = deps.clock.now();
      response.json(await answer({ ...request.query, ...request.params }, now));
    });
  }
  return router;
}

function logAnswers({ reader, clock }: QueryDeps): Record<string, Answer> {
  return {
    '/api/logs': (input, now) => {
      const asked = parse(LogsQuery, input);
      return listLogs(reader, clock, {
        search: searchOf(asked.query),
        range: parseRange(asked, now),
        limit: asked.limit ?? defaultLimit,
        order: asked.order ?? 'desc',
        cursor: asked.cursor,
      });
    },
    '/api/logs/histogram': (input, now) => {
      const asked = parse(HistogramQuery, input);
      const range = parseRange(asked, now);
      const grid = gridOf(range, asked.buckets ?? defaultBuckets);
      return logHistogram(reader, { search: searchOf(asked.query), range, grid });
    },
    '/api/logs/facets': (input, now) => {
      const asked = parse(LogsQuery, input);
      return logFacets(reader, { search: searchOf(asked.query), range: parseRange(asked, now) });
    },
    '/api/logs/fields': (input, now) => {
      const asked = parse(LogFieldsQuery, input);
      return logFields(reader, {
        range: parseRange(asked, now),
        field: given(asked.field),
        prefix: asked.prefix ?? '',
      });
    },
    '/api/logs/context': (input) => {
      const { id, before = 20, after = 20 } = parse(LogContextQuery, input);
      return logContext(reader, clock, { id, before, after });
    },
    '/api/logs/patterns': (input, now) => {
      const asked = parse(HistogramQuery, input);
      const range = parseRange(asked, now);
      return logPatterns(reader, {
        search: searchOf(asked.query),
        range,
        grid: gridOf(range, asked.buckets ?? 30),
        limit: Math.min(asked.limit ?? 50, 200),
      });
    },
  };
}

function traceAnswers({ reader, clock }: QueryDeps): Record<string, Answer> {
  return {
    '/api/traces': (input, now) => {
      const asked = parse(TracesQuery, input);
      return listTraces(reader, clock, {
        filter: filterOf(asked, parseRange(asked, now)),
        limit: Math.min(asked.limit ?? 50, 200),
        sort: asked.sort ?? 'newest',
        cursor: asked.cursor,
      });
    },
    '/api/traces/histogram': (input, now) => {
      const asked = parse(TracesQuery.extend({ buckets: HistogramQuery.shape.buckets }), input);
      const range = parseRange(asked, now);
      return traceHistogram(reader, {
        filter: filterOf(asked, range),
        grid: gridOf(range, asked.buckets ?? defaultBuckets),
      });
    },
    '/api/traces/operations': (input, now) => {
      const asked = parse(OperationsQuery, input);
      return operations(reader, { range: parseRange(asked, now), service: given(asked.service) });
    },
    '/api/traces/:traceId': (input) => {
      const { traceId } = parse(TraceParams, input);
      return oneTrace(reader, traceId);
    },
  };
}

function metricAnswers({ reader }: QueryDeps): Record<string, Answer> {
  return {
    '/api/metrics': (input, now) => {
      const asked = parse(MetricNamesQuery, input);
      const range = parseRange(asked, now);
      return metricNames(reader, { range, search: asked.search ?? '', limit: asked.limit ?? 500 });
    },
    '/api/metrics/series': (input, now) => {
      const asked = parse(MetricSeriesQuery, input);
      return metricSeries(reader, {
        range: parseRange(asked, now),
        buckets: asked.buckets ?? defaultBuckets,
        name: asked.name,
        matchers: parseMatchers(asked.match),
        aggregation: asked.aggregation,
        groupBy: parseGroupBy(asked.groupBy),
      });
    },
  };
}

function serviceAnswers({ reader, versions, incidents, problems }: QueryDeps): Record<string, Answer> {
  return {
    '/api/services': (input, now) => {
      const asked = parse(ServicesQuery, input);
      // The rollups are per minute: a finer grid would be full of holes.
      const grid = gridOf(parseRange(asked, now), asked.buckets ?? defaultBuckets, 60_000);
      return serviceRows({ reader, versions, incidents }, { grid, environment: given(asked.environment) });
    },
    '/api/loop': (_input, now) => loop({ reader, incidents, problems }, now),
  };
}
