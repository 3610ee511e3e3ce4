import { trace } from '@opentelemetry/api';
import type { CartLine } from '../catalogue.js';
import { ask, service, ServiceError } from '../service.js';
import { shopPage, shopScript, shopStyle } from './page.js';

/** The shop's page and the API behind it. */
const { app, log, listen } = service();
const inventory = process.env['INVENTORY_URL'] ?? '';
const checkout = process.env['CHECKOUT_URL'] ?? '';
const lemniUrl = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
const publicKey = process.env['LEMNI_PUBLIC_KEY'] ?? '';
const version = process.env['SHOP_VERSION'] ?? '';

/** `00-TRACE-SPAN-FLAGS` of the request at hand. */
function traceparent(): string {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? '' : `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`;
}

app.use((_request, response, next) => {
  // A browser's page may read this one, so that it can say which trace went wrong.
  response.set('Server-Timing', `traceparent;desc="${traceparent()}"`);
  next();
});
app.get('/', (_request, response) => {
  response.type('html').send(shopPage({ lemniUrl, publicKey, version, traceparent: traceparent() }));
});
app.get('/shop.js', (_request, response) => void response.type('js').send(shopScript));
app.get('/shop.css', (_request, response) => void response.type('css').send(shopStyle));
app.get('/api/articles/:sku', async (request, response) => {
  response.json(await ask(`${inventory}/stock/${encodeURIComponent(request.params.sku)}`));
});
app.post('/api/orders', async (request, response) => {
  const { lines } = request.body as { lines: CartLine[] };
  try {
    response.status(201).json(await ask(`${checkout}/orders`, { lines }));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warn({ status: error.status }, `Checkout refused an order: ${error.message}`);
    response.status(502).json({ error: 'we could not take your order' });
  }
});

listen();
