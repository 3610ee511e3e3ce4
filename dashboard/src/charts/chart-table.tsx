import type { ChartInput, ChartModel } from './chart-model.js';
import { formatValue } from './units.js';

/** The same numbers as a table, newest first. */
export function ChartTable({
  input,
  model,
  clock,
}: {
  input: ChartInput;
  model: ChartModel;
  clock: (at: number) => string;
}) {
  const rows = Array.from({ length: model.count }, (_, i) => model.count - 1 - i);
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label="The chart as a table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {model.lines.map((line) => (
              <th scope="col" className="right" key={line.key}>
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={i}>
              <td className="num">{clock(input.from + i * input.stepMs)}</td>
              {model.lines.map((line) => (
                <td className="right num" key={line.key}>
                  {formatValue(line.points[i], input.unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
