import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { createAddHookMessageChannel } from 'import-in-the-middle';
import { start } from './start.js';

/**
 * `node --import @lemni/sdk/register app.js`. Worker threads inherit the flag and are left alone: loggers run their
 * transports there. Whatever goes wrong, the app starts.
 */
if (isMainThread) {
  try {
    const { registerOptions, waitForAllMessagesAcknowledged } = createAddHookMessageChannel();
    // Only the modules that an instrumentation asks for pass the hook.
    register('import-in-the-middle/hook.mjs', import.meta.url, registerOptions);
    start();
    await waitForAllMessagesAcknowledged();
  } catch (error) {
    process.emitWarning(
      `Telemetry did not start, the app does: ${error instanceof Error ? error.message : String(error)}`,
      { type: 'LemniWarning', code: 'LEMNI_NOT_STARTED' },
    );
  }
}
