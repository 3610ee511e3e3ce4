import { catalogue } from '../catalogue.js';
import { service } from '../service.js';

/** How much of each article is in stock. Deliveries come by themselves. */
const { app, log, listen } = service();
const stock = new Map(catalogue.map(({ sku }) => [sku, 500]));

app.get('/stock/:sku', (request, response) => {
  const { sku } = request.params;
  const left = stock.get(sku);
  if (left === undefined) {
    response.status(404).json({ error: `There is no article "${sku}".` });
    return;
  }
  response.json({ sku, left });
});

app.post('/reservations', (request, response) => {
  const { sku, quantity } = request.body as { sku: string; quantity: number };
  const left = stock.get(sku) ?? 0;
  if (left < quantity) {
    log.warn({ sku, left, quantity }, `Stock of ${sku} is low: ordering more`);
    stock.set(sku, left + 500);
  }
  stock.set(sku, (stock.get(sku) ?? 0) - quantity);
  response.status(201).json({ sku, reserved: quantity });
});

listen();
