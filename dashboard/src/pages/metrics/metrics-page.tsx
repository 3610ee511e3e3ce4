import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { List } from '../../../../src/http/contract/common.js';
import type { MetricName } from '../../../../src/http/contract/telemetry.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import '../../charts/notice.css';
import { TimeChart } from '../../charts/time-chart.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { absoluteRange } from '../../time/range.js';
import { useTimeRange } from '../../time/use-time-range.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import { aggregationWords, foldOf, unitOf } from './aggregation.js';
import { MetricControls } from './metric-controls.js';
import { chartLines, metricAnswer } from './metric-lines.js';
import { MetricList } from './metric-list.js';
import './metrics.css';
import type { MetricsSearch } from './search.js';
import { SeriesTable } from './series-table.js';
import { useMetricSeries } from './use-metric-series.js';

const route = getRouteApi('/app/metrics');

/** How do the numbers move? */
export function MetricsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = useTimeRange();
  const { name } = search;
  const update = useCallback(
    (patch: MetricsSearch, replace = false) =>
      void navigate({ search: (previous) => ({ ...previous, ...patch }), replace, resetScroll: false }),
    [navigate],
  );
  const series = useMetricSeries(search, range.params, range.live);
  const { data } = series;
  return (
    <div>
      <PageTitle
        tab="Metrics"
        {...(name === undefined
          ? {}
          : {
              answer: series.error
                ? 'The metric could not be loaded.'
                : data
                  ? metricAnswer(name, data)
                  : null,
            })}
      >
        How do the numbers move?
      </PageTitle>
      <div className="metrics">
        <MetricList
          range={range.params}
          find={search.find ?? ''}
          selected={name}
          onFind={(find) => update({ find: find === '' ? undefined : find }, true)}
          onSelect={(metric) =>
            update({ name: metric.name, aggregation: undefined, match: undefined, groupBy: undefined })
          }
        />
        {name === undefined ? (
          <p className="metrics-hint muted">
            Choose a metric to see it over time, with the deploys of that time.
          </p>
        ) : (
          <MetricView name={name} search={search} answer={series} onChange={update} />
        )}
      </div>
    </div>
  );
}

interface MetricViewProps {
  name: string;
  search: MetricsSearch;
  answer: ReturnType<typeof useMetricSeries>;
  onChange: (patch: MetricsSearch) => void;
}

function MetricView({ name, search, answer, onChange }: MetricViewProps) {
  const range = useTimeRange();
  const { data, error } = answer;
  const facts = useApi<List<MetricName>>('/api/metrics', { ...range.params, search: name }).data?.items.find(
    (metric) => metric.name === name,
  );
  const frame = useMemo(
    () =>
      data
        ? { from: Date.parse(data.from), to: Date.parse(data.to) }
        : { from: range.ms.from, to: range.ms.to },
    [data, range.ms.from, range.ms.to],
  );
  const events = useChartEvents(range.params, frame);
  const lines = useMemo(() => (data ? chartLines(data) : []), [data]);
  const unit = data ? unitOf(data.unit, data.aggregation) : '';
  const { set: setRange } = range;
  const brush = useCallback(
    (part: { from: number; to: number }) => setRange(absoluteRange(part)),
    [setRange],
  );
  const refused = error instanceof ApiError && error.status === 400 ? error : null;
  return (
    <div className="metric-view">
      {facts?.description ? <p className="metric-description">{facts.description}</p> : null}
      <MetricControls
        key={name}
        search={search}
        chosen={data?.aggregation}
        labels={(facts?.labels ?? []).filter((label) => label !== 'le')}
        error={refused}
        onChange={onChange}
      />
      {error && !refused ? (
        <ErrorBox what="The metric could not be loaded." error={error} retry={() => void answer.refetch()} />
      ) : data ? (
        <>
          {data.partial === undefined ? null : <p className="notice">{data.partial}</p>}
          <TimeChart
            kind="lines"
            title={`${name}, ${aggregationWords[data.aggregation]}`}
            from={frame.from}
            to={frame.to}
            stepMs={data.stepMs}
            series={lines}
            unit={unit}
            fold={foldOf(data.aggregation)}
            marks={events.marks}
            incidents={events.incidents}
            onRange={brush}
            height={320}
          />
          <SeriesTable lines={lines} unit={unit} />
        </>
      ) : refused ? null : (
        <ChartSkeleton height={368} />
      )}
    </div>
  );
}
