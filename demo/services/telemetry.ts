import { register } from 'node:module';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * The plain OpenTelemetry SDK, as its documentation sets it up: `node --import ./telemetry.js main.js`. Name,
 * version and endpoint come from OTEL_* variables. shop, inventory and payments use it; checkout uses @lemni/sdk.
 */
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation({ requireParentforOutgoingSpans: true }),
    new ExpressInstrumentation(),
    new UndiciInstrumentation({ requireParentforSpans: true }),
    new PinoInstrumentation(),
  ],
});
sdk.start();
process.once('SIGTERM', () => {
  // The services close their servers first; what they still send leaves within the second.
  setTimeout(() => void sdk.shutdown().finally(() => process.exit(0)), 300);
});
