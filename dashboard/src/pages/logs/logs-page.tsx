import { useCallback, useMemo } from 'react';
import type { LogFacets, LogHistogram, LogPattern } from '../../../../src/http/contract/telemetry.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import '../../charts/notice.css';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { withFilter, type FilterMode } from '../../query-bar/query-edit.js';
import { absoluteRange } from '../../time/range.js';
import { useTimeRange } from '../../time/use-time-range.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { ChartSkeleton } from '../../ui/skeletons.js';
import { columnsOf, columnsText, storeColumns, storedColumns } from './columns.js';
import { logsAnswer } from './findings.js';
import { HistogramPanel } from './histogram-panel.js';
import { LinesView } from './lines-view.js';
import { LogPanel } from './log-panel.js';
import './logs.css';
import { LogsBar } from './logs-bar.js';
import { PatternsView } from './patterns-view.js';
import { useLines } from './use-lines.js';
import { useLogsSearch } from './use-logs-search.js';

const noFacets: LogFacets = { items: [] };

/** What did the services write? */
export function LogsPage() {
  const { search, update } = useLogsSearch();
  const range = useTimeRange();
  const query = search.query ?? '';
  const view = search.view ?? 'lines';
  const tail = search.tail === '1' && view === 'lines';
  const params = { query, ...range.params };
  const columns = useMemo(() => columnsOf(search.columns, storedColumns()), [search.columns]);

  const lines = useLines({ query, range: range.params, live: range.live, tail });
  const live = { live: range.live };
  const histogram = useApi<LogHistogram>('/api/logs/histogram', { ...params, buckets: 120 }, live);
  const facets = useApi<LogFacets>('/api/logs/facets', params, live);
  const patterns = useApi<{ items: LogPattern[]; partial?: string }>('/api/logs/patterns', params, {
    ...live,
    enabled: view === 'patterns',
  });
  const frame = useMemo(
    () =>
      histogram.data
        ? { from: Date.parse(histogram.data.from), to: Date.parse(histogram.data.to) }
        : { from: range.ms.from, to: range.ms.to },
    [histogram.data, range.ms.from, range.ms.to],
  );
  const events = useChartEvents(range.params, frame);

  const setQuery = useCallback(
    (next: string) => update({ query: next === '' ? undefined : next, id: undefined }),
    [update],
  );
  const setColumns = (next: readonly string[]): void => {
    const text = columnsText(next);
    storeColumns(text);
    update({ columns: text }, { replace: true });
  };
  const filter = (field: string, value: string, mode: FilterMode): void => {
    update({ query: withFilter(query, field, value, mode) });
  };
  const { set: setRange } = range;
  const brush = useCallback(
    (part: { from: number; to: number }) => setRange(absoluteRange(part)),
    [setRange],
  );

  const error = lines.error ?? histogram.error;
  const queryError = error instanceof ApiError && error.status === 400 ? error : null;
  const answer = queryError
    ? 'The query could not be understood.'
    : error
      ? 'The logs could not be loaded.'
      : histogram.data
        ? logsAnswer(histogram.data, query)
        : null;
  return (
    <div className="logs" data-panel={search.id !== undefined || undefined}>
      <PageTitle tab="Logs" answer={answer}>
        What did the services write?
      </PageTitle>
      <LogsBar
        query={query}
        error={queryError}
        view={view}
        tail={tail}
        columns={columns}
        fields={facets.data?.items.map((facet) => facet.field) ?? []}
        range={range.params}
        onQuery={setQuery}
        onColumns={setColumns}
        onView={(next) => update({ view: next === 'lines' ? undefined : next, id: undefined })}
        onTail={(on) => {
          // The tail follows the present: a range that ended earlier has nothing to follow.
          if (on && !range.live) setRange({ from: 'now-15m', to: 'now' });
          update({ tail: on ? '1' : undefined });
        }}
      />
      {histogram.data ? (
        <HistogramPanel histogram={histogram.data} events={events} onRange={brush} />
      ) : error ? null : (
        <ChartSkeleton height={184} />
      )}
      {error && !queryError ? (
        <ErrorBox what="The logs could not be loaded." error={error} retry={lines.retry} />
      ) : view === 'patterns' ? (
        <PatternsView
          answer={patterns}
          events={events}
          frame={frame}
          onPick={(pattern) =>
            update({ query: withFilter(query, 'pattern', pattern.fingerprint, 'include'), view: undefined })
          }
        />
      ) : (
        <LinesView
          lines={lines}
          facets={error ? noFacets : facets.data}
          query={query}
          columns={columns}
          withDay={frame.to - frame.from > 20 * 3_600_000}
          selectedId={search.id}
          tail={tail}
          onQuery={setQuery}
          onSelect={(id, how) => update({ id }, how)}
        />
      )}
      {search.id === undefined ? null : (
        <LogPanel
          id={search.id}
          known={lines.list.shown.find((record) => record.id === search.id)}
          view={search.panel ?? 'attributes'}
          onView={(next) => update({ panel: next === 'context' ? 'context' : undefined }, { replace: true })}
          onOpen={(id) => update({ id })}
          onClose={() => update({ id: undefined, panel: undefined })}
          onFilter={filter}
          onColumn={(field) => (columns.includes(field) ? undefined : setColumns([...columns, field]))}
        />
      )}
    </div>
  );
}
