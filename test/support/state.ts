import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../src/lib/secret.js';
import { connectState, type StateDatabase } from '../../src/store/state/connect.js';
import { migrateState } from '../../src/store/state/migrate.js';

export interface FreshState {
  readonly state: StateDatabase;
  /** The directory that has state.sqlite in it. */
  readonly dataDir: string;
  /** Closes it and removes the directory. */
  readonly stop: () => Promise<void>;
}

/** A migrated SQLite state database of its own in a temporary directory. */
export async function freshSqlite(): Promise<FreshState> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lemni-state-'));
  const state = connectState({ url: new Secret(''), dataDir });
  await migrateState(state);
  return {
    state,
    dataDir,
    stop: async () => {
      await state.destroy();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
