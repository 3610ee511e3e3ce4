import { Tabs } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Trace } from '../../../../src/http/contract/telemetry.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import '../../charts/notice.css';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { ChartSkeleton, TableSkeleton } from '../../ui/skeletons.js';
import { Minimap } from './minimap.js';
import type { TraceSearch } from './search.js';
import { SpanPanel } from './span-panel.js';
import { traceAnswer } from './trace-findings.js';
import { TraceFacts, TraceNotices, TracePath } from './trace-head.js';
import { TraceLogs } from './trace-logs.js';
import { traceModel } from './trace-model.js';
import './traces.css';
import { Waterfall } from './waterfall.js';
import type { TimeView } from './waterfall-rows.js';

const route = getRouteApi('/app/traces/$traceId');

/** What happened in one request, and what it waited for. */
export function TracePage() {
  const { traceId } = route.useParams();
  const trace = useApi<Trace>(`/api/traces/${encodeURIComponent(traceId)}`, {}, { fresh: true });
  const crumb = <Link to="/traces">Traces</Link>;
  if (trace.data && trace.data.spans.length > 0) return <TraceView trace={trace.data} />;
  const missing = trace.error instanceof ApiError && trace.error.status === 404;
  if (missing || trace.data) {
    return (
      <div className="trace">
        <PageTitle tab="Trace" crumb={crumb}>
          This trace is not here
        </PageTitle>
        <div className="card">
          <Empty title="No span of this trace is stored">
            It may be older than the retention of traces, it may not have been sampled, or its spans are still
            on their way. <code>{traceId}</code>
          </Empty>
          {trace.data && trace.data.logs.length > 0 ? (
            <TraceLogs logs={traceModel(trace.data, false).logs} />
          ) : null}
        </div>
      </div>
    );
  }
  return (
    <div className="trace">
      <PageTitle tab="Trace" crumb={crumb} answer={trace.error ? 'The trace could not be loaded.' : null}>
        Where did the time go in this request?
      </PageTitle>
      {trace.error ? (
        <ErrorBox
          what="The trace could not be loaded."
          error={trace.error}
          retry={() => void trace.refetch()}
        />
      ) : (
        <>
          <ChartSkeleton height={56} />
          <div className="card">
            <TableSkeleton rows={14} />
          </div>
        </>
      )}
    </div>
  );
}

function TraceView({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [zoom, setZoom] = useState<TimeView | null>(null);
  const model = useMemo(() => traceModel(trace, search.adjust === '1'), [trace, search.adjust]);
  const whole = useMemo(
    () => ({ from: model.tree.start, to: Math.max(model.tree.end, model.tree.start + 1e-6) }),
    [model.tree],
  );
  const view = zoom ?? whole;
  const update = useCallback(
    (patch: TraceSearch, options?: { replace?: boolean }) =>
      void navigate({
        search: (previous) => ({ ...previous, ...patch }),
        replace: options?.replace ?? false,
        resetScroll: false,
      }),
    [navigate],
  );
  const selectedKey = search.span;
  const select = useCallback(
    (key: string) => update({ span: key }, { replace: selectedKey !== undefined }),
    [update, selectedKey],
  );
  const selected = selectedKey === undefined ? undefined : model.tree.byKey.get(selectedKey);
  const tab = search.tab ?? 'waterfall';
  return (
    <div className="trace" data-panel={selected !== undefined || undefined}>
      <PageTitle
        tab="Trace"
        crumb={<Link to="/traces">Traces</Link>}
        answer={traceAnswer(model.tree, model.path)}
        lead={<TraceFacts trace={trace} model={model} />}
      >
        Where did the time go in this request?
      </PageTitle>
      <TraceNotices
        trace={trace}
        tree={model.tree}
        adjusted={search.adjust === '1'}
        onAdjust={(on) => update({ adjust: on ? '1' : undefined }, { replace: true })}
      />
      <TracePath model={model} onSelect={select} />
      <Tabs
        value={tab}
        onChange={(next) => update({ tab: next === 'logs' ? 'logs' : undefined }, { replace: true })}
      >
        <Tabs.List>
          <Tabs.Tab value="waterfall">Waterfall</Tabs.Tab>
          <Tabs.Tab value="logs">Logs ({model.logs.length})</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {tab === 'logs' ? (
        <div className="card trace-logs">
          <TraceLogs logs={model.logs} />
        </div>
      ) : (
        <>
          <Minimap tree={model.tree} whole={whole} view={view} onView={setZoom} />
          <Waterfall model={model} view={view} selectedKey={selectedKey} onSelect={select} />
        </>
      )}
      {selected ? (
        <SpanPanel
          node={selected}
          model={model}
          origin={trace.startedAt}
          onClose={() => update({ span: undefined })}
          onZoom={() => setZoom({ from: selected.start, to: Math.max(selected.end, selected.start + 1e-3) })}
        />
      ) : null}
    </div>
  );
}
