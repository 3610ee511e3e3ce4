import type { PricedLine } from '../app.js';

/** Three or more of an article are ten percent cheaper. */
const bulkFrom = 3;
const bulkPrice = 0.9;

/** What the cart costs, in cents, each line rounded to whole ones. */
export function totalOf(lines: readonly PricedLine[]): number {
  return lines.reduce(
    (sum, { cents, quantity }) => sum + Math.round(cents * quantity * (quantity >= bulkFrom ? bulkPrice : 1)),
    0,
  );
}
