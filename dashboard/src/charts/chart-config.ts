import type { ChartConfiguration, ChartDataset, ChartOptions } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { loneRadii, type ChartInput, type ChartModel } from './chart-model.js';
import type { DeployMark } from './flags.js';
import { timeTicks } from './time-ticks.js';
import { formatValue } from './units.js';

export interface IncidentSpan {
  readonly id: string;
  /** `#12` */
  readonly label: string;
  readonly title: string;
  readonly from: number;
  /** Null while it is open. */
  readonly to: number | null;
  readonly severity: 'critical' | 'warning' | 'info';
}

export interface Drawing {
  readonly input: ChartInput;
  readonly model: ChartModel;
  readonly marks: readonly DeployMark[];
  /** Turns a CSS colour into one a canvas knows. */
  readonly color: (css: string) => string;
  /** Null when the time range cannot be set from here. */
  readonly onBrush: ((from: number, to: number) => void) | null;
}

type Point = { x: number; y: number | null };
export type TimeChartConfig = ChartConfiguration<'bar' | 'line', Point[]>;

/** px: the same on every chart of a page, so that their times lie under one another. */
const axisWidth = 56;
/** px: where flags stand. */
export const flagLane = 24;

/** px: what a time on the axis needs. */
const tickRoom = 68;

export function datasetsOf({ input, model, color }: Drawing): ChartDataset<'bar' | 'line', Point[]>[] {
  return model.lines.map((line) => {
    const paint = color(line.color);
    // Small values get a pixel (minBarLength); nothing gets none.
    const data =
      input.kind === 'bars' ? line.xy.map(({ x, y }) => ({ x, y: y === 0 ? null : y })) : [...line.xy];
    const common = { label: line.name, data, hidden: line.hidden };
    if (input.kind === 'bars') {
      return {
        ...common,
        type: 'bar' as const,
        backgroundColor: paint,
        stack: 'all',
        barPercentage: 1,
        categoryPercentage: 0.88,
        minBarLength: 1,
      };
    }
    return {
      ...common,
      type: 'line' as const,
      borderColor: paint,
      backgroundColor: paint,
      borderWidth: 1.5,
      borderDash: [...line.dash],
      borderJoinStyle: 'round' as const,
      pointRadius: loneRadii(line.xy),
      pointBorderWidth: 0,
      spanGaps: false,
    };
  });
}

export function optionsOf(drawing: Drawing): ChartOptions<'bar' | 'line'> {
  const { input, model, color } = drawing;
  const ink = color('var(--text-muted)');
  const font = { family: 'Inter Variable, system-ui, sans-serif', size: 11 };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    // Pointing is read from the page around the canvas; the chart itself need not hit-test anything.
    events: [],
    layout: { padding: { top: flagLane, right: 8 } },
    scales: {
      x: {
        type: 'linear',
        min: input.from,
        max: input.to,
        offset: false,
        stacked: input.kind === 'bars',
        grid: { display: false },
        border: { color: color('var(--line-strong)') },
        afterBuildTicks: (scale) => {
          const room = Math.max(2, Math.floor((scale.right - scale.left) / tickRoom));
          scale.ticks = timeTicks(input, room).map(({ at, text, major }) => ({
            value: at,
            label: text,
            major,
          }));
        },
        ticks: {
          color: ink,
          // Chart.js asks once for the axis as a whole, without a tick.
          font: ({ tick }: { tick?: { major?: boolean } }) => ({ ...font, weight: tick?.major ? 600 : 400 }),
          maxRotation: 0,
          autoSkip: false,
          callback: (_value, index, ticks) => ticks[index]?.label ?? '',
        },
      },
      y: {
        type: 'linear',
        min: model.axis.min,
        max: model.axis.max,
        stacked: input.kind === 'bars',
        grid: { color: color('var(--line)'), drawTicks: false },
        border: { display: false },
        afterFit: (scale) => {
          scale.width = axisWidth;
        },
        afterBuildTicks: (scale) => {
          scale.ticks = model.axis.ticks.map((value) => ({ value }));
        },
        ticks: { color: ink, font, padding: 6, callback: (value) => formatValue(Number(value), input.unit) },
      },
    },
    plugins: {
      annotation: { clip: true, annotations: annotationsOf(drawing) },
      zoom: zoomOf(drawing),
    },
  };
}

function annotationsOf({ input, marks, color }: Drawing): AnnotationOptions[] {
  const deploys = marks.map((mark): AnnotationOptions => ({
    type: 'line',
    scaleID: 'x',
    value: mark.at,
    borderColor: color('var(--release-fill)'),
    borderWidth: 1,
    drawTime: 'afterDatasetsDraw',
  }));
  const limit: AnnotationOptions[] = input.threshold
    ? [
        {
          type: 'line',
          scaleID: 'y',
          value: input.threshold.value,
          borderColor: color('var(--critical-fill)'),
          borderWidth: 1,
          borderDash: [4, 3],
          drawTime: 'afterDatasetsDraw',
          label: {
            display: true,
            content: input.threshold.label,
            position: 'end',
            yAdjust: -9,
            backgroundColor: 'transparent',
            color: color('var(--critical)'),
            font: { size: 11, weight: 'normal' },
            padding: 0,
          },
        },
      ]
    : [];
  return [...deploys, ...limit];
}

function zoomOf({ color, onBrush }: Drawing): NonNullable<ChartOptions['plugins']>['zoom'] & object {
  return {
    zoom: {
      mode: 'x',
      drag: {
        enabled: onBrush !== null,
        threshold: 6,
        backgroundColor: color('color-mix(in srgb, var(--information-fill) 16%, transparent)'),
        borderColor: color('var(--information-fill)'),
        borderWidth: 1,
      },
      onZoomComplete: ({ chart }) => {
        const scale = chart.scales['x'];
        if (scale) onBrush?.(Math.round(scale.min), Math.round(scale.max));
      },
    },
  };
}
