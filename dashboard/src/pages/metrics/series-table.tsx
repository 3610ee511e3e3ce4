import type { ChartSeries } from '../../charts/chart-model.js';
import { statsOf } from '../../charts/chart-model.js';
import { Sparkline } from '../../charts/sparkline.js';
import { formatValue } from '../../charts/units.js';

/** Each line with its numbers, the highest last value first. */
export function SeriesTable({ lines, unit }: { lines: readonly ChartSeries[]; unit: string }) {
  const rows = lines
    .map((line) => ({ line, stats: statsOf(line.points) }))
    .sort((a, b) => (b.stats.last ?? -Infinity) - (a.stats.last ?? -Infinity));
  return (
    <div className="card table-scroll metric-table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Over time</th>
            {['Last', 'Lowest', 'Highest', 'Average'].map((name) => (
              <th scope="col" className="right" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, stats }) => (
            <tr key={line.key}>
              <td className="grow">
                <span className="service-name">
                  <span className="service-dot" style={{ background: line.color }} aria-hidden />
                  <span className="clip" title={line.name}>
                    {line.name}
                  </span>
                </span>
              </td>
              <td>
                <Sparkline points={line.points} color={line.color} height={20} />
              </td>
              {[stats.last, stats.min, stats.max, stats.mean].map((value, i) => (
                <td className="right num" key={['last', 'min', 'max', 'mean'][i]}>
                  {formatValue(value, unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
