import type { PricedLine } from '../app.js';

/** What the cart costs, in cents. */
export function totalOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
}
