import type { PricedLine } from '../app.js';

/** Three or more of an article are ten percent cheaper. */
const bulkFrom = 3;
const bulkPrice = 0.9;

/** What the cart costs, in cents. */
export function totalOf(lines: readonly PricedLine[]): number {
  // The bug of the demo: nine tenths of a price in cents are not always whole cents, and payments refuses those.
  return lines.reduce(
    (sum, { cents, quantity }) => sum + cents * quantity * (quantity >= bulkFrom ? bulkPrice : 1),
    0,
  );
}
