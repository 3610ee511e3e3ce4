import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { timeToX, type TimeFrame } from './flags.js';
import type { Cursor } from './cursor.js';
import type { PlotArea } from './use-canvas-chart.js';

/** The line under the pointer, moved without drawing anything again. */
export function CursorLine({ cursor, frame, area }: { cursor: Cursor; frame: TimeFrame; area: PlotArea }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (): void => {
      const at = cursor.get();
      if (!line.current) return;
      const inside = at !== null && at >= frame.from && at <= frame.to;
      line.current.style.opacity = inside ? '1' : '0';
      if (inside) line.current.style.transform = `translateX(${timeToX(at, frame, area)}px)`;
    };
    show();
    return cursor.subscribe(show);
  }, [cursor, frame, area]);
  return (
    <div
      ref={line}
      className="chart-cursor"
      style={{ top: area.top, height: area.bottom - area.top }}
      aria-hidden
    />
  );
}

export interface Selection {
  readonly from: number;
  readonly to: number;
}

/** The part chosen with the keyboard. */
export function SelectionBox(props: { selection: Selection; frame: TimeFrame; area: PlotArea }) {
  const { selection, frame, area } = props;
  const [from, to] = [Math.min(selection.from, selection.to), Math.max(selection.from, selection.to)];
  const left = timeToX(from, frame, area);
  const width = timeToX(to, frame, area) - left;
  return (
    <div className="chart-selection" style={{ left, width, top: area.top, height: area.bottom - area.top }} />
  );
}

/** The time under the pointer; null outside the plot. */
export function timeAt(event: PointerEvent<HTMLElement>, frame: TimeFrame, area: PlotArea): number | null {
  const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
  if (x < area.left || x > area.right) return null;
  return frame.from + ((x - area.left) / (area.right - area.left)) * (frame.to - frame.from);
}

interface Keys {
  readonly at: number | null;
  readonly selection: Selection | null;
  readonly frame: TimeFrame;
  readonly stepMs: number;
}
export interface KeyResult {
  readonly at: number | null;
  readonly selection: Selection | null;
  readonly brush: Selection | null;
}

/** Arrows move the cursor, Shift with arrows selects, Enter takes the selection, Escape drops it. */
export function onChartKey(event: Pick<KeyboardEvent, 'key' | 'shiftKey'>, state: Keys): KeyResult | null {
  const { frame, stepMs } = state;
  const clamp = (at: number): number => Math.min(frame.to, Math.max(frame.from, at));
  const middle = state.at ?? (frame.from + frame.to) / 2;
  const moves: Record<string, number> = {
    ArrowLeft: middle - stepMs,
    ArrowRight: middle + stepMs,
    Home: frame.from,
    End: frame.to - stepMs / 2,
  };
  const target = moves[event.key];
  if (target !== undefined) {
    const at = clamp(target);
    const selection = event.shiftKey ? { from: state.selection?.from ?? middle, to: at } : null;
    return { at, selection, brush: null };
  }
  if (event.key === 'Enter' && state.selection) {
    const { from, to } = state.selection;
    return { at: null, selection: null, brush: { from: Math.min(from, to), to: Math.max(from, to) } };
  }
  if (event.key === 'Escape' && (state.selection ?? state.at) !== null)
    return { at: null, selection: null, brush: null };
  return null;
}
