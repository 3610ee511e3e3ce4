import { setTimeout as pause } from 'node:timers/promises';
import { service } from '../service.js';

/** Charges cards, as a payment provider would: in whole cents, in its own time. */
const { app, log, listen } = service();

app.post('/charges', async (request, response) => {
  const { order, cents } = request.body as { order: string; cents: number };
  if (!Number.isSafeInteger(cents) || cents <= 0) {
    response.status(422).json({ error: `amount must be a whole number of cents, got ${cents}` });
    return;
  }
  await pause(8 + Math.random() * 15);
  log.info({ order, cents }, `Charged ${(cents / 100).toFixed(2)} EUR`);
  response.status(201).json({ order, charged: cents });
});

listen();
