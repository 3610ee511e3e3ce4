import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { TraceHistogram } from '../../../../src/http/contract/telemetry.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import '../../charts/notice.css';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { useTimeRange } from '../../time/use-time-range.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import type { TracesSearch } from './search.js';
import { TraceCharts } from './trace-charts.js';
import { tracesAnswer } from './trace-findings.js';
import { TraceFilters } from './trace-filters.js';
import { TraceList } from './trace-list.js';
import './traces.css';
import { useTraces } from './use-traces.js';

const route = getRouteApi('/app/traces');

/** Where did the time go? */
export function TracesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = useTimeRange();
  const { from, to } = range.params;
  const { service, operation, status, environment, query, minDuration, maxDuration, sort } = search;
  const filter = { from, to, service, operation, status, environment, query, minDuration, maxDuration };
  const traces = useTraces({ ...filter, sort }, range.live);
  const histogram = useApi<TraceHistogram>(
    '/api/traces/histogram',
    { ...filter, buckets: 90 },
    { live: range.live },
  );
  const data = histogram.data;
  const frame = useMemo(
    () =>
      data
        ? { from: Date.parse(data.from), to: Date.parse(data.to) }
        : { from: range.ms.from, to: range.ms.to },
    [data, range.ms.from, range.ms.to],
  );
  const events = useChartEvents(range.params, frame, service);
  const update = useCallback(
    (patch: TracesSearch) =>
      void navigate({ search: (previous) => ({ ...previous, ...patch }), resetScroll: false }),
    [navigate],
  );
  const { set: setRange } = range;
  const brush = useCallback(
    (part: { from: number; to: number }) => setRange(absoluteRange(part)),
    [setRange],
  );

  const bySpan = [query, status, minDuration, maxDuration].some((value) => value !== undefined);
  const noun = bySpan ? 'span' : 'request';
  const error = traces.error ?? histogram.error;
  const queryError = error instanceof ApiError && error.status === 400 ? error : null;
  const filtered = Object.values({
    service,
    operation,
    status,
    environment,
    query,
    minDuration,
    maxDuration,
  }).some((value) => value !== undefined);
  return (
    <div className="traces">
      <PageTitle
        tab="Traces"
        answer={
          queryError
            ? 'The search could not be understood.'
            : error
              ? 'The traces could not be loaded.'
              : data
                ? tracesAnswer(data, noun)
                : null
        }
      >
        Where did the time go?
      </PageTitle>
      <TraceFilters search={search} range={range.params} error={queryError} onChange={update} />
      {data ? (
        <TraceCharts noun={noun} histogram={data} events={events} onRange={brush} />
      ) : error ? null : (
        <ChartSkeleton height={210} />
      )}
      {error && !queryError ? (
        <ErrorBox what="The traces could not be loaded." error={error} retry={traces.retry} />
      ) : queryError ? null : (
        <TraceList
          traces={traces}
          sort={sort ?? 'newest'}
          onSort={(next) => update({ sort: next === 'newest' ? undefined : next })}
          filtered={filtered}
          onClear={() =>
            update({
              service: undefined,
              operation: undefined,
              status: undefined,
              environment: undefined,
              query: undefined,
              minDuration: undefined,
              maxDuration: undefined,
            })
          }
        />
      )}
    </div>
  );
}
