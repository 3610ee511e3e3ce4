import type { Config } from '../../config/schema.js';
import { createAccounts, type Accounts } from '../http/accounts/accounts.js';
import { systemClock } from '../lib/clock.js';
import { newUlid } from '../lib/ids.js';
import { createLogger } from '../self/log.js';
import { connectState } from '../store/state/connect.js';
import { migrateState } from '../store/state/migrate.js';

/** Runs a command on the accounts of an installation, beside a server that may be running. */
export async function withAccounts<T>(config: Config, work: (accounts: Accounts) => Promise<T>): Promise<T> {
  const state = connectState({ url: config.postgres.url, dataDir: config.dataDir });
  try {
    await migrateState(state);
    const accounts = createAccounts({
      state,
      clock: systemClock,
      newId: newUlid,
      log: createLogger({ level: 'warn' }),
      sessionLifetimeMs: config.sessions.lifetime,
    });
    try {
      return await work(accounts);
    } finally {
      await accounts.stop();
    }
  } finally {
    await state.destroy();
  }
}
