import { Button, Loader } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { LogRecord } from '../../../../src/http/contract/telemetry.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import { formatCount } from '../../charts/units.js';
import { columnWidth } from './columns.js';
import { LogRow } from './log-row.js';
import type { Lines } from './use-lines.js';

/** px; on a phone the message stands below the rest. */
const rowHeights = { wide: 32, phone: 52 };

interface LogTableProps {
  lines: Lines;
  columns: readonly string[];
  withDay: boolean;
  phone: boolean;
  selectedId: string | undefined;
  onSelect: (id: string, how: { replace: boolean }) => void;
}

/** Lines, drawn only where they are seen. `j` and `k` or the arrows move, Enter opens, the list loads on. */
export function LogTable({ lines, columns, withDay, phone, selectedId, onSelect }: LogTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = lines.list.shown;
  const rowHeight = phone ? rowHeights.phone : rowHeights.wide;
  const selected = useSelected(items, selectedId);
  // The compiler of React leaves this hook alone: it answers other functions each time.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 12,
  });
  const visible = rows.getVirtualItems();
  const lastIndex = visible.at(-1)?.index ?? 0;
  const { loadMore, setAtTop } = lines;
  const wantMore = lines.list.cursor !== null && lastIndex >= items.length - 40 && !lines.moreError;
  const more = useEffectEvent(loadMore);
  useEffect(() => {
    if (wantMore) more();
  }, [wantMore, items.length]);

  const move = (index: number): void => {
    const record = items[index];
    if (!record) return;
    rows.scrollToIndex(index, { align: 'auto' });
    onSelect(record.id, { replace: selectedId !== undefined });
  };
  useListKeys({ count: items.length, current: selected, onMove: move });

  return (
    <div className="log-table-frame" data-stale={lines.stale || undefined}>
      <FreshPill lines={lines} onClick={() => scroller.current?.scrollTo({ top: 0 })} />
      <div
        ref={scroller}
        className="log-table"
        role="grid"
        aria-label="Log lines, newest first"
        aria-rowcount={lines.list.cursor === null ? items.length + 1 : -1}
        tabIndex={0}
        data-phone={phone || undefined}
        style={{ ['--log-columns' as string]: templateOf(columns, withDay) }}
        onScroll={(event) => setAtTop(event.currentTarget.scrollTop < rowHeight / 2)}
        onKeyDown={(event) => {
          const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
          const step = steps[event.key];
          if (step === undefined || event.target !== event.currentTarget) return;
          event.preventDefault();
          move(Math.min(items.length - 1, Math.max(0, selected + step)));
        }}
      >
        <div className="log-head" role="row" aria-rowindex={1}>
          <span role="columnheader">Time</span>
          <span role="columnheader">
            <span className="visually-hidden">Severity</span>
          </span>
          {columns.map((column) => (
            <span role="columnheader" key={column} className="clip" title={column}>
              {headWords[column] ?? column}
            </span>
          ))}
          <span role="columnheader">Message</span>
        </div>
        <div className="log-rows" role="rowgroup" style={{ height: rows.getTotalSize() }}>
          {visible.map((row) => {
            const record = items[row.index];
            if (!record) return null;
            return (
              <LogRow
                key={row.key}
                record={record}
                index={row.index}
                top={row.start}
                columns={columns}
                withDay={withDay}
                selected={record.id === selectedId}
                arriving={lines.list.arrived.has(record.id)}
                onOpen={(id) => onSelect(id, { replace: selectedId !== undefined })}
              />
            );
          })}
        </div>
        <TableEnd lines={lines} />
      </div>
    </div>
  );
}

const headWords: Readonly<Record<string, string>> = {
  service: 'Service',
  version: 'Version',
  environment: 'Environment',
  trace: 'Trace',
  event: 'Event',
};

function templateOf(columns: readonly string[], withDay: boolean): string {
  const widths = columns.map((column) => `${columnWidth(column)}px`).join(' ');
  return `${withDay ? 148 : 100}px 20px ${widths} minmax(240px, 1fr)`;
}

function useSelected(items: readonly LogRecord[], id: string | undefined): number {
  return id === undefined ? -1 : items.findIndex((record) => record.id === id);
}

function FreshPill({ lines, onClick }: { lines: Lines; onClick: () => void }) {
  const count = lines.list.held.length;
  return (
    <div className="log-fresh" aria-live="polite">
      {count === 0 ? null : (
        <Button size="compact-xs" leftSection={<IconArrowUp size={12} />} onClick={onClick}>
          {formatCount(count)} new
        </Button>
      )}
    </div>
  );
}

function TableEnd({ lines }: { lines: Lines }) {
  if (lines.moreError) {
    return (
      <div className="log-end" role="alert">
        Older lines could not be loaded: {lines.moreError.message}
        <Button size="compact-xs" variant="default" onClick={lines.loadMore}>
          Try again
        </Button>
      </div>
    );
  }
  if (lines.loadingMore) {
    return (
      <div className="log-end">
        <Loader size={14} /> Loading older lines
      </div>
    );
  }
  if (lines.list.cursor !== null) return <div className="log-end" />;
  const count = lines.list.shown.length;
  return (
    <div className="log-end muted">
      {count >= 100_000
        ? `The newest ${formatCount(count)} lines. Narrow the query or the time to see others.`
        : 'That is all in this time range.'}
    </div>
  );
}
