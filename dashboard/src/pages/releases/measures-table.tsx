import type { Comparison, Measure } from '../../../../src/http/contract/verdicts.js';
import { Sparkline } from '../../charts/sparkline.js';
import { count, join } from '../../time/format.js';
import { countedThings, measureEffect, measureInterval, measureName, measureValue } from './measure-words.js';
import { Movement } from './movement.js';

interface MeasuresTableProps {
  measures: readonly Measure[];
  comparison: Comparison;
  label: string;
}

const colors: Readonly<Record<Measure['movement'], string>> = {
  worse: 'var(--critical-fill)',
  better: 'var(--healthy-fill)',
  same: 'var(--information-fill)',
  unknown: 'var(--line-strong)',
};

/** Each number before and after, with how far it moved and how sure that is. */
export function MeasuresTable({ measures, comparison, label }: MeasuresTableProps) {
  const { before, after } = comparison;
  return (
    <div className="card table-scroll">
      <table className="table measures" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Measure</th>
            <th scope="col">Over time</th>
            <th scope="col" className="right">
              {before === null ? 'Before' : versionOf(before.version)}
            </th>
            <th scope="col" className="right">
              {after.version}
            </th>
            <th scope="col" className="right">
              Change
            </th>
            <th scope="col" className="right" title="Where the true change lies with 95 % certainty">
              95 % interval
            </th>
            <th scope="col">It became</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <MeasureRow
              key={`${measure.operation} ${measure.name}`}
              measure={measure}
              after={after.version}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MeasureRow({ measure, after }: { measure: Measure; after: string }) {
  const things = countedThings(measure);
  return (
    <tr title={measure.reason}>
      <th scope="row" data-column="name">
        {measure.operation === '' ? null : (
          <span className="measure-operation clip">{measure.operation}</span>
        )}
        <span className={measure.operation === '' ? undefined : 'muted'}>{measureName(measure)}</span>
      </th>
      <td data-column="spark">
        <MeasureSpark measure={measure} after={after} />
      </td>
      <td data-column="before" className="right num">
        {measureValue(measure, measure.before)}
        <span className="measure-count">
          {join(count(measure.beforeCount))} {things}
        </span>
      </td>
      <td data-column="after" className="right num">
        {measureValue(measure, measure.after)}
        <span className="measure-count">
          {join(count(measure.afterCount))} {things}
        </span>
      </td>
      <td data-column="effect" className="right num">
        {measureEffect(measure)}
      </td>
      <td data-column="interval" className="right num muted">
        {measureInterval(measure)}
      </td>
      <td data-column="movement">
        <Movement measure={measure} />
      </td>
    </tr>
  );
}

/** Before and after in one line, with the deploy between them. */
function MeasureSpark({ measure, after }: { measure: Measure; after: string }) {
  const { points } = measure;
  if (!points) return <span className="muted">–</span>;
  const all = [...points.before, ...points.after];
  const at = all.length < 2 ? 0.5 : (points.before.length - 0.5) / (all.length - 1);
  return (
    <Sparkline
      points={all}
      color={colors[measure.movement]}
      width={120}
      marks={[{ at, label: after }]}
      label={`${measureName(measure)} before and after ${after}`}
    />
  );
}

function versionOf(version: string): string {
  return version === '' ? 'before' : version;
}
