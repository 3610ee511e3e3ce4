import { Button, SegmentedControl } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheck, IconSquareXFilled } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { TraceSummary } from '../../../../src/http/contract/telemetry.js';
import { formatCount, formatMs } from '../../charts/units.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { serviceColor } from '../../theme/service-hue.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { firstTrace } from './first-trace.js';
import type { Traces } from './use-traces.js';

interface TraceListProps {
  traces: Traces;
  sort: 'newest' | 'slowest';
  onSort: (sort: 'newest' | 'slowest') => void;
  /** Something narrows the search. */
  filtered: boolean;
  onClear: () => void;
}

export function TraceList({ traces, sort, onSort, filtered, onClear }: TraceListProps) {
  const { items } = traces;
  const [current, setCurrent] = useState(-1);
  const navigate = useNavigate();
  useListKeys({
    count: items?.length ?? 0,
    current,
    onMove: (index) => {
      setCurrent(index);
      document.getElementById(`trace-${index}`)?.scrollIntoView({ block: 'nearest' });
    },
    onOpen: (index) => {
      const trace = items?.[index];
      if (trace) void navigate({ to: '/traces/$traceId', params: { traceId: trace.traceId } });
    },
  });
  const order = (
    <SegmentedControl
      size="xs"
      aria-label="Order"
      value={sort}
      onChange={(next) => onSort(next === 'slowest' ? 'slowest' : 'newest')}
      data={[
        { value: 'newest', label: 'Newest' },
        { value: 'slowest', label: 'Slowest' },
      ]}
    />
  );
  return (
    <Section title="Traces" more={order}>
      {traces.partial === undefined ? null : <p className="notice">{traces.partial}</p>}
      <div className="card">
        {items === null ? (
          <TableSkeleton rows={10} />
        ) : items.length === 0 ? (
          <NoTraces filtered={filtered} onClear={onClear} />
        ) : (
          <TraceTable items={items} current={current} />
        )}
      </div>
      <More traces={traces} />
    </Section>
  );
}

function TraceTable({ items, current }: { items: readonly TraceSummary[]; current: number }) {
  const longest = items.reduce((most, trace) => Math.max(most, trace.durationMs), 0);
  return (
    <div className="table-scroll">
      <table className="table trace-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Status</span>
            </th>
            <th scope="col">Operation</th>
            <th scope="col">Duration</th>
            <th scope="col" className="right">
              Spans
            </th>
            <th scope="col" className="right">
              Errors
            </th>
            <th scope="col">Services</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {items.map((trace, i) => (
            <TraceRow key={trace.traceId} trace={trace} index={i} current={i === current} longest={longest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TraceRowProps {
  trace: TraceSummary;
  index: number;
  current: boolean;
  /** ms */
  longest: number;
}

function TraceRow({ trace, index, current, longest }: TraceRowProps) {
  const name = trace.rootOperation === '' ? 'root span not received' : trace.rootOperation;
  return (
    <tr id={`trace-${index}`} data-current={current} className="trace-row">
      <td>
        <Outcome errors={trace.errors} />
      </td>
      <td className="grow">
        <Link to="/traces/$traceId" params={{ traceId: trace.traceId }} className="trace-name" title={name}>
          <span className="trace-service">{trace.rootService}</span>
          <span className="clip">{name}</span>
        </Link>
      </td>
      <td>
        <span className="trace-duration">
          <span className="trace-duration-bar" aria-hidden>
            <span
              style={{ width: `${longest > 0 ? Math.max(1, (trace.durationMs / longest) * 100) : 0}%` }}
            />
          </span>
          <span className="num">{formatMs(trace.durationMs)}</span>
        </span>
      </td>
      <td className="right num">{formatCount(trace.spans)}</td>
      <td className="right num">{trace.errors === 0 ? '' : formatCount(trace.errors)}</td>
      <td>
        <Services services={trace.services.filter((service) => service !== trace.rootService)} />
      </td>
      <td>
        <Ago at={trace.startedAt} />
      </td>
    </tr>
  );
}

function Outcome({ errors }: { errors: number }) {
  return errors > 0 ? (
    <span className="state-glyph" style={{ color: 'var(--critical)' }} title="has errors">
      <IconSquareXFilled size={14} aria-hidden />
      <span className="visually-hidden">has errors</span>
    </span>
  ) : (
    <span className="state-glyph" style={{ color: 'var(--text-muted)' }} title="no errors">
      <IconCircleCheck size={14} aria-hidden />
      <span className="visually-hidden">no errors</span>
    </span>
  );
}

const chips = 3;

function Services({ services }: { services: readonly string[] }) {
  return (
    <span className="trace-chips" title={services.join(', ')}>
      {services.slice(0, chips).map((service) => (
        <span className="trace-chip" key={service}>
          <span className="service-dot" style={{ background: serviceColor(service) }} aria-hidden />
          <span className="clip">{service}</span>
        </span>
      ))}
      {services.length > chips ? <span className="muted small">+{services.length - chips}</span> : null}
    </span>
  );
}

function NoTraces({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <Empty
      title="No trace matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the search
        </Button>
      }
    >
      Take a condition away, or choose a longer time range at the top.
    </Empty>
  ) : (
    <Empty title="No traces in this time range" line={firstTrace(window.location.origin)}>
      Choose a longer time range at the top, or send the traces of a Node.js service; other languages stand
      under Settings, Connect.
    </Empty>
  );
}

function More({ traces }: { traces: Traces }) {
  if (traces.items === null || traces.items.length === 0) return null;
  if (traces.moreError) {
    return (
      <p className="trace-more" role="alert">
        <IconAlertTriangleFilled size={14} aria-hidden /> Older traces could not be loaded:{' '}
        {traces.moreError.message}
        <Button size="compact-xs" variant="default" onClick={traces.loadMore}>
          Try again
        </Button>
      </p>
    );
  }
  return traces.more ? (
    <p className="trace-more">
      <Button size="xs" variant="default" loading={traces.loadingMore} onClick={traces.loadMore}>
        Show more
      </Button>
    </p>
  ) : null;
}
