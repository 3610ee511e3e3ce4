import type { Postgres } from '../../support/postgres.js';
import { startPostgres } from '../../support/postgres.js';
import { freshSqlite } from '../../support/state.js';
import { connectState, type StateDatabase } from '../../../src/store/state/connect.js';
import { migrateState } from '../../../src/store/state/migrate.js';

/** One of the two databases that the state may live in. */
export interface Twin {
  readonly name: 'sqlite' | 'postgres';
  start(): Promise<{ readonly state: StateDatabase; readonly stop: () => Promise<void> }>;
}

let server: Postgres | undefined;
let databases = 0;

/** Each `start` gives an empty, migrated database; PostgreSQL's server is started once a test file. */
export const twins: readonly Twin[] = [
  { name: 'sqlite', start: freshSqlite },
  {
    name: 'postgres',
    async start() {
      server ??= await startPostgres();
      const url = await server.createDatabase(`state_${++databases}`);
      const state = connectState({ url, dataDir: '' });
      await migrateState(state);
      return { state, stop: () => state.destroy() };
    },
  },
];

/** Call it in the file's last `afterAll`. */
export async function stopTwins(): Promise<void> {
  await server?.stop();
  server = undefined;
}
