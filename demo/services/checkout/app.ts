import { randomUUID } from 'node:crypto';
import { catalogue, type CartLine } from '../catalogue.js';
import { ask, service } from '../service.js';

/** A line of the cart with its price. */
export interface PricedLine extends CartLine {
  readonly cents: number;
}

/** What the cart costs, in cents. It is what the releases of checkout differ in. */
export type TotalOf = (lines: readonly PricedLine[]) => number;

/** The checkout service: prices a cart, reserves its articles, charges the card. */
export function checkout(totalOf: TotalOf): void {
  const { app, log, listen } = service();
  const inventory = process.env['INVENTORY_URL'] ?? '';
  const payments = process.env['PAYMENTS_URL'] ?? '';

  app.post('/orders', async (request, response) => {
    const { lines } = request.body as { lines: CartLine[] };
    const order = randomUUID();
    const cents = totalOf(lines.map(priced));
    for (const line of lines) await ask(`${inventory}/reservations`, line);
    await ask(`${payments}/charges`, { order, cents });
    log.info({ order, cents }, `Order placed, ${lines.length} articles`);
    response.status(201).json({ order, cents });
  });
  listen();
}

function priced(line: CartLine): PricedLine {
  const article = catalogue.find(({ sku }) => sku === line.sku);
  if (!article) throw new Error(`There is no article "${line.sku}".`);
  return { ...line, cents: article.cents };
}
