import type { ChartInput, ChartLine, ChartModel } from './chart-model.js';
import { statsOf } from './chart-model.js';
import { useCursorIndex, type Cursor } from './cursor.js';
import { formatValue } from './units.js';

interface ChartLegendProps {
  input: ChartInput;
  model: ChartModel;
  cursor: Cursor;
  clock: (at: number) => string;
  /** `only`: this one alone (alt or ctrl held). */
  onToggle: (key: string, only: boolean) => void;
}

/**
 * Names and values: those under the cursor while something is pointed at, else the total of bars or the last
 * value of lines. A click hides a line, with alt it hides all others.
 */
export function ChartLegend({ input, model, cursor, clock, onToggle }: ChartLegendProps) {
  const { from, stepMs, kind, unit } = input;
  const index = useCursorIndex(cursor, { from, stepMs, count: model.count });
  const at = index === null ? null : from + index * stepMs;
  return (
    <div className="chart-legend">
      <ul>
        {model.lines.map((line) => {
          const stats = statsOf(line.points);
          const rest = kind === 'bars' ? stats.total : stats.last;
          const value = index === null ? rest : (line.points[index] ?? null);
          return (
            <li key={line.key}>
              <button
                type="button"
                aria-pressed={!line.hidden}
                title={`${line.name}: click to hide or show, Alt-click to show it alone`}
                onClick={(event) => onToggle(line.key, event.altKey || event.ctrlKey || event.metaKey)}
              >
                <span
                  className="chart-swatch"
                  data-kind={kind}
                  style={kind === 'bars' ? { background: line.color } : swatch(line)}
                  aria-hidden
                />
                <span className="chart-legend-name clip">{line.name}</span>
                <span className="chart-legend-value num">{formatValue(value, unit)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <span className="chart-legend-at num" aria-live="polite">
        {at === null ? '' : clock(at)}
      </span>
    </div>
  );
}

/** A stretch of the line itself, dashes included. */
function swatch({ color, dash }: ChartLine) {
  const style = dash.length === 0 ? 'solid' : (dash[0] ?? 0) < 4 ? 'dotted' : 'dashed';
  return { borderTop: `2px ${style} ${color}` };
}
