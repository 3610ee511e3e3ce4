import { bytes, count, duration, percent, type Quantity } from '../time/format.js';

const kinds = { count, duration, percent, bytes };

interface NumProps {
  /** Null: not known, shown as a dash. Durations in ms, ratios from 0 to 1. */
  value: number | null | undefined;
  as?: keyof typeof kinds;
  /** Follows the number, e.g. `/s`. */
  unit?: string;
}

/** Three significant digits and a unit, in figures of one width. */
export function Num({ value, as = 'count', unit = '' }: NumProps) {
  if (value === null || value === undefined || Number.isNaN(value)) return <span className="muted">–</span>;
  const quantity: Quantity = kinds[as](value);
  const tail = `${quantity.unit}${unit}`;
  return (
    <span className="num">
      {quantity.text}
      {tail === '' ? null : <span className="num-unit">{tail}</span>}
    </span>
  );
}
