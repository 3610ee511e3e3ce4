import { Button } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { canvasColors } from '../../charts/colors.js';
import { formatMs } from '../../charts/units.js';
import { serviceColor } from '../../theme/service-hue.js';
import { useScheme } from '../../theme/use-scheme.js';
import type { SpanTree } from './span-tree.js';
import { barOf, visibleRows, type TimeView } from './waterfall-rows.js';

interface MinimapProps {
  tree: SpanTree;
  whole: TimeView;
  view: TimeView;
  /** Null shows the whole trace again. */
  onView: (view: TimeView | null) => void;
}

const none: ReadonlySet<string> = new Set();

/** The whole trace, small. Dragging over it chooses the part that the waterfall shows. */
export function Minimap({ tree, whole, view, onView }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const { scheme } = useScheme();
  const rows = useMemo(() => visibleRows(tree, none), [tree]);
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    const color = canvasColors(document.body, scheme);
    const pitch = Math.min(6, (height - 4) / rows.length);
    rows.forEach(({ node }, i) => {
      const bar = barOf(node.start, node.end, whole);
      if (!bar || !node.span) return;
      context.fillStyle = color(
        node.span.status === 'Error' ? 'var(--critical-fill)' : serviceColor(node.service),
      );
      context.fillRect(
        bar.left * width,
        2 + i * pitch,
        Math.max(1, bar.width * width),
        Math.max(0.75, pitch - 1),
      );
    });
  }, [rows, whole, width, height, scheme]);

  const timeAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return whole.from + share * (whole.to - whole.from);
  };
  const zoomed = view.from > whole.from || view.to < whole.to;
  const left = barOf(whole.from, view.from, whole);
  const right = barOf(view.to, whole.to, whole);
  const brushBar = brush
    ? barOf(Math.min(brush.from, brush.to), Math.max(brush.from, brush.to), whole)
    : null;
  return (
    <div
      ref={ref}
      className="minimap"
      role="group"
      aria-label={`The whole trace, ${formatMs(whole.to - whole.from)}. Drag to choose a part.`}
      onPointerDown={(event) => {
        if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = timeAt(event);
        setBrush({ from: at, to: at });
      }}
      onPointerMove={(event) => {
        const at = timeAt(event);
        setBrush((old) => (old ? { ...old, to: at } : null));
      }}
      onPointerUp={() => {
        if (brush) {
          const [from, to] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
          if (to - from > (whole.to - whole.from) * 0.004) onView({ from, to });
        }
        setBrush(null);
      }}
      onPointerCancel={() => setBrush(null)}
      onDoubleClick={() => onView(null)}
    >
      <canvas ref={canvas} aria-hidden />
      {zoomed && left ? <div className="minimap-shade" style={percent(left)} /> : null}
      {zoomed && right ? <div className="minimap-shade" style={percent(right)} /> : null}
      {brushBar ? <div className="minimap-brush" style={percent(brushBar)} /> : null}
      {zoomed ? (
        <Button
          className="minimap-reset"
          size="compact-xs"
          variant="default"
          leftSection={<IconZoomReset size={12} />}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => onView(null)}
        >
          Whole trace
        </Button>
      ) : null}
    </div>
  );
}

function percent(bar: { left: number; width: number }) {
  return { left: `${bar.left * 100}%`, width: `${bar.width * 100}%` };
}
