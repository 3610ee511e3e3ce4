import type { DdlOptions } from '../ddl.js';
import { derived, signals } from './001-signals.js';

export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  /** Each statement is safe to run again: a crash in the middle leaves the migration to be run once more. */
  readonly statements: (options: DdlOptions) => string[];
}

/** Forward only. What was released is not edited: the next change is the next number. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'signals', statements: (options) => [...signals(options), ...derived(options)] },
];

export const latestMigration = migrations.length;
