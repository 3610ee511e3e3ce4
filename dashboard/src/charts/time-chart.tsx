import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useScheme } from '../theme/use-scheme.js';
import { chartClock } from './chart-clock.js';
import type { Drawing, IncidentSpan } from './chart-config.js';
import { ChartFlags } from './chart-flags.js';
import { ChartLegend } from './chart-legend.js';
import { chartModel, type ChartInput } from './chart-model.js';
import { CursorLine, onChartKey, SelectionBox, timeAt, type Selection } from './chart-overlay.js';
import { chartSummary } from './chart-summary.js';
import { ChartTable } from './chart-table.js';
import './charts.css';
import { canvasColors } from './colors.js';
import { useCursor } from './cursor.js';
import type { DeployMark } from './flags.js';
import { useCanvasChart } from './use-canvas-chart.js';

export interface TimeChartProps extends ChartInput {
  /** The finding when there is one, else what is drawn. */
  readonly title: string;
  readonly actions?: ReactNode;
  readonly marks?: readonly DeployMark[] | undefined;
  readonly incidents?: readonly IncidentSpan[] | undefined;
  /** Called when a stretch of time was brushed; without it brushing is off. */
  readonly onRange?: ((range: { from: number; to: number }) => void) | undefined;
  /** px, of the plot and its axes. */
  readonly height?: number | undefined;
  readonly legend?: boolean | undefined;
}

const none: readonly never[] = [];

/** Values over time, with the deploys and incidents of that time. */
export function TimeChart(props: TimeChartProps) {
  const { title, actions, onRange, height = 160, legend = true } = props;
  const { kind, from, to, stepMs, series, unit, fold, fromZero, threshold } = props;
  const marks = props.marks ?? none;
  const incidents = props.incidents ?? none;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [asTable, setAsTable] = useState(false);
  const input = useMemo<ChartInput>(
    () => ({ kind, from, to, stepMs, series, unit, fold, fromZero, threshold }),
    [kind, from, to, stepMs, series, unit, fold, fromZero, threshold],
  );
  const model = useMemo(() => chartModel(input, hidden), [input, hidden]);
  const clock = useMemo(() => chartClock(stepMs, to - from), [stepMs, from, to]);
  const cursor = useCursor();
  const titleId = useId();

  const toggle = (key: string, only: boolean): void =>
    setHidden((old) => {
      const all = model.lines.map((line) => line.key);
      if (only) {
        const alone = all.every((other) => (other === key) !== old.has(other));
        return new Set(alone ? [] : all.filter((other) => other !== key));
      }
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption className="chart-head">
        <h2 id={titleId} className="chart-title">
          {title}
        </h2>
        {actions}
        <Tooltip label={asTable ? 'Show the chart' : 'Show the numbers as a table'}>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={asTable ? 'Show the chart' : 'Show the numbers as a table'}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <IconChartBar size={14} /> : <IconTable size={14} />}
          </ActionIcon>
        </Tooltip>
      </figcaption>
      {asTable ? (
        <div style={{ height }} className="chart-table-frame">
          <ChartTable input={input} model={model} clock={clock} />
        </div>
      ) : (
        <Plot
          input={input}
          model={model}
          marks={marks}
          incidents={incidents}
          summary={chartSummary(title, input, model, { marks, clock })}
          clock={clock}
          height={height}
          onRange={onRange}
        />
      )}
      {legend && model.lines.length > 0 ? (
        <ChartLegend input={input} model={model} cursor={cursor} clock={clock} onToggle={toggle} />
      ) : null}
    </figure>
  );
}

interface PlotProps {
  input: ChartInput;
  model: Drawing['model'];
  marks: readonly DeployMark[];
  incidents: readonly IncidentSpan[];
  summary: string;
  clock: (at: number) => string;
  height: number;
  onRange: TimeChartProps['onRange'];
}

function Plot({ input, model, marks, incidents, summary, clock, height, onRange }: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useCursor();
  const { scheme } = useScheme();
  const [selection, setSelection] = useState<Selection | null>(null);
  const drawing = useMemo<Drawing>(() => {
    const color = canvasColors(document.body, scheme);
    const onBrush = onRange ? (from: number, to: number) => onRange({ from, to }) : null;
    return { input, model, marks, color, onBrush };
  }, [input, model, marks, scheme, onRange]);
  const area = useCanvasChart(canvas, drawing);
  const frame = useMemo(() => ({ from: input.from, to: input.to }), [input.from, input.to]);

  return (
    <div
      className="chart-plot"
      style={{ height }}
      role="group"
      tabIndex={0}
      aria-label={`Chart. Arrow keys move the cursor${onRange ? ', with Shift they select, Enter sets the time range' : ''}.`}
      onPointerMove={(event) =>
        area && event.pointerType === 'mouse' && cursor.set(timeAt(event, frame, area))
      }
      onPointerDown={(event) =>
        area && event.pointerType !== 'mouse' && cursor.set(timeAt(event, frame, area))
      }
      onPointerLeave={() => cursor.set(null)}
      onBlur={() => cursor.set(null)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const result = onChartKey(event, { at: cursor.get(), selection, frame, stepMs: input.stepMs });
        if (!result) return;
        event.preventDefault();
        event.stopPropagation();
        cursor.set(result.at);
        setSelection(onRange ? result.selection : null);
        if (result.brush) onRange?.(result.brush);
      }}
    >
      <canvas ref={canvas} role="img" aria-label={summary} data-brush={onRange ? true : undefined} />
      {area ? (
        <>
          <CursorLine cursor={cursor} frame={frame} area={area} />
          {selection ? <SelectionBox selection={selection} frame={frame} area={area} /> : null}
          <ChartFlags marks={marks} incidents={incidents} frame={frame} area={area} clock={clock} />
        </>
      ) : null}
    </div>
  );
}
