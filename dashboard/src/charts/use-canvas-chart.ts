import type { Chart as ChartJs } from 'chart.js';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { datasetsOf, optionsOf, type Drawing, type TimeChartConfig } from './chart-config.js';
import { Chart } from './chart-setup.js';

/** Where the plot lies on the canvas, px. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Keeps one Chart.js chart on the canvas and tells where its plot lies. A change of data draws it anew in
 * place: no animation, nothing flickers.
 */
export function useCanvasChart(
  canvas: RefObject<HTMLCanvasElement | null>,
  drawing: Drawing,
): PlotArea | null {
  const chart = useRef<ChartJs<'bar' | 'line', TimeChartConfig['data']['datasets'][number]['data']> | null>(
    null,
  );
  const [area, setArea] = useState<PlotArea | null>(null);

  useEffect(() => {
    if (!canvas.current) return;
    const config: TimeChartConfig = {
      type: 'bar',
      data: { datasets: [] },
      plugins: [
        {
          id: 'plot-area',
          afterLayout: ({ chartArea: { left, right, top, bottom } }) =>
            setArea((old) =>
              old?.left === left && old.right === right && old.top === top && old.bottom === bottom
                ? old
                : { left, right, top, bottom },
            ),
        },
      ],
    };
    const made = new Chart(canvas.current, config);
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [canvas]);

  useEffect(() => {
    if (!chart.current) return;
    chart.current.data.datasets = datasetsOf(drawing);
    chart.current.options = optionsOf(drawing);
    chart.current.update('none');
  }, [drawing]);

  return area;
}
