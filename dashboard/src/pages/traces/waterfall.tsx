import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowsMaximize, IconArrowsMinimize } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { formatMs } from '../../charts/units.js';
import { useListKeys } from '../../shell/use-list-keys.js';
import type { TraceModel } from './trace-model.js';
import { ancestors, barOf, rulerTicks, visibleRows, type TimeView } from './waterfall-rows.js';
import { WaterfallRowView } from './waterfall-row.js';

const rowHeight = 28;

interface WaterfallProps {
  model: TraceModel;
  view: TimeView;
  selectedKey: string | undefined;
  onSelect: (key: string) => void;
}

/** The spans as a tree beside their time. `j`, `k` and the arrows move, left and right fold. */
export function Waterfall({ model, view, selectedKey, onSelect }: WaterfallProps) {
  const { tree } = model;
  const scroller = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  // A span that is asked for by its key is shown, whatever was folded above it.
  const open = useMemo(() => {
    if (selectedKey === undefined || collapsed.size === 0) return collapsed;
    const above = ancestors(tree, selectedKey).filter((key) => collapsed.has(key));
    return above.length === 0 ? collapsed : new Set([...collapsed].filter((key) => !above.includes(key)));
  }, [tree, collapsed, selectedKey]);
  const rows = useMemo(() => visibleRows(tree, open), [tree, open]);
  const selected = rows.findIndex((row) => row.node.key === selectedKey);
  const ticks = useMemo(() => rulerTicks(view, 6), [view]);
  // The compiler of React leaves this component alone: the hook answers other functions each time.
  // eslint-disable-next-line react-hooks/incompatible-library
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.node.key ?? index,
    overscan: 10,
  });

  const reveal = useEffectEvent(() => {
    if (selected >= 0) list.scrollToIndex(selected, { align: 'auto' });
  });
  useEffect(() => reveal(), [selectedKey]);

  const move = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    list.scrollToIndex(index, { align: 'auto' });
    onSelect(row.node.key);
  };
  const fold = (key: string, shut: boolean): void =>
    setCollapsed(() => {
      const next = new Set(open);
      if (shut) next.add(key);
      else next.delete(key);
      return next;
    });
  useListKeys({ count: rows.length, current: selected, onMove: move });

  const onKey = (key: string): boolean => {
    const row = rows[selected];
    if (key === 'ArrowDown') move(Math.min(rows.length - 1, selected + 1));
    else if (key === 'ArrowUp') move(Math.max(0, selected - 1));
    else if (key === 'ArrowRight' && row?.collapsed) fold(row.node.key, false);
    else if (key === 'ArrowLeft' && row && row.node.children.length > 0 && !row.collapsed)
      fold(row.node.key, true);
    else if (key === 'ArrowLeft' && row) {
      const parent = tree.parentOf.get(row.node.key);
      if (parent) onSelect(parent.key);
    } else return false;
    return true;
  };
  const allKeys = (): string[] =>
    [...tree.byKey.values()].flatMap((node) => (node.children.length > 0 ? [node.key] : []));
  const rootKeys = new Set(tree.roots.map((node) => node.key));

  return (
    <div
      ref={scroller}
      className="waterfall"
      role="treegrid"
      aria-label="Spans"
      aria-rowcount={rows.length}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.target === event.currentTarget && onKey(event.key)) event.preventDefault();
      }}
    >
      <div className="waterfall-head" role="row">
        <span role="columnheader">
          Span
          <Tooltip label="Unfold all">
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label="Unfold all"
              onClick={() => setCollapsed(new Set())}
            >
              <IconArrowsMaximize size={12} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Fold all">
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label="Fold all"
              onClick={() => setCollapsed(new Set(allKeys().filter((key) => !rootKeys.has(key))))}
            >
              <IconArrowsMinimize size={12} />
            </ActionIcon>
          </Tooltip>
        </span>
        <span role="columnheader" className="ruler" aria-label="Time since the trace began">
          {ticks.map((tick) => (
            <span key={tick} style={{ left: `${(barOf(tick, tick, view)?.left ?? 0) * 100}%` }}>
              {formatMs(tick)}
            </span>
          ))}
        </span>
      </div>
      <div className="waterfall-rows" role="rowgroup" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <WaterfallRowView
              key={item.key}
              row={row}
              index={item.index}
              top={item.start}
              view={view}
              model={model}
              selected={item.index === selected}
              onSelect={onSelect}
              onFold={fold}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}
